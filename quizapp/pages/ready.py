"""Who is ready for which queue today, on a page for managers and for a workforce system."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.db import begin_writing, db, stop_writing
from quizapp.errors import Invalid, Missing
from quizapp.pages.access import for_roles, me, public, reader
from quizapp.people import teams
from quizapp.reports import feeds, readers, readiness
from quizapp.reports.readiness import Standing
from quizapp.reports.words import READY_NAMES

bp = Blueprint("ready", __name__)

# Of more teams a page has the figures; the names are a team's, or in the file.
MANY = 5


@bp.get("/ready")
@for_roles("manager")
def index() -> ResponseReturnValue:
    """Who may work each queue today, who may not and why, who is about to stop."""
    session = db.session()
    wanted = request.args.get("team", "")
    led = readers.led(session, reader())
    chosen = readers.led(session, reader(), wanted) if wanted else led
    now = clock.now()
    if len(chosen) > MANY:
        names, counts = readiness.in_figures(session, current_user.id, chosen, now)
        return render_template("ready/teams.html", led=led, names=names, counts=counts, now=now)
    return render_template(
        "ready/index.html",
        led=led,
        wanted=wanted,
        queues=readiness.of_teams(session, current_user.id, chosen, now),
        now=now,
        state_names=READY_NAMES,
        one_team=len(chosen) == 1,
    )


@bp.get("/ready/feeds")
@for_roles("manager")
def feed_list() -> ResponseReturnValue:
    """The systems that may read who is ready, and a form to let another."""
    return _feeds()


def _feeds(token: str = "", problem: str = "") -> ResponseReturnValue:
    site = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    page = render_template(
        "ready/feeds.html",
        feeds=feeds.of_user(db.session(), current_user.id),
        token=token,
        problem=problem,
        sent=request.form,
        address=site + url_for("ready.feed"),
    )
    return page, 422 if problem else 200


@bp.post("/ready/feeds")
@for_roles("manager")
def make_feed() -> ResponseReturnValue:
    """Let another system read; the token is shown this once."""
    session = db.session()
    try:
        token = feeds.make(session, me(), request.form.get("name", ""), now=clock.now())
    except Invalid as error:
        stop_writing()
        return _feeds(problem=error.message)
    session.commit()
    return _feeds(token)


@bp.post("/ready/feeds/<public_id>/end")
@for_roles("manager")
def end_feed(public_id: str) -> ResponseReturnValue:
    """Take the access away."""
    session = db.session()
    feeds.end(session, me(), public_id, now=clock.now())
    session.commit()
    return redirect(url_for("ready.feed_list"), 303)


@bp.get("/feeds/ready.json")
@public
def feed() -> ResponseReturnValue:
    """Who is ready, by company number and without names, for a system that shows its token."""
    session, now = db.session(), clock.now()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise Missing
        found = feeds.find(session, token.strip())
    except Missing:
        return {"error": "token"}, 401, {"WWW-Authenticate": "Bearer"}
    led = teams.led_teams(session, found.user_id)
    queues = readiness.of_teams(session, found.user_id, led, now)
    if feeds.is_new(found, now):
        feed_id = found.id
        begin_writing()
        feeds.seen(session, feed_id, now)
        session.commit()
    return {
        "at": now.isoformat(timespec="seconds"),
        "queues": [
            {"queue": queue.name, "people": [_line(one) for one in queue.standings]}
            for queue in queues
        ],
    }


def _line(one: Standing) -> dict[str, object]:
    return {
        "number": one.person.employee_number,
        "ready": one.is_ready,
        "state": one.state,
        "provisional": bool(one.is_ready and one.held and one.held.state == "provisional"),
        "day": one.person.day.isoformat(),
        "until": one.until and one.until.isoformat(),
    }
