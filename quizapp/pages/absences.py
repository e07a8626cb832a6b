"""When people are away: a manager's people, and everybody's for trainers."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing
from quizapp.formats.text import fold
from quizapp.pages.access import for_roles
from quizapp.pages.dates import day_in
from quizapp.pages.language import today
from quizapp.people import calendars, teams
from quizapp.people.models import Absence, User

bp = Blueprint("absences", __name__, url_prefix="/absences")

MOST_OVER = 50
MOST_CHOICES = 50
KIND_NAMES = {"vacation": _l("Vacation"), "leave": _l("Leave"), "other": _l("Other")}


@bp.get("")
@for_roles("manager", "trainer")
def index() -> ResponseReturnValue:
    """Who is away, now and soon, and a form to put it down."""
    return _page()


def _page(problem: str = "", about: int = 0, choices: Sequence[User] = ()) -> ResponseReturnValue:
    session, day = db.session(), today()
    people = {person.id: person for person in _people(session)}
    found = calendars.absences_of(session, people.keys())
    is_trainer = current_user.role == "trainer"
    page = render_template(
        "absences/index.html",
        # A trainer's people are all there are: they type whom they mean.
        people=choices[:MOST_CHOICES] or ([] if is_trainer else list(people.values())),
        by_typing=is_trainer and not choices,
        by_id=people,
        coming=[one for one in found if one.last is None or one.last >= day],
        over=[one for one in found if one.last and one.last < day][:MOST_OVER],
        today=day,
        kinds=KIND_NAMES,
        sent=request.form,
        problem=problem,
        about=about,
    )
    return page, 422 if problem else 200


def _people(session: Session) -> list[User]:
    """Whose absences the signed-in person may see and put down, by name."""
    here = teams.here(session)
    if current_user.role == "trainer":
        return here
    led = {member.user_id for member in teams.led_people(session, current_user.id)}
    return [person for person in here if person.id in led]


@bp.post("")
@for_roles("manager", "trainer")
def add() -> ResponseReturnValue:
    """Put down that somebody is away."""
    session = db.session()
    wanted = request.form.get("person", "")
    try:
        if not wanted:
            raise Invalid(gettext("Choose who it is for."))
        found = _named(session, wanted)
        if len(found) > 1:
            stop_writing()
            many = gettext("Several people are called so: choose one.")
            return _page(many, choices=found)
        (person,) = found
        calendars.add_absence(
            session,
            person,
            request.form.get("kind", ""),
            _first(),
            day_in(request.form.get("last", "")),
            by=current_user.public_id,
            now=clock.now(),
        )
        session.commit()
    except Invalid as error:
        stop_writing()
        return _page(str(error.message))
    flash(gettext("Saved."), "success")
    return redirect(url_for("absences.index"), 303)


def _named(session: Session, wanted: str) -> list[User]:
    """Whom the form means: one of one's people by id, for trainers also by number or name.

    Raises Missing for a manager, Invalid for a trainer where nobody is meant.
    """
    people = _people(session)
    if found := [one for one in people if one.public_id == wanted]:
        return found
    if current_user.role != "trainer":
        raise Missing
    text = fold(wanted)
    found = [one for one in people if one.employee_number == wanted.strip()]
    found = found or [one for one in people if text and text in fold(one.name)]
    if not found:
        raise Invalid(gettext("Nobody here has this number or name."))
    return found


def _first() -> date:
    first = day_in(request.form.get("first", ""))
    if first is None:
        raise Invalid(gettext("Give the first day away."))
    return first


@bp.post("/<int:number>/end")
@for_roles("manager", "trainer")
def end(number: int) -> ResponseReturnValue:
    """Say which day is the last."""
    session = db.session()
    absence = _absence(session, number)
    try:
        last = day_in(request.form.get("last", ""))
        if last is None:
            raise Invalid(gettext("Give the last day away."))
        calendars.end_absence(session, absence, last, by=current_user.public_id, now=clock.now())
        session.commit()
    except Invalid as error:
        stop_writing()
        return _page(str(error.message), number)
    flash(gettext("Saved."), "success")
    return redirect(url_for("absences.index"), 303)


@bp.post("/<int:number>/take-back")
@for_roles("manager", "trainer")
def take_back(number: int) -> ResponseReturnValue:
    """The person was not away after all."""
    session = db.session()
    absence = _absence(session, number)
    calendars.take_back(session, absence, by=current_user.public_id, now=clock.now())
    session.commit()
    flash(gettext("The absence was taken back."), "success")
    return redirect(url_for("absences.index"), 303)


def _absence(session: Session, number: int) -> Absence:
    """One that this person may change. Raises Missing for any other."""
    ids = [person.id for person in _people(session)]
    for absence in calendars.absences_of(session, ids):
        if absence.id == number:
            return absence
    raise Missing
