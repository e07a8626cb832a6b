"""What a manager's people owe and hold by programs."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.certification import agreements, progress
from quizapp.db import db, stop_writing
from quizapp.errors import Missing, Refused
from quizapp.pages.access import for_roles, me
from quizapp.pages.dates import day_in
from quizapp.people import calendars, teams
from quizapp.people.models import User
from quizapp.reports import paths, people
from quizapp.reports import programs as reports

bp = Blueprint("team_programs", __name__)


@bp.get("/teams/<public_id>/programs")
@for_roles("manager")
def team(public_id: str) -> ResponseReturnValue:
    """Everyone of a team: ready, under way, overdue, expiring."""
    session, now = db.session(), clock.now()
    found = teams.led_team(session, current_user.id, public_id)
    report = reports.of_team(session, found.id, current_user.id, now)
    there = people.of_teams(session, [found.id], now)
    absent = people.away(session, there)
    away = {one.public_id for one in there if one.id in absent}
    return render_template("teams/programs.html", team=found, report=report, away=away)


@bp.get("/people/<public_id>/programs")
@for_roles("manager")
def person(public_id: str) -> ResponseReturnValue:
    """One person's paths and certifications."""
    return _person(teams.led_user(db.session(), current_user.id, public_id))


def _person(found: User, problem: str = "", where: str = "") -> ResponseReturnValue:
    """The page, with what is wrong beside the form of a program."""
    session, now = db.session(), clock.now()
    shown = paths.of_person(session, found.id, current_user.id, now)
    days, there = (
        agreements.of_people(session, [found.public_id]),
        calendars.day_of(found.zone, now),
    )
    agreed = {}
    for path in shown:
        slug = path.revision.program.slug
        one = days.get((found.public_id, slug))
        if one and one.is_for(path, there):
            agreed[slug] = one.on
    page = render_template(
        "teams/person_programs.html",
        person=found,
        paths=shown,
        agreed=agreed,
        held=reports.held_of(session, found.id, now),
        sent=request.form,
        problem=problem,
        where=where,
    )
    return page, 422 if problem else 200


@bp.post("/people/<public_id>/programs/<slug>/agree")
@for_roles("manager")
def agree(public_id: str, slug: str) -> ResponseReturnValue:
    """Agree with a person on the day of their next step in a program."""
    session, now = db.session(), clock.now()
    found = teams.led_user(session, current_user.id, public_id)
    there = paths.programs_for(session, current_user.id)
    # As the person sees it: they are told what the step is called.
    path = next(
        (
            one
            for one in progress.paths_of(session, found.id, now)
            if one.revision.program.slug == slug and one.enrolment.program_id in there
        ),
        None,
    )
    if path is None:
        raise Missing
    try:
        on = day_in(request.form.get("on", ""))
        agreements.agree(session, path, found, on, by=me(), now=now)
        session.commit()
    except Refused as error:
        stop_writing()
        found = teams.led_user(session, current_user.id, public_id)
        return _person(found, str(error.message), slug)
    flash(gettext("Kept. The person is told."), "success")
    back = url_for("team_programs.person", public_id=public_id, _anchor=f"program-{slug}")
    return redirect(back, 303)
