"""Whom the assignments of published programs concern today, and by when: read as one set."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.certification.facts import SEE_ALL
from quizapp.certification.models import Assignment, Cohort, CohortMember, Enrolment, Program
from quizapp.people import calendars
from quizapp.people.models import Audience, Membership, Team, User

Pair = tuple[int, int]  # the ids of a program and of a person
LATECOMER_DAYS = 30  # that a fixed day leaves at most to who comes to it later


@dataclass(frozen=True)
class Concern:
    """An assignment that concerns a person; `due_on` is their day, before any absence."""

    assignment_id: int
    person: str
    due_on: date | None


def concerns(session: Session, now: datetime, program_id: int | None = None) -> dict[Pair, Concern]:
    """By program and person the assignment that counts: what is due first.

    Whom it concerns as a person and who is not under way yet comes to it `now`.
    """
    found: dict[Pair, Concern] = {}
    for query in (_BY_PERSON, _BY_TEAM, _BY_COHORT):
        if program_id is not None:
            query = query.where(Assignment.program_id == program_id)
        for row in session.execute(query):
            pair = row.program_id, row.user_id
            one = Concern(row.id, row.person, _due(row, now))
            if pair not in found or _order(one) < _order(found[pair]):
                found[pair] = one
    return found


def _due(row: Any, now: datetime) -> date | None:
    """The day for a person: who comes to a fixed day later has as long as the others had.

    That is from the assignment to its day, LATECOMER_DAYS at the most; and as many where the
    day was over before it began to count. So nobody is late from the first minute.
    """
    if row.due_days is None and row.due_on is None:
        return None
    began = max(row.at, row.published_at)
    came = calendars.day_of(row.zone, max(began, row.came_at or now))
    if row.due_days is not None:
        return came + timedelta(days=row.due_days)
    due_on: date = row.due_on
    given = (due_on - calendars.day_of(row.zone, began)).days
    days = min(given, LATECOMER_DAYS) if given >= 0 else LATECOMER_DAYS
    return max(due_on, came + timedelta(days=days))


def _order(one: Concern) -> tuple[date, int]:
    return one.due_on or date.max, one.assignment_id


# A program for some teams concerns nobody else.
_MEANT = select(Audience.team_id).where(Audience.kind == "program", Audience.slug == Program.slug)
_MINE = aliased(Membership)
_IS_MINE = _MEANT.join(_MINE, _MINE.team_id == Audience.team_id).where(
    _MINE.user_id == User.id, _MINE.ended_at.is_(None)
)


def _columns(came_at: Any) -> Select[Any]:
    return (
        select(
            Assignment.id,
            Assignment.program_id,
            Assignment.due_on,
            Assignment.due_days,
            Assignment.at,
            Program.published_at,
            User.id.label("user_id"),
            User.public_id.label("person"),
            User.zone,
            came_at.label("came_at"),
        )
        .select_from(Assignment)
        .join(Program, Program.id == Assignment.program_id)
        .where(
            Assignment.ended_at.is_(None),
            Program.published_at.is_not(None),
            Program.retired_at.is_(None),
            User.left_at.is_(None),
            or_(~_MEANT.exists(), _IS_MINE.exists(), User.role.in_(SEE_ALL)),
        )
    )


# Who returned, or has another role, comes to it only when enrolled; before that it is None.
_UNDER_WAY = (
    select(Enrolment.since)
    .where(
        Enrolment.program_id == Assignment.program_id,
        Enrolment.user_id == User.id,
        Enrolment.ended_at.is_(None),
    )
    .scalar_subquery()
)
_BY_PERSON = _columns(_UNDER_WAY).join(
    User,
    or_(
        Assignment.whose == "everybody",
        and_(Assignment.whose == "role", User.role == Assignment.target),
        and_(Assignment.whose == "person", User.public_id == Assignment.target),
    ),
)
# A team is who works in it, not who leads it.
_BY_TEAM = (
    _columns(Membership.started_at)
    .join(Team, and_(Assignment.whose == "team", Team.public_id == Assignment.target))
    .join(
        Membership,
        and_(
            Membership.team_id == Team.id,
            Membership.ended_at.is_(None),
            Membership.leads.is_(False),
        ),
    )
    .join(User, User.id == Membership.user_id)
)
_BY_COHORT = (
    _columns(CohortMember.started_at)
    .join(Cohort, and_(Assignment.whose == "cohort", Cohort.public_id == Assignment.target))
    .join(CohortMember, and_(CohortMember.cohort_id == Cohort.id, CohortMember.ended_at.is_(None)))
    .join(User, User.id == CohortMember.user_id)
)
