"""Allowances: more time or attempts at a quiz, for a person or a team."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import ColumnElement, TextClause, and_, or_, select
from sqlalchemy.orm import Session

from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.people import teams
from quizapp.people.models import Membership, Team, User
from quizapp.quiz import quizzes
from quizapp.quiz.models import Allowance, Quiz

# What one allowance gives at most: more is a slip of the finger.
MOST_MINUTES, MOST_ATTEMPTS = 600, 20


def give(
    session: Session,
    quiz: Quiz,
    *,
    user_id: int | None = None,
    team_id: int | None = None,
    extra_minutes: int = 0,
    extra_attempts: int = 0,
    reason: str,
    by: str,
    now: datetime,
) -> Allowance:
    """Give one person or team more time or attempts.

    Raises Invalid without reason or amount, and for whoever gives it to themselves.
    """
    giver = session.execute(select(User.id).where(User.public_id == by)).scalar_one_or_none()
    if giver and (giver == user_id or (team_id and teams.team_of(session, giver) == team_id)):
        raise Invalid(gettext("Somebody else has to give you more: ask another trainer."))
    if not reason.strip():
        raise Invalid(gettext("Say why: it is kept with the allowance."))
    if extra_minutes < 0 or extra_attempts < 0 or not (extra_minutes or extra_attempts):
        raise Invalid(gettext("Give some minutes or attempts more."))
    if extra_minutes > MOST_MINUTES or extra_attempts > MOST_ATTEMPTS:
        raise Invalid(
            gettext(
                "At most %(minutes)s minutes and %(attempts)s attempts more.",
                minutes=MOST_MINUTES,
                attempts=MOST_ATTEMPTS,
            )
        )
    row = Allowance(
        quiz_id=quiz.id,
        user_id=user_id,
        team_id=team_id,
        extra_minutes=extra_minutes,
        extra_attempts=extra_attempts,
        reason=reason.strip(),
        at=now,
        by=by,
    )
    session.add(row)
    session.flush()
    chain.append(
        session,
        "allowance.given",
        by=by,
        about=quiz.slug,
        at=now,
        data={
            "allowance": row.id,
            "person": user_id and session.get_one(User, user_id).public_id,
            "team": team_id and session.get_one(Team, team_id).public_id,
            "minutes": extra_minutes,
            "attempts": extra_attempts,
            "reason": row.reason,
        },
    )
    return row


@dataclass(frozen=True)
class Given:
    """An allowance that stands, with whom it is for; `team` is empty for one person."""

    id: int
    quiz: str
    name: str
    employee_number: str | None
    team: str
    minutes: int
    attempts: int
    reason: str
    at: datetime
    by: str


def listed(
    session: Session,
    *,
    quiz: Quiz | None = None,
    user_ids: Collection[int] | None = None,
    team_ids: Collection[int] = (),
    viewer: int | None = None,
) -> list[Given]:
    """The allowances of a quiz, or of these people and teams; the newest first.

    With a viewer only those for quizzes that are there for them.
    """
    which: list[ColumnElement[bool] | TextClause] = [Allowance.ended_at.is_(None)]
    if quiz is not None:
        which.append(Allowance.quiz_id == quiz.id)
    if user_ids is not None:
        which.append(or_(Allowance.user_id.in_(user_ids), Allowance.team_id.in_(team_ids)))
    if viewer is not None:
        which.append(quizzes.VISIBLE.bindparams(viewer=viewer))
    rows = session.execute(
        select(Allowance, Quiz.title, User.name, User.employee_number, Team.name)
        .join(Quiz, Quiz.id == Allowance.quiz_id)
        .outerjoin(User, User.id == Allowance.user_id)
        .outerjoin(Team, Team.id == Allowance.team_id)
        .where(and_(*which))
        .order_by(Allowance.id.desc())
    )
    return [
        Given(
            row.id,
            title,
            name or "",
            number,
            team or "",
            row.extra_minutes,
            row.extra_attempts,
            row.reason,
            row.at,
            row.by,
        )
        for row, title, name, number, team in rows
    ]


def find(session: Session, allowance_id: int) -> Allowance:
    """An allowance, whoever it is for. Raises Missing."""
    found = session.get(Allowance, allowance_id)
    if found is None:
        raise Missing
    return found


def is_led(session: Session, leader_id: int, allowance: Allowance) -> bool:
    """Whether an allowance is for a team of this leader, or somebody who works in one."""
    led = select(Membership.team_id).where(
        Membership.user_id == leader_id, Membership.leads, Membership.ended_at.is_(None)
    )
    if allowance.team_id is not None:
        return allowance.team_id in set(session.execute(led).scalars())
    return (
        session.execute(
            select(Membership.id).where(
                Membership.user_id == allowance.user_id,
                Membership.ended_at.is_(None),
                Membership.leads.is_(False),
                Membership.team_id.in_(led),
            )
        ).first()
        is not None
    )


def end(session: Session, allowance: Allowance, *, by: str, now: datetime) -> None:
    """Take an allowance back; attempts that began with it keep what they have."""
    if allowance.ended_at is not None:
        return
    allowance.ended_at = now
    session.flush()
    quiz = session.get_one(Quiz, allowance.quiz_id)
    chain.append(
        session,
        "allowance.ended",
        by=by,
        about=quiz.slug,
        at=now,
        data={"allowance": allowance.id},
    )
