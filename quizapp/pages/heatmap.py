"""The heatmap of a manager's teams, and the answers behind each of its cells."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.pages.access import for_roles, reader
from quizapp.pages.language import today
from quizapp.people import teams
from quizapp.reports import heatmap, proofs, readers

bp = Blueprint("heatmap", __name__)

_l = lazy_gettext
PERIOD_NAMES = {
    "30": _l("the last 30 days"),
    "90": _l("the last 90 days"),
    "365": _l("the last 12 months"),
    "all": _l("all the time"),
}


@bp.get("/heatmap")
@for_roles("manager")
def index() -> ResponseReturnValue:
    """The people of one team by competency, procedure or section."""
    session, view = db.session(), heatmap.View.of(request.args)
    led = readers.led(session, reader())
    chosen = readers.led(session, reader(), request.args.get("team"))
    if not chosen:
        return render_template("heatmap/index.html", led=led, team=None, view=view)
    team = chosen[0]
    found = heatmap.of_team(session, reader(), team, view, today(), clock.now())
    return render_template(
        "heatmap/index.html",
        led=led,
        team=team,
        view=view,
        map=found,
        periods=PERIOD_NAMES,
        least=heatmap.few(),
        steps=heatmap.STEPS,
    )


@bp.get("/heatmap/<public_id>")
@for_roles("manager")
def cell(public_id: str) -> ResponseReturnValue:
    """What a cell comes from: the answers of one person in one column."""
    session, view = db.session(), heatmap.View.of(request.args)
    person = teams.led_user(session, current_user.id, public_id)
    place, found = proofs.of_cell(
        session,
        reader(),
        person.id,
        view,
        request.args.get("key", ""),
        today(),
        clock.now(),
    )
    return render_template(
        "heatmap/cell.html",
        person=person,
        team=teams.teams_of(session, person)[0],
        place=place,
        view=view,
        proofs=found,
        periods=PERIOD_NAMES,
    )
