"""More time or attempts at a quiz, given by a trainer on the quiz's page."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing
from quizapp.pages import allowance_forms, quiz_page
from quizapp.pages.access import for_roles
from quizapp.people import teams
from quizapp.quiz import allowances, quizzes

bp = Blueprint("allowances", __name__, url_prefix="/trainer/quizzes/<slug>/allowances")


@bp.post("")
@for_roles("trainer")
def give(slug: str) -> ResponseReturnValue:
    """More for a team, or for a person known by company number."""
    session = db.session()
    found = quizzes.find_any(session, slug)
    try:
        user_id, team_id = _for_whom(session)
        allowance_forms.give(session, found, user_id=user_id, team_id=team_id)
        session.commit()
    except Invalid as error:
        stop_writing()
        return quiz_page.show(found, str(error.message))
    flash(gettext("Given. It counts from the next start on."), "success")
    return redirect(url_for("quiz_editor.quiz", slug=slug, _anchor="allowances"), 303)


def _for_whom(session: Session) -> tuple[int | None, int | None]:
    """The ids of the person or the team that was named; one is None."""
    number, team = request.form.get("number", "").strip(), request.form.get("team", "")
    if bool(number) == bool(team):
        raise Invalid(gettext("Choose a team or type a company number: one of the two."))
    if team:
        return None, teams.find_team(session, team).id
    return teams.named_by_number(session, number).id, None


@bp.post("/<int:allowance_id>/end")
@for_roles("trainer")
def end(slug: str, allowance_id: int) -> ResponseReturnValue:
    """Take an allowance back."""
    session = db.session()
    found = quizzes.find_any(session, slug)
    given = allowances.find(session, allowance_id)
    if given.quiz_id != found.id:
        raise Missing
    allowances.end(session, given, by=current_user.public_id, now=clock.now())
    session.commit()
    return redirect(url_for("quiz_editor.quiz", slug=slug, _anchor="allowances"), 303)
