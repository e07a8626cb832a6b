"""What a manager's people owe and hold by programs."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.pages.access import for_roles
from quizapp.people import teams
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
    session, now = db.session(), clock.now()
    found = teams.led_user(session, current_user.id, public_id)
    return render_template(
        "teams/person_programs.html",
        person=found,
        paths=paths.of_person(session, found.id, current_user.id, now),
        held=reports.held_of(session, found.id, now),
    )
