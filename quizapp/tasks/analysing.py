"""The analyses of quizzes that a page does not wait for."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.db import only_reading
from quizapp.evidence import chain
from quizapp.jobs import Progress
from quizapp.people import calendars
from quizapp.quiz.models import Quiz
from quizapp.reports import analysis

STEPS = 2  # reading and reckoning, keeping
NIGHT = range(1, 5)  # hours in the installation's zone


def make(session: Session, args: dict[str, Any], progress: Progress) -> None:
    """Work out a quiz and keep it; nobody waits for a turn to write meanwhile."""
    exposures = args["exposures"]
    progress(0, STEPS)
    with only_reading() as reading:
        quiz = reading.get(Quiz, args["quiz"])
        if quiz is None:
            return
        worked = analysis.work_out(reading, quiz, exposures, clock.now())
    progress(1, STEPS)
    analysis.keep(session, args["quiz"], exposures, worked)


def plan(session: Session, now: datetime) -> None:
    """Ask for what was never worked out, and at night for what is out of date."""
    is_night = now.astimezone(calendars.zone_of(None)).hour in NIGHT
    with only_reading() as reading:
        found = analysis.due(reading, now, is_night=is_night)
    if not (found.wanted or found.fresh):
        return
    for quiz_id, exposures in found.wanted:
        analysis.ask(session, quiz_id, exposures, by=chain.SYSTEM, now=now)
    analysis.move_on(session, found)
    session.commit()
