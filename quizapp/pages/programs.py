"""The agent's programs: what is next, due and done, why something is locked; what one holds."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.certification import bases, enrolments, programs, progress, status
from quizapp.certification.models import Program
from quizapp.certification.rules import ProgramRules
from quizapp.certification.status import Holding
from quizapp.db import db
from quizapp.errors import Missing
from quizapp.pages.access import me, signed_in
from quizapp.pages.language import today
from quizapp.pages.program_words import hours, validity
from quizapp.people import audience
from quizapp.reports import programs as reports
from quizapp.study import reading

bp = Blueprint("programs", __name__)


@bp.get("/programs")
@signed_in
def index() -> ResponseReturnValue:
    """One's open paths, the certifications one holds, and what else there is."""
    session, now = db.session(), clock.now()
    return render_template(
        "programs/index.html",
        paths=progress.paths_of(session, current_user.id, now),
        held=reports.held_of(session, current_user.id, now),
        others=reports.others_for(session, current_user.id),
    )


@bp.get("/programs/<slug>")
@signed_in
def program(slug: str) -> ResponseReturnValue:
    """One program: its steps as a path, on the version one is under way on."""
    session, now = db.session(), clock.now()
    found = programs.find_any(session, slug)
    enrolment = reports.open_enrolment(session, found.id, current_user.id)
    held = reports.held_of(session, current_user.id, now, found.id)
    # Who is under way, or was certified, keeps the page whatever becomes of the program.
    if enrolment is None and not held:
        found = _offered(session, slug)
    path = progress.path(session, enrolment, now) if enrolment else None
    revision = path.revision if path else programs.revision_of(session, found)
    rules = ProgramRules.from_json(revision.rules)
    # Its steps are shown as they were, unless it is taken again.
    standing = None if path else status.counting(held).get(found.id)
    rests_on = (
        bases.steps(session, standing.id, now) if standing and standing.state != "revoked" else ()
    )
    has_left = reports.has_left(session, found.id, current_user.id)
    return render_template(
        "programs/program.html",
        revision=revision,
        rules=rules,
        hours=hours(rules.minutes or 0),
        validity=validity(rules.validity),
        intro=Markup(revision.intro_html),  # sanitised when it was taken
        path=path,
        next_anchor=_next_anchor(session, path) if path else "",
        steps=path.steps
        if path
        else rests_on or progress.preview(session, revision, current_user.id, now),
        earned_on=standing.awarded_on if standing and rests_on else None,
        held=held,
        can_begin=_can_begin(held, has_left) and programs.state_of(found) == "published",
        can_leave=enrolment is not None and enrolment.assignment_id is None,
        decisions=reports.decisions_of(session, found.id, current_user.id, enrolment),
    )


def _can_begin(held: list[Holding], has_left: bool) -> bool:
    """Whoever is certified is renewed by itself, unless they left the renewal."""
    return has_left or all(one.is_history for one in held)


def _next_anchor(session: Session, path: progress.Path) -> str:
    """The section with which the reading of a whole procedure goes on."""
    step = path.next.step if path.next else None
    if step is None or step.kind != "read":
        return ""
    if step.anchor:
        return step.anchor
    text = reading.text_of(session, step.slug, today(), current_user.id)
    states = reading.states(session, current_user.id, text)
    left = (part.anchor for part, state in zip(text.parts, states, strict=True) if state != "read")
    return next(left, "")


@bp.post("/programs/<slug>/begin")
@signed_in
def begin(slug: str) -> ResponseReturnValue:
    """Begin a program that nobody asks of one."""
    session, user = db.session(), me()
    found = _offered(session, slug)
    held = reports.held_of(session, user.id, clock.now(), found.id)
    if not _can_begin(held, reports.has_left(session, found.id, user.id)):
        raise Missing
    enrolments.begin(session, found, user, now=clock.now(), by=user.public_id)
    session.commit()
    return redirect(url_for("programs.program", slug=slug), 303)


@bp.post("/programs/<slug>/leave")
@signed_in
def leave(slug: str) -> ResponseReturnValue:
    """Leave a program that nobody asks of one."""
    session, user = db.session(), me()
    found = programs.find_any(session, slug)
    enrolment = reports.open_enrolment(session, found.id, user.id)
    if enrolment is None:
        raise Missing
    enrolments.leave(session, enrolment, by=user.public_id, now=clock.now())
    session.commit()
    flash(gettext("You have left the program. What you did counts if you begin it again."))
    return redirect(url_for("programs.index"), 303)


def _offered(session: Session, slug: str) -> Program:
    """A published program that is for this person. Raises Missing."""
    found = programs.find(session, slug)
    if not audience.sees(session, "program", slug, current_user.id):
        raise Missing
    return found
