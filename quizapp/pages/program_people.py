"""A program's people, for its trainers: waivers, certifications recorded, revoked, reinstated.

A trainer sees company numbers, no names.
"""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.certification import awarding, enrolments, programs, progress
from quizapp.certification.models import Program
from quizapp.certification.rules import Step
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing, Refused
from quizapp.pages.access import for_roles
from quizapp.pages.dates import day_in
from quizapp.people import teams
from quizapp.people.models import User
from quizapp.reports import programs as reports
from quizapp.reports.words import STANDING_NAMES

bp = Blueprint("program_people", __name__, url_prefix="/trainer/programs")


@bp.get("/<slug>/people")
@for_roles("trainer")
def index(slug: str) -> ResponseReturnValue:
    """Who is under way, certified or was; and what was earned elsewhere before."""
    return _index(slug)


def _index(slug: str, problem: str = "") -> ResponseReturnValue:
    session = db.session()
    program = programs.find_any(session, slug)
    page = render_template(
        "program_people/index.html",
        program=program,
        title=programs.revision_of(session, program).title,
        rows=reports.of_program(session, program.id, clock.now()),
        # Looked up once in the reader's language: there may be thousands of rows.
        standing_names={state: str(name) for state, name in STANDING_NAMES.items()},
        sent=request.form,
        problem=problem,
    )
    return page, 422 if problem else 200


@bp.post("/<slug>/people")
@for_roles("trainer")
def record(slug: str) -> ResponseReturnValue:
    """Record a certification that somebody earned elsewhere, or before."""
    session, form = db.session(), request.form
    program = programs.find_any(session, slug)
    try:
        person = teams.named_by_number(session, form.get("number", ""))
        awarding.record(
            session,
            person,
            program,
            awarded_on=_day(form.get("awarded_on", "")),
            valid_until=day_in(form.get("valid_until", "")),
            reason=form.get("reason", ""),
            by=current_user.public_id,
            now=clock.now(),
        )
        session.commit()
    except Refused as error:
        stop_writing()
        return _index(slug, str(error.message))
    flash(gettext("Recorded."), "success")
    return redirect(url_for("program_people.person", slug=slug, public_id=person.public_id), 303)


@bp.get("/<slug>/people/<public_id>")
@for_roles("trainer")
def person(slug: str, public_id: str) -> ResponseReturnValue:
    """One person in a program: the path, and what was decided."""
    return _person(slug, public_id)


def _person(slug: str, public_id: str, problem: str = "", where: str = "") -> ResponseReturnValue:
    session, now = db.session(), clock.now()
    program, found = programs.find_any(session, slug), teams.find_user(session, public_id)
    held = reports.held_of(session, found.id, now, program.id)
    enrolment = reports.open_enrolment(session, program.id, found.id)
    if enrolment is None and not held:
        raise Missing
    page = render_template(
        "program_people/person.html",
        program=program,
        title=programs.revision_of(session, program).title,
        person=found,
        path=progress.path(session, enrolment, now) if enrolment else None,
        held=held,
        decisions=reports.decisions_of(session, program.id, found.id, enrolment),
        sent=request.form,
        problem=problem,
        where=where,
    )
    return page, 422 if problem else 200


@bp.post("/<slug>/people/<public_id>/waive")
@for_roles("trainer")
def waive(slug: str, public_id: str) -> ResponseReturnValue:
    """Say that a person need not do a step in this cycle, or has to after all."""

    def change(session: Session, program: Program, found: User) -> None:
        enrolment = reports.open_enrolment(session, program.id, found.id)
        if enrolment is None:
            raise Missing
        by, now = current_user.public_id, clock.now()
        if "end" in request.form:
            enrolments.end_waiver(session, enrolment, _step("end"), by=by, now=now)
        else:
            reason = request.form.get("reason", "")
            enrolments.waive(session, enrolment, _step("step"), reason=reason, by=by, now=now)

    return _change(slug, public_id, change)


@bp.post("/<slug>/people/<public_id>/decide")
@for_roles("trainer")
def decide(slug: str, public_id: str) -> ResponseReturnValue:
    """Revoke or reinstate a certification."""

    def change(session: Session, program: Program, found: User) -> None:
        form, by, now = request.form, current_user.public_id, clock.now()
        code = form.get("revoke") or form.get("reinstate", "")
        certification = reports.certification(session, program.id, found.id, code)
        act = awarding.revoke if "revoke" in form else awarding.reinstate
        act(session, certification, reason=form.get("reason", ""), by=by, now=now)

    return _change(slug, public_id, change)


def _change(
    slug: str, public_id: str, change: Callable[[Session, Program, User], None]
) -> ResponseReturnValue:
    session = db.session()
    program, found = programs.find_any(session, slug), teams.find_user(session, public_id)
    form = request.form
    where = next((form[key] for key in ("step", "revoke", "reinstate") if key in form), "")
    try:
        change(session, program, found)
        session.commit()
    except Missing:
        raise
    except Refused as error:
        stop_writing()
        return _person(slug, public_id, str(error.message), where)
    flash(gettext("Saved."), "success")
    return redirect(url_for("program_people.person", slug=slug, public_id=public_id), 303)


def _step(field: str) -> Step:
    """The step that a field names, as kind:slug#anchor."""
    kind, _, rest = request.form.get(field, "").partition(":")
    slug, _, anchor = rest.partition("#")
    if kind not in ("read", "quiz"):
        raise Missing
    return Step("quiz" if kind == "quiz" else "read", slug, anchor)


def _day(value: str) -> date:
    day = day_in(value)
    if day is None:
        raise Invalid(gettext("Give the day."))
    return day
