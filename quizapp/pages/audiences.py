"""For whom a procedure, quiz or program is: everybody or some teams; of procedures also drafts."""

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.certification import programs
from quizapp.content import procedures
from quizapp.content.models import Procedure
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing
from quizapp.pages.access import for_roles
from quizapp.people import audience, teams
from quizapp.people.models import Team
from quizapp.quiz import quizzes

bp = Blueprint("audiences", __name__, url_prefix="/trainer/audience")


@dataclass(frozen=True)
class Thing:
    """What the page is about; `procedure` where it is one, for those have drafts."""

    kind: audience.Kind
    slug: str
    title: str
    back: str
    procedure: Procedure | None = None


@bp.get("/<kind>/<slug>")
@for_roles("trainer")
def edit(kind: str, slug: str) -> ResponseReturnValue:
    """The teams that something is for."""
    return _page(_find(db.session(), kind, slug))


def _find(session: Session, kind: str, slug: str) -> Thing:
    if kind == "procedure":
        row = procedures.find(session, slug)
        title = procedures.newest(session, row).title
        return Thing("procedure", slug, title, url_for("library.procedure", slug=slug), row)
    if kind == "quiz":
        quiz = quizzes.find_any(session, slug)
        return Thing("quiz", slug, quiz.title, url_for("quiz_editor.quiz", slug=slug))
    if kind == "program":
        program = programs.find_any(session, slug)
        if programs.state_of(program) != "retired":
            title = programs.revision_of(session, program).title
            back = url_for("program_editor.program", slug=slug)
            return Thing("program", slug, title, back)
    raise Missing


def _page(found: Thing, problem: str = "") -> ResponseReturnValue:
    session = db.session()
    chosen = {team.public_id for team in audience.of(session, found.kind, found.slug)}
    is_limited, is_draft = bool(chosen), bool(found.procedure and found.procedure.draft)
    if problem:  # what was ticked is not lost with the refusal
        chosen = set(request.form.getlist("team"))
        is_limited, is_draft = request.form.get("whose") == "teams", "draft" in request.form
    page = render_template(
        "audiences/edit.html",
        thing=found,
        teams=teams.every_team(session),
        chosen=chosen,
        is_limited=is_limited,
        is_draft=is_draft,
        problem=problem,
    )
    return page, 422 if problem else 200


@bp.post("/<kind>/<slug>")
@for_roles("trainer")
def save(kind: str, slug: str) -> ResponseReturnValue:
    """Set the teams, and for a procedure whether it is a draft."""
    session, by, now = db.session(), cast(str, current_user.public_id), clock.now()
    found = _find(session, kind, slug)
    try:
        chosen = _chosen(session, found)
        if chosen is not None:
            audience.limit(session, found.kind, slug, chosen, by=by, now=now)
        else:
            audience.open_up(session, found.kind, slug, by=by, now=now)
        if found.procedure is not None:
            is_draft = "draft" in request.form
            procedures.set_draft(session, found.procedure, is_draft, by=by, now=now)
        session.commit()
    except Invalid as error:
        stop_writing()
        return _page(_find(session, kind, slug), str(error.message))
    flash(gettext("Saved."), "success")
    return redirect(found.back, 303)


def _chosen(session: Session, found: Thing) -> list[Team] | None:
    """The teams that were chosen, None for everybody. Raises Invalid where both were."""
    wanted = set(request.form.getlist("team"))
    if request.form.get("whose") == "teams":
        return [team for team in teams.every_team(session) if team.public_id in wanted]
    before = {team.public_id for team in audience.of(session, found.kind, found.slug)}
    if wanted - before:
        # What is meant for few must not be shown to all by a slip.
        raise Invalid(gettext("You ticked a team, and “everybody” is chosen: which is it?"))
    return None
