"""What a supervisor sees of exams under way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from quizapp.people.models import User
from quizapp.quiz import quizzes
from quizapp.quiz.models import Attempt, AttemptItem, Quiz, Release, Response
from quizapp.quiz.rules import is_over

# So long a supervisor sees who is done.
A_WHILE = timedelta(hours=3)


@dataclass(frozen=True)
class Sitting:
    """Somebody who takes an exam now or has just done so; nothing here says what was answered."""

    attempt: str
    person: str
    name: str
    employee_number: str | None
    quiz: str
    started_at: datetime
    deadline_at: datetime | None
    answered: int
    items: int
    released: bool
    minutes_left: int | None
    ended_at: datetime | None


def sittings(
    session: Session,
    now: datetime,
    user_ids: Collection[int],
    released_by: str | None = None,
    *,
    viewer: int,
) -> list[Sitting]:
    """The exams that these people take, or that this supervisor released, as far as they are there
    for the viewer: open ones first, then those that ended a while ago.
    """
    answered = (
        select(func.count())
        .where(Response.attempt_id == Attempt.id, Response.value.is_not(None))
        .scalar_subquery()
    )
    items = select(func.count()).where(AttemptItem.attempt_id == Attempt.id).scalar_subquery()
    whose: list[ColumnElement[bool]] = [Attempt.user_id.in_(user_ids)]
    if released_by is not None:
        whose.append(Release.by == released_by)
    rows = session.execute(
        select(Attempt, User, Quiz.title, answered, items, Release.id)
        .join(User, User.id == Attempt.user_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .outerjoin(Release, Release.attempt_id == Attempt.id)
        .where(
            or_(
                Attempt.state == "open",
                and_(Attempt.state == "submitted", Attempt.submitted_at > now - A_WHILE),
            ),
            Quiz.use == "exam",
            or_(*whose),
            quizzes.VISIBLE.bindparams(viewer=viewer),
        )
        .order_by(Attempt.state, Attempt.started_at, Attempt.id)
    )
    return [
        Sitting(
            attempt.public_id,
            user.public_id,
            user.name,
            user.employee_number,
            title,
            attempt.started_at,
            attempt.deadline_at,
            done,
            all_items,
            release_id is not None,
            _minutes(attempt.deadline_at, now),
            attempt.submitted_at,
        )
        for attempt, user, title, done, all_items, release_id in rows
        if attempt.state == "submitted" or not is_over(attempt.deadline_at, now)
    ]


def _minutes(deadline_at: datetime | None, now: datetime) -> int | None:
    return None if deadline_at is None else max(0, int((deadline_at - now).total_seconds()) // 60)


def of_people(session: Session, user_ids: Collection[int], public_id: str) -> Attempt | None:
    """An attempt of one of these people."""
    return session.execute(
        select(Attempt).where(Attempt.public_id == public_id, Attempt.user_id.in_(user_ids))
    ).scalar_one_or_none()


def released_by(session: Session, supervisor: str, public_id: str) -> Attempt | None:
    """An open attempt that this supervisor released."""
    return session.execute(
        select(Attempt)
        .join(Release, Release.attempt_id == Attempt.id)
        .where(Attempt.public_id == public_id, Release.by == supervisor)
    ).scalar_one_or_none()


def with_release(session: Session, viewer: int) -> list[Quiz]:
    """The published quizzes there for a supervisor that start with a supervisor's code."""
    found = quizzes.published(session, viewer)
    return [quiz for quiz in found if quizzes.rules_of(session, quiz).release]
