"""All that is said of one person: where they stand, strengths and gaps, what they did and when."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from quizapp.reports import heatmap, progress, timeline
from quizapp.reports.heatmap import Line
from quizapp.reports.progress import Progress
from quizapp.reports.readers import Reader
from quizapp.reports.timeline import Event, Pace


@dataclass(frozen=True)
class Person:
    """Competencies and sections with the weakest first, events with the newest first."""

    progress: Progress
    competencies: list[Line]
    sections: list[Line]
    events: list[Event]
    pace: Pace | None


def of_person(session: Session, reader: Reader, user_id: int, today: date, now: datetime) -> Person:
    """For the person, or for who leads them, which the caller found out."""
    leader = None if reader.user_id == user_id else reader.user_id
    own = progress.of_person(session, user_id, today, now, leader=leader)
    tried = own.tried
    return Person(
        own,
        heatmap.of_person(session, reader, user_id, "competency", today, now, tried),
        heatmap.of_person(session, reader, user_id, "section", today, now, tried),
        timeline.of_person(session, reader, user_id, tried),
        timeline.pace(session, tried),
    )
