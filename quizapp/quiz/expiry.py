"""The sweeper: submits what nobody opens again after its deadline."""

import logging
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from quizapp.quiz import attempts
from quizapp.quiz.models import Attempt

log = logging.getLogger(__name__)


def sweep(session: Session, now: datetime) -> int:
    """Close the attempts that are over, each in a transaction of its own; returns how many.

    The result is what opening the attempt would have given. One that cannot be closed is logged,
    and does not keep those behind it open.
    """
    due = [attempt.id for attempt in attempts.overdue(session, now)]
    session.commit()
    closed = 0
    for attempt_id in due:
        try:
            attempts.close_if_over(session, session.get_one(Attempt, attempt_id), now)
            session.commit()
            closed += 1
        except DBAPIError:  # the database is away or busy: all of them come again
            raise
        except Exception:
            session.rollback()
            log.exception("attempt %s cannot be closed", attempt_id)
    return closed
