"""What comes with time alone: enrolments, renewals, reminders."""

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.certification import assignments, reminders, renewals
from quizapp.db import only_reading
from quizapp.notices import outbox


def enrol(session: Session, now: datetime) -> None:
    """Let programs begin for those whom they concern by now."""
    with only_reading() as reading:  # it is long, and mostly there is nothing to do
        is_due = assignments.is_due(reading)
    if is_due:
        assignments.enrol_due(session, now)
        session.commit()


def renew(session: Session, now: datetime) -> None:
    """Open the next cycle of what ends soon."""
    renewals.open_due(session, now)
    session.commit()


def remind(session: Session, now: datetime) -> None:
    """Tell people what is new, due or about to end."""
    with only_reading() as reading:
        messages = outbox.untold(reading, reminders.to_tell(reading, now))
    if messages:
        outbox.tell_once(session, messages, now=now)
        session.commit()
