"""Cards to print: what people whom no e-mail reaches were told, for their manager to hand over."""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from flask_login import current_user

from quizapp.db import db
from quizapp.pages import notice_texts
from quizapp.pages.access import for_roles
from quizapp.pages.language import day, language
from quizapp.reports import handouts
from quizapp.reports.handouts import Handout

bp = Blueprint("handouts", __name__)

MOST = 6  # notices on one card


@dataclass(frozen=True)
class Card:
    """A card in the language of the person it is for."""

    name: str
    number: str
    team: str
    language: str
    lines: tuple[tuple[str, str], ...]  # a day and what happened then
    more: str
    how: str


@bp.get("/teams/handouts")
@for_roles("manager")
def index() -> ResponseReturnValue:
    """The cards of one's people."""
    settings = current_app.config
    found = handouts.of_leader(db.session(), current_user.id, is_mailed=bool(settings["SMTP_HOST"]))
    site = settings["PUBLIC_URL"] or request.host_url.rstrip("/")
    return render_template("handouts/index.html", cards=[_card(one, site) for one in found])


def _card(one: Handout, site: str) -> Card:
    # A context of its own: what a page keeps of its reader's language would stay for the next card.
    with current_app.app_context(), force_locale(one.locale or current_app.config["LOCALE"]):
        more = len(one.messages) - MOST
        return Card(
            one.name,
            one.employee_number,
            one.team,
            language(),
            tuple((day(m.at), notice_texts.words(m.kind, m.args)) for m in one.messages[:MOST]),
            gettext("%(n)s more in quizapp.", n=more) if more > 0 else "",
            gettext(
                "See it at %(address)s: sign in with your company number, %(number)s.",
                address=site,
                number=one.employee_number,
            ),
        )
