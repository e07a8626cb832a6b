"""The cohorts that a manager's people are trained in: dates, attendance, progress."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.pages.access import for_roles
from quizapp.pages.language import today
from quizapp.people import calendars
from quizapp.reports import cohorts as reports

bp = Blueprint("team_cohorts", __name__, url_prefix="/cohorts")


@bp.get("")
@for_roles("manager")
def index() -> ResponseReturnValue:
    """The cohorts in which somebody is whom one leads, the latest first."""
    found = reports.of_leader(db.session(), current_user.id)
    return render_template(
        "teams/cohorts.html",
        under_way=[one for one in found if not one.is_closed],
        closed=[one for one in found if one.is_closed],
    )


@bp.get("/<public_id>")
@for_roles("manager")
def cohort(public_id: str) -> ResponseReturnValue:
    """One's own people in a cohort; of the others not even how many there are."""
    session = db.session()
    found = reports.led(session, current_user.id, public_id, clock.now())
    away = calendars.away_on(session, [one.user_id for one in found.members], today())
    return render_template("teams/cohort.html", found=found, cohort=found.cohort, away=away)
