"""The first page: what each role does next."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.certification.progress import Path, paths_of
from quizapp.certification.status import counting
from quizapp.content import banks, keys
from quizapp.db import db
from quizapp.pages.access import reader, signed_in
from quizapp.pages.language import day, today
from quizapp.people import teams
from quizapp.quiz import contests, exposure, late, quizzes
from quizapp.reports import attention, charts, heatmap, programs, progress, quality, trends, views
from quizapp.reports.charts import Point
from quizapp.reports.heatmap import Line
from quizapp.reports.places import By
from quizapp.reports.progress import Progress

bp = Blueprint("home", __name__)

# So many of those to see to stand on the first page; the rest on a page of its own.
FIRST = 8


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """One's own path, and above it what the role adds."""
    session, now = db.session(), clock.now()
    own = progress.of_person(session, current_user.id, today(), now)
    paths = paths_of(session, current_user.id, now)
    standing = counting(programs.held_of(session, current_user.id, now)).values()
    held = [one for one in standing if one.is_ready]
    added: dict[str, Any] = {}
    match current_user.role:
        case "manager":
            added = _of_manager(session, now)
        case "trainer":
            added = _of_trainer(session, now)
        case "agent" if own.exams:
            added = _of_agent(session, now)
    if current_user.role != "agent":
        added |= _folded(own, paths)
    return render_template("home/index.html", own=own, paths=paths, held=held, **added)


def _folded(own: Progress, paths: list[Path]) -> dict[str, Any]:
    """The own quizzes of who works with others': those due, and all others, which are one line.

    Due is what was begun, and what a program still asks.
    """
    asked = {
        step.step.slug
        for path in paths
        for step in path.steps
        if step.step.kind == "quiz" and not step.is_over
    }
    every = [*own.standings, *own.practice]
    due = [one for one in every if one.open or one.slug in asked]
    return {"due": due, "others": [one for one in every if one not in due]}


def _of_manager(session: Session, now: datetime) -> dict[str, Any]:
    """Whom to see to first, the teams at a glance, the last weeks."""
    led = teams.led_teams(session, current_user.id)
    trend = trends.of_teams(session, current_user.id, led, now)
    certified = [Point(day(week.ends), week.certified) for week in trend.weeks]
    passed = [
        Point(
            day(week.ends),
            # A week without exams is a gap.
            100 * week.passed / week.submitted if week.submitted else None,
            gettext("%(k)s of %(n)s", k=week.passed, n=week.submitted),
        )
        for week in trend.weeks
    ]
    glance = attention.of_teams(session, current_user.id, led, now)
    return {
        "glance": glance,
        "first": attention.with_paths(session, current_user.id, glance.lines[:FIRST], now),
        "trend": trend,
        "certified": charts.line(certified, top=trend.people or 1),
        "passed": charts.line(passed, top=100),
        "weekly": views.weekly(session, reader()),
        "no_mail": views.no_mail(session, reader()),
    }


def _of_agent(session: Session, now: datetime) -> dict[str, Any]:
    """What one knows beside the cut score, and what is worth reading for it."""

    def lines(by: By) -> list[Line]:
        found = heatmap.of_person(session, reader(), current_user.id, by, today(), now)
        return [line for line in found if line.word != "few"]

    weak = [line for line in lines("section") if line.word == "gap" and line.place.at]
    return {"skills": lines("competency"), "weak": weak[:3]}


def _of_trainer(session: Session, now: datetime) -> dict[str, Any]:
    """What waits for a decision, and the banks with the keys that are open."""
    waiting = []
    for bank, revision in banks.live(session):
        found = keys.statuses(session, [p.revision.id for p in banks.places(session, bank)])
        open_keys = sum(status.state != "confirmed" for status in found.values())
        waiting.append((bank, revision, open_keys, quizzes.of_bank(session, bank)))
    return {
        "waiting": waiting,
        "objections": len(contests.objections(session, waiting=True)),
        "late_answers": late.count(session),
        "worn": sum(exposure.worn(session).values()),
        "looks": quality.to_look_at(session, reader(), now),
    }
