"""What comes with time alone: enrolments, awards, renewals, reminders."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.certification import assignments, awarding, reminders, renewals, stopped
from quizapp.db import only_reading
from quizapp.notices import outbox
from quizapp.notices.outbox import Once


def enrol(session: Session, now: datetime) -> None:
    """Let programs begin for those whom they concern by now."""
    with only_reading() as reading:  # it is long, and mostly there is nothing to do
        is_due = assignments.is_due(reading, now)
    if is_due:
        assignments.enrol_due(session, now)
        session.commit()


def award(session: Session, now: datetime) -> None:
    """Certify whose last condition is gone with a change of a procedure, or with its day."""
    with only_reading() as reading:
        people = awarding.to_settle(reading, now)
    if people:
        awarding.settle_all(session, people, now)
        session.commit()


def renew(session: Session, now: datetime) -> None:
    """Open the next cycle of what ends soon."""
    renewals.open_due(session, now)
    session.commit()


def remind(session: Session, now: datetime) -> None:
    """Tell people what is new, due or about to end."""
    _tell(session, reminders.to_tell, now)


def ask_trainers(session: Session, now: datetime) -> None:
    """Tell trainers where people cannot go on without them."""
    _tell(session, stopped.to_tell, now)


def _tell(session: Session, find: Callable[[Session, datetime], list[Once]], now: datetime) -> None:
    with only_reading() as reading:
        messages = outbox.untold(reading, find(reading, now))
    if messages:
        outbox.tell_once(session, messages, now=now)
        session.commit()
