"""Cohorts: who is trained together, when they meet, who was there, how far they are."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.certification import cohorts, meetings
from quizapp.certification.cohorts import Plan
from quizapp.certification.models import Cohort, Meeting
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing, Refused
from quizapp.pages.access import for_roles
from quizapp.pages.dates import day_in
from quizapp.pages.language import today
from quizapp.people import calendars, teams
from quizapp.people.models import User
from quizapp.reports import programs

bp = Blueprint("cohorts", __name__, url_prefix="/trainer/cohorts")

NO_TEAM = "none"
SPARE_LINES = 4  # on the printed list, for whoever comes unannounced


@bp.get("")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """All cohorts, the latest first."""
    session = db.session()
    found = cohorts.listed(session)
    return render_template(
        "cohorts/index.html",
        under_way=[one for one in found if not one.is_closed],
        closed=[one for one in found if one.is_closed],
        programs={one.id: one.title for one in cohorts.programs(session)},
    )


@bp.route("/new", methods=["GET", "POST"])
@for_roles("trainer")
def new() -> ResponseReturnValue:
    """Make a cohort."""
    session = db.session()
    if request.method == "GET":
        return _form(None, {"starts_on": today().isoformat()})
    try:
        plan = _plan(session)
        cohort = cohorts.begin(session, plan, by=current_user.public_id, now=clock.now())
        session.commit()
    except Invalid as error:
        stop_writing()
        return _form(None, request.form, str(error.message))
    return redirect(url_for("cohorts.cohort", public_id=cohort.public_id), 303)


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@for_roles("trainer")
def edit(public_id: str) -> ResponseReturnValue:
    """Change what a cohort is."""
    session = db.session()
    found = cohorts.find(session, public_id)
    if request.method == "GET":
        instructor = cohorts.instructor_of(session, found)
        given = {
            "name": found.name,
            "program": str(found.program_id or ""),
            "instructor": instructor.public_id if instructor else "",
            "starts_on": found.starts_on.isoformat(),
            "ends_on": found.ends_on.isoformat() if found.ends_on else "",
        }
        return _form(found, given)
    try:
        plan = _plan(session)
        cohorts.change(session, found, plan, by=current_user.public_id, now=clock.now())
        session.commit()
    except Refused as error:
        stop_writing()
        return _form(cohorts.find(session, public_id), request.form, str(error.message))
    flash(gettext("Saved."), "success")
    return redirect(url_for("cohorts.cohort", public_id=public_id), 303)


def _form(found: Cohort | None, given: Any, problem: str = "") -> ResponseReturnValue:
    session = db.session()
    page = render_template(
        "cohorts/edit.html",
        cohort=found,
        given=given,
        problem=problem,
        programs=cohorts.programs(session),
        instructors=_instructors(session),
    )
    return page, 422 if problem else 200


def _instructors(session: Session) -> list[User]:
    return [one for one in teams.here(session) if one.role == "trainer"]


def _plan(session: Session) -> Plan:
    """What the form says. Raises Invalid."""
    program, instructor = request.form.get("program", ""), request.form.get("instructor", "")
    known = {str(one.id): one.id for one in cohorts.programs(session)}
    people = {one.public_id: one.id for one in _instructors(session)}
    starts_on = day_in(request.form.get("starts_on", ""))
    if starts_on is None:
        raise Invalid(gettext("Give the first day."))
    if (program and program not in known) or (instructor and instructor not in people):
        raise Invalid(gettext("Choose one of the list."))
    return Plan(
        request.form.get("name", ""),
        known.get(program),
        people.get(instructor),
        starts_on,
        day_in(request.form.get("ends_on", "")),
    )


@bp.get("/<public_id>")
@for_roles("trainer")
def cohort(public_id: str) -> ResponseReturnValue:
    """A cohort: its people, their attendance and progress, its meetings."""
    return _page(cohorts.find(db.session(), public_id))


def _page(found: Cohort, problem: str = "") -> ResponseReturnValue:
    session = db.session()
    people = cohorts.members(session, found.id)
    page = render_template(
        "cohorts/cohort.html",
        cohort=found,
        program=_program(session, found),
        asked=next(
            (one for one in cohorts.asked_of(session, found) if one.program_id == found.program_id),
            None,
        ),
        instructor=cohorts.instructor_of(session, found),
        members=people,
        cells=(
            programs.of_cohort(session, found.id, found.program_id, clock.now())
            if found.program_id
            else {}
        ),
        meetings=meetings.of_cohort(session, found.id),
        attendance=meetings.attendance(session, found.id),
        away=calendars.away_on(session, [one.user_id for one in people], today()),
        today=today(),
        sent=request.form,
        problem=problem,
    )
    return page, 422 if problem else 200


@bp.post("/<public_id>/ask")
@for_roles("trainer")
def ask(public_id: str) -> ResponseReturnValue:
    """Let everybody of the cohort hold its program's certification."""

    def act(session: Session, found: Cohort, **told: Any) -> None:
        cohorts.ask(session, found, day_in(request.form.get("due_on", "")), **told)

    return _act(public_id, act, gettext("Whoever is in the cohort must hold it now."))


@bp.post("/<public_id>/ask-no-more")
@for_roles("trainer")
def ask_no_more(public_id: str) -> ResponseReturnValue:
    """Ask the program's certification of the cohort no more."""
    said = gettext("Nobody has to hold it any more for being in this cohort.")
    return _act(public_id, cohorts.ask_no_more, said)


def _program(session: Session, found: Cohort) -> cohorts.Choice | None:
    known = cohorts.programs(session)
    return next((one for one in known if one.id == found.program_id), None)


@bp.post("/<public_id>/close")
@for_roles("trainer")
def close(public_id: str) -> ResponseReturnValue:
    """End a cohort."""
    return _act(public_id, cohorts.close, gettext("The cohort is closed."))


@bp.post("/<public_id>/reopen")
@for_roles("trainer")
def reopen(public_id: str) -> ResponseReturnValue:
    """Go on with a closed one."""
    return _act(public_id, cohorts.reopen, gettext("The cohort is open again."))


def _act(public_id: str, act: Any, said: str) -> ResponseReturnValue:
    """Do something to a cohort that a rule may refuse, and go back to its page."""
    session = db.session()
    found = cohorts.find(session, public_id)
    try:
        act(session, found, by=current_user.public_id, now=clock.now())
        session.commit()
    except Missing:
        raise
    except Refused as error:
        stop_writing()
        flash(error.message, "warning")
    else:
        flash(said, "success")
    return redirect(url_for("cohorts.cohort", public_id=public_id), 303)


@bp.get("/<public_id>/people")
@for_roles("trainer")
def people(public_id: str) -> ResponseReturnValue:
    """Choose whom to take in: a team's people, its agents ticked, or by company number."""
    return _choosing(public_id)


def _choosing(public_id: str, problem: str = "") -> ResponseReturnValue:
    session = db.session()
    found = cohorts.find(session, public_id)
    team = request.values.get("team", "")
    there = {member.user_id for member in cohorts.members(session, found.id)}
    of_team = teams.people_of(session, None if team == NO_TEAM else team) if team else []
    page = render_template(
        "cohorts/people.html",
        cohort=found,
        teams=teams.every_team(session),
        team=team,
        no_team=NO_TEAM,
        people=[one for one in of_team if one.id not in there],
        sent=request.form,
        problem=problem,
    )
    return page, 422 if problem else 200


@bp.post("/<public_id>/people")
@for_roles("trainer")
def add_people(public_id: str) -> ResponseReturnValue:
    """Take in who was ticked, or whose company numbers were typed."""
    session = db.session()
    found = cohorts.find(session, public_id)
    try:
        ticked = teams.find_here(session, request.form.getlist("person"))
        numbers = request.form.get("numbers", "").replace(",", " ").replace(";", " ").split()
        users = ticked + teams.by_numbers(session, numbers)
        if not users:
            raise Invalid(gettext("Choose somebody."))
        by, now = current_user.public_id, clock.now()
        added = cohorts.add_members(session, found, users, by=by, now=now)
        session.commit()
    except Missing:
        raise
    except Refused as error:
        stop_writing()
        return _choosing(public_id, str(error.message))
    text = ngettext("%(num)s person joined.", "%(num)s people joined.", added)
    flash(text if added else gettext("They were in the cohort already."), "success")
    return redirect(url_for("cohorts.cohort", public_id=public_id), 303)


@bp.post("/<public_id>/people/<person_id>/remove")
@for_roles("trainer")
def remove(public_id: str, person_id: str) -> ResponseReturnValue:
    """Let a person go."""
    person = teams.find_user(db.session(), person_id)

    def act(session: Session, found: Cohort, **told: Any) -> None:
        cohorts.remove_member(session, found, person, **told)

    said = gettext("%(name)s is no longer in the cohort.", name=person.name)
    return _act(public_id, act, said)


@bp.post("/<public_id>/meetings")
@for_roles("trainer")
def add_meeting(public_id: str) -> ResponseReturnValue:
    """Put down a meeting."""
    session = db.session()
    found = cohorts.find(session, public_id)
    try:
        on = day_in(request.form.get("on", ""))
        if on is None:
            raise Invalid(gettext("Give the day."))
        by, now = current_user.public_id, clock.now()
        meetings.add(session, found, on, _minutes(), by=by, now=now)
        session.commit()
    except Refused as error:
        stop_writing()
        return _page(cohorts.find(session, public_id), str(error.message))
    return redirect(url_for("cohorts.cohort", public_id=public_id, _anchor="meetings-head"), 303)


def _minutes() -> int | None:
    text = request.form.get("minutes", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid(gettext("Give how many minutes, in figures alone: 90."))
    return int(text)


@bp.post("/<public_id>/meetings/<on>/remove")
@for_roles("trainer")
def remove_meeting(public_id: str, on: str) -> ResponseReturnValue:
    """Take a meeting off that was not held."""

    def act(session: Session, found: Cohort, **told: Any) -> None:
        meetings.remove(session, found, _meeting(session, found, on), **told)

    return _act(public_id, act, gettext("The meeting was taken off."))


def _meeting(session: Session, found: Cohort, on: str) -> Meeting:
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise Missing from error
    return meetings.find(session, found, day)


@bp.get("/<public_id>/meetings/<on>")
@for_roles("trainer")
def attendance(public_id: str, on: str) -> ResponseReturnValue:
    """A page to put down who was there."""
    session = db.session()
    found = cohorts.find(session, public_id)
    held = _meeting(session, found, on)
    there = meetings.expected(session, held)
    away = calendars.away_on(session, [member.user_id for member in there], held.on)
    # Nothing put down yet: who is on leave that day is excused.
    proposed = {member.user_id: "excused" for member in there if member.user_id in away}
    return render_template(
        "cohorts/attendance.html",
        cohort=found,
        meeting=held,
        people=there,
        states={**proposed, **meetings.states(session, held)},
        away=away,
    )


@bp.post("/<public_id>/meetings/<on>")
@for_roles("trainer")
def keep_attendance(public_id: str, on: str) -> ResponseReturnValue:
    """Put down who was there."""
    given = {
        name.removeprefix("state-"): value
        for name, value in request.form.items()
        if name.startswith("state-")
    }

    def act(session: Session, found: Cohort, **told: Any) -> None:
        held = _meeting(session, found, on)
        if request.form.get("others") == "present":
            everybody = {member.public_id: "present" for member in meetings.expected(session, held)}
            given.update({**everybody, **given})
        meetings.keep_attendance(session, found, held, given, **told)

    return _act(public_id, act, gettext("Attendance was saved."))


@bp.get("/<public_id>/meetings/<on>/list")
@for_roles("trainer")
def printed(public_id: str, on: str) -> ResponseReturnValue:
    """The list to sign, for paper."""
    session = db.session()
    found = cohorts.find(session, public_id)
    held = _meeting(session, found, on)
    return render_template(
        "cohorts/list.html",
        cohort=found,
        program=_program(session, found),
        instructor=cohorts.instructor_of(session, found),
        meeting=held,
        people=meetings.expected(session, held),
        spare=SPARE_LINES,
    )
