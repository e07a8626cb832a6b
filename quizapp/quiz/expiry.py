"""The sweeper: submits what nobody opens again after its deadline."""

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.quiz import attempts
from quizapp.quiz.models import Attempt


def sweep(session: Session, now: datetime) -> int:
    """Close the attempts that are over, each in a transaction of its own; returns how many.

    The result is what opening the attempt would have given.
    """
    due = [attempt.id for attempt in attempts.overdue(session, now)]
    session.commit()
    for attempt_id in due:
        attempt = session.get_one(Attempt, attempt_id)
        attempts.close_if_over(session, attempt, now)
        session.commit()
    return len(due)
