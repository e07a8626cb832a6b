"""A manager's teams: everyone at a glance, one person in depth, one-time codes."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Blueprint, get_template_attribute, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Missing
from quizapp.pages.access import for_roles, me
from quizapp.pages.language import language, today, zone
from quizapp.pages.progress import show
from quizapp.people import access, audience, teams
from quizapp.quiz import attempts
from quizapp.reports import attempts as attempt_reports
from quizapp.reports import scorings
from quizapp.reports import teams as reports

bp = Blueprint("teams", __name__)

MOST_IN_FIGURES = 6


@bp.get("/teams")
@for_roles("manager")
def index() -> ResponseReturnValue:
    """The teams that one leads, in figures where they are few: each takes its time."""
    session = db.session()
    led = teams.led_teams(session, current_user.id)
    if len(led) == 1:
        return redirect(url_for("teams.team", public_id=led[0].public_id), 303)
    found = {
        team.id: reports.of_team(session, team.id, today(), clock.now())
        for team in led
        if len(led) <= MOST_IN_FIGURES
    }
    return render_template("teams/index.html", led=led, reports=found)


@bp.get("/teams/<public_id>")
@for_roles("manager")
def team(public_id: str) -> ResponseReturnValue:
    """Everyone in a team at a glance."""
    session = db.session()
    found = teams.led_team(session, current_user.id, public_id)
    report = reports.of_team(session, found.id, today(), clock.now())
    return render_template(
        "teams/team.html", team=found, report=report, rows=_rows(report, language(), zone())
    )


@lru_cache(maxsize=256)
def _rows(report: reports.TeamReport, _spoken: str, _zone: ZoneInfo) -> Markup:
    # A team can have hundreds; a report is the same object until something has changed.
    html: Markup = get_template_attribute("teams/rows.html", "rows_html")(report)
    return html


@bp.get("/people/<public_id>")
@for_roles("manager")
def person(public_id: str) -> ResponseReturnValue:
    """One person of one's teams in depth."""
    session = db.session()
    found = teams.led_user(session, current_user.id, public_id)
    return show(found.id, found)


@bp.get("/people/<public_id>/attempts/<attempt_id>")
@for_roles("manager")
def attempt(public_id: str, attempt_id: str) -> ResponseReturnValue:
    """An attempt of a person of one's teams, down to the responses."""
    session = db.session()
    found = teams.led_user(session, current_user.id, public_id)
    asked = attempts.own(session, found.id, attempt_id)
    leader = current_user.id
    review = attempt_reports.review(session, asked, clock.now(), today(), leader=leader)
    if review is None or not audience.sees(session, "quiz", asked.quiz.slug, leader):
        raise Missing
    return render_template(
        "quizzes/result.html",
        attempt=asked,
        quiz=asked.quiz,
        review=review,
        history=scorings.of_attempt(session, asked, names=True),
        person=found,
        certified=(),
    )


@bp.post("/people/<public_id>/code")
@for_roles("manager")
def code(public_id: str) -> ResponseReturnValue:
    """A one-time code for an agent of one's teams, shown once."""
    session = db.session()
    found = teams.led_user(session, current_user.id, public_id)
    # Whoever can set a password can be that person: not for those with more rights.
    if found.role != "agent":
        raise Missing
    made = access.issue_code(session, found, by=me(), now=clock.now())
    session.commit()
    return render_template(
        "people/code.html",
        person=found,
        code=made,
        days=access.CODE_LIFE.days,
        back=url_for("teams.person", public_id=public_id),
    )
