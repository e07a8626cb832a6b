"""Supervising exams: who sits there, who takes one now, more time or attempts.

A manager reaches the people of the teams they lead; a trainer types a company number.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing, Refused
from quizapp.pages import allowance_forms
from quizapp.pages.access import for_roles
from quizapp.people import teams
from quizapp.people.models import User
from quizapp.quiz import allowances, attempts, quizzes, starting, supervising
from quizapp.quiz.models import Attempt, Quiz
from quizapp.quiz.starting import RELEASE_LIFE

bp = Blueprint("supervision", __name__, url_prefix="/supervision")


@bp.get("")
@for_roles("manager", "trainer")
def index() -> ResponseReturnValue:
    """Releasing, who takes an exam now, and what was given."""
    return _page()


def _page(problem: str = "", where: str = "") -> ResponseReturnValue:
    session, now = db.session(), clock.now()
    leads = current_user.role == "manager"
    people = teams.led_people(session, current_user.id) if leads else []
    ids = [one.user_id for one in people]
    led = teams.led_teams(session, current_user.id) if leads else []
    page = render_template(
        "supervision/index.html",
        leads=leads,
        people=people,
        led=led,
        quizzes=quizzes.published(session, current_user.id),
        released=supervising.with_release(session, current_user.id),
        sittings=supervising.sittings(
            session,
            now,
            ids,
            None if leads else current_user.public_id,
            viewer=current_user.id,
        ),
        allowances=(
            allowances.listed(
                session,
                user_ids=ids,
                team_ids=[team.id for team in led],
                viewer=current_user.id,
            )
            if leads
            else []
        ),
        sent=request.form,
        problem=problem,
        where=where,
        life=int(RELEASE_LIFE.total_seconds()) // 60,
    )
    return page, 422 if problem else 200


def _person(session: Session) -> User:
    """Whom the form is about. Raises Missing for somebody of another team."""
    if current_user.role == "manager":
        wanted = request.form.get("person", "")
        if not wanted:
            raise Invalid(gettext("Choose who it is for."))
        return teams.led_user(session, current_user.id, wanted)
    person = teams.named_by_number(session, request.form.get("number", ""))
    if person.id == current_user.id:
        raise Invalid(gettext("Somebody else has to see that it is you."))
    return person


@bp.post("/release")
@for_roles("manager", "trainer")
def release() -> ResponseReturnValue:
    """A code that lets one person start one attempt, shown once."""
    session, now = db.session(), clock.now()
    try:
        person = _person(session)
        quiz = _quiz(session)
        if not quizzes.rules_of(session, quiz).release:
            raise Missing
        if not request.form.get("checked"):
            raise Invalid(gettext("Look who sits there first, and say so."))
        if message := starting.standing(session, person.id, quiz).refusal(now):
            raise Invalid(gettext("No code: %(why)s", why=message))
        code = starting.release_for(session, quiz, person, by=current_user.public_id, now=now)
        session.commit()
    except Invalid as error:
        stop_writing()
        return _page(str(error.message), "release")
    return render_template(
        "supervision/code.html",
        code=code,
        quiz=quiz,
        who=person.name if current_user.role == "manager" else person.employee_number,
        until=now + RELEASE_LIFE,
        life=int(RELEASE_LIFE.total_seconds()) // 60,
    )


def _quiz(session: Session) -> Quiz:
    return quizzes.find(session, request.form.get("quiz", ""), current_user.id)


@bp.post("/attempts/<public_id>/extend")
@for_roles("manager", "trainer")
def extend(public_id: str) -> ResponseReturnValue:
    """More time for an attempt under way."""
    session = db.session()
    try:
        attempts.extend(
            session,
            _attempt(session, public_id),
            _minutes(),
            reason=request.form.get("reason", ""),
            by=current_user.public_id,
            now=clock.now(),
        )
        session.commit()
    except Missing:
        raise
    except Refused as error:
        stop_writing()
        return _page(str(error.message), public_id)
    flash(gettext("The attempt has more time."), "success")
    return redirect(url_for("supervision.index"), 303)


def _attempt(session: Session, public_id: str) -> Attempt:
    """An attempt of one's people, or one that one released. Raises Missing for any other."""
    if current_user.role == "manager":
        led = [one.user_id for one in teams.led_people(session, current_user.id)]
        found = supervising.of_people(session, led, public_id)
    else:
        found = supervising.released_by(session, current_user.public_id, public_id)
    if found is None:
        raise Missing
    return found


def _minutes() -> int:
    minutes = request.form.get("minutes", 0, type=int)
    if minutes > allowances.MOST_MINUTES:
        raise Invalid(gettext("At most %(most)s minutes.", most=allowances.MOST_MINUTES))
    return minutes


@bp.post("/allowances")
@for_roles("manager")
def allow() -> ResponseReturnValue:
    """More time or attempts for somebody of one's teams, or for a team."""
    session = db.session()
    try:
        user_id = team_id = None
        kind, _, public_id = request.form.get("whom", "").partition(":")
        if kind == "team":
            team_id = teams.led_team(session, current_user.id, public_id).id
        elif public_id:
            user_id = teams.led_user(session, current_user.id, public_id).id
        else:
            raise Invalid(gettext("Choose who it is for."))
        allowance_forms.give(session, _quiz(session), user_id=user_id, team_id=team_id)
        session.commit()
    except Invalid as error:
        stop_writing()
        return _page(str(error.message), "allow")
    flash(gettext("Given. It counts from the next start on."), "success")
    return redirect(url_for("supervision.index"), 303)


@bp.post("/allowances/<int:allowance_id>/end")
@for_roles("manager")
def end_allowance(allowance_id: int) -> ResponseReturnValue:
    """Take an allowance back."""
    session = db.session()
    given = allowances.find(session, allowance_id)
    if not allowances.is_led(session, current_user.id, given):
        raise Missing
    allowances.end(session, given, by=current_user.public_id, now=clock.now())
    session.commit()
    return redirect(url_for("supervision.index"), 303)
