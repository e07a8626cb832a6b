"""Whom the assignments of published programs concern today, and by when: read as one set."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.certification.facts import SEE_ALL
from quizapp.certification.models import Assignment, Cohort, CohortMember, Program
from quizapp.people import calendars
from quizapp.people.models import Audience, Membership, Team, User

Pair = tuple[int, int]  # the ids of a program and of a person


@dataclass(frozen=True)
class Concern:
    """An assignment that concerns a person; `due_on` is their day, before any absence."""

    assignment_id: int
    person: str
    due_on: date | None


def concerns(session: Session, program_id: int | None = None) -> dict[Pair, Concern]:
    """By program and person the assignment that counts: what is due first."""
    found: dict[Pair, Concern] = {}
    for query in (_BY_PERSON, _BY_TEAM, _BY_COHORT):
        if program_id is not None:
            query = query.where(Assignment.program_id == program_id)
        for row in session.execute(query):
            pair = row.program_id, row.user_id
            one = Concern(row.id, row.person, _due(row))
            if pair not in found or _order(one) < _order(found[pair]):
                found[pair] = one
    return found


def _due(row: Any) -> date | None:
    if row.due_days is None:
        due_on: date | None = row.due_on
        return due_on
    since = max(row.at, row.published_at, row.member_at)
    return calendars.day_of(row.zone, since) + timedelta(days=row.due_days)


def _order(one: Concern) -> tuple[date, int]:
    return one.due_on or date.max, one.assignment_id


# A program for some teams concerns nobody else.
_MEANT = select(Audience.team_id).where(Audience.kind == "program", Audience.slug == Program.slug)
_MINE = aliased(Membership)
_IS_MINE = _MEANT.join(_MINE, _MINE.team_id == Audience.team_id).where(
    _MINE.user_id == User.id, _MINE.ended_at.is_(None)
)


def _columns(member_at: Any) -> Select[Any]:
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
            member_at.label("member_at"),
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


_BY_PERSON = _columns(User.created_at).join(
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
