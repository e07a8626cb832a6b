"""A manager's own people in the cohorts in which they are trained. Read-only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, text
from sqlalchemy.orm import Session, aliased

from quizapp.certification.cohorts import Member
from quizapp.certification.models import (
    Attendance,
    Cohort,
    CohortMember,
    Meeting,
    Program,
    ProgramRevision,
)
from quizapp.errors import Missing
from quizapp.formats.text import alphabetical
from quizapp.people import audience, teams
from quizapp.people.models import User
from quizapp.reports import programs
from quizapp.reports.programs import Cell


@dataclass(frozen=True, slots=True)
class Line:
    """A cohort as a manager sees it: `people` is how many of their own are in it.

    `program` is the title of its program, None where that is not for them.
    """

    id: int
    public_id: str
    name: str
    starts_on: date
    ends_on: date | None
    is_closed: bool
    instructor: str | None
    program_id: int | None
    program: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Led:
    """A manager's people in one cohort.

    `cells` say how they stand in its program, by their public ids; `attendance` is by the
    person's id and the day.
    """

    cohort: Line
    members: list[Member]
    meetings: list[date]
    cells: dict[str, Cell]
    attendance: dict[int, dict[date, str]]


def of_leader(session: Session, leader_id: int) -> list[Line]:
    """The cohorts that people of a manager's teams are in today, the latest first."""
    query = _lines().order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    return [Line(*row) for row in session.execute(query, _bound(leader_id))]


def led(session: Session, leader_id: int, public_id: str, now: datetime) -> Led:
    """A manager's people in a cohort. Raises Missing where none of them is in it."""
    query = _lines().where(Cohort.public_id == public_id)
    row = session.execute(query, _bound(leader_id)).one_or_none()
    if row is None:
        raise Missing
    line = Line(*row)
    program = line.program_id if line.program is not None else None
    members = session.execute(
        select(User.id, User.public_id, User.name, User.employee_number)
        .join(CohortMember, CohortMember.user_id == User.id)
        .where(CohortMember.cohort_id == line.id, *_OWN),
        {"leader": leader_id},
    )
    days = select(Meeting.on).where(Meeting.cohort_id == line.id).order_by(Meeting.on)
    return Led(
        line,
        sorted((Member(*one) for one in members), key=lambda one: alphabetical(one.name)),
        list(session.scalars(days)),
        programs.of_cohort(session, line.id, program, now, leader_id) if program else {},
        _attendance(session, line.id, leader_id),
    )


# Who is in a cohort today and in a team that the bound `leader` leads.
_OWN = (CohortMember.ended_at.is_(None), CohortMember.user_id.in_(teams.LED))


def _lines() -> Select[*tuple[Any, ...]]:
    instructor = aliased(User)
    own = select(func.count()).where(CohortMember.cohort_id == Cohort.id, *_OWN).scalar_subquery()
    return (
        select(
            Cohort.id,
            Cohort.public_id,
            Cohort.name,
            Cohort.starts_on,
            Cohort.ends_on,
            Cohort.closed_at.is_not(None),
            instructor.name,
            Cohort.program_id,
            ProgramRevision.title,
            own,
        )
        .outerjoin(instructor, instructor.id == Cohort.instructor_id)
        .outerjoin(
            Program,
            and_(
                Program.id == Cohort.program_id,
                Program.published_at.is_not(None),
                Program.retired_at.is_(None),
                text(audience.visible("program", "program.slug")),
            ),
        )
        .outerjoin(ProgramRevision, ProgramRevision.id == Program.current_revision_id)
        .where(own > 0)
    )


def _bound(leader_id: int) -> dict[str, int]:
    return {"leader": leader_id, "viewer": leader_id}


def _attendance(session: Session, cohort_id: int, leader_id: int) -> dict[int, dict[date, str]]:
    rows = session.execute(
        select(Attendance.user_id, Meeting.on, Attendance.state)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.cohort_id == cohort_id, Attendance.user_id.in_(teams.LED)),
        {"leader": leader_id},
    )
    found: dict[int, dict[date, str]] = {}
    for user_id, on, state in rows:
        found.setdefault(user_id, {})[on] = state
    return found
