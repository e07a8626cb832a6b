"""Who must hold a program's certification, and by when; whom that concerns is enrolled.

An assignment speaks of people who are there today: of whoever works in a team, also of those who
join it later. Whom none concerns any more is released; what they did counts if they come again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.certification.enrolling import enrol_due as enrol_due
from quizapp.certification.enrolling import is_due as is_due
from quizapp.certification.models import Assignment, Cohort, Program
from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.people import calendars
from quizapp.people.models import ROLES, Team, User

Whose = Literal["everybody", "role", "team", "cohort", "person"]
MOST_DAYS = 3650


@dataclass(frozen=True)
class Wanted:
    """Who must hold it: a role, or a team, cohort or person by public id; "" is everybody.

    Due on a day, or so many days after it first concerns a person, or some time.
    """

    whose: Whose
    target: str
    due_on: date | None = None
    due_days: int | None = None


def assign(
    session: Session,
    program: Program,
    wanted: Wanted,
    *,
    origin: str = "page",
    by: str,
    now: datetime,
) -> Assignment:
    """Let these people hold a program's certification by then; twice is once.

    Raises Invalid for whom nobody knows, for two ways of being due, and for a day that is over.
    """
    if wanted.due_on is not None and wanted.due_on < calendars.day_of(None, now):
        raise Invalid(gettext("This day is over: everybody would be late at once."))
    row = _add(session, program, wanted, origin=origin, by=by, now=now)
    enrol_due(session, now, program)
    return row


def end(session: Session, assignment: Assignment, *, by: str, now: datetime) -> None:
    """These people no longer have to, unless another assignment concerns them."""
    _end(session, assignment, by=by, now=now)
    enrol_due(session, now, session.get_one(Program, assignment.program_id))


def sync(
    session: Session, program: Program, wanted: Sequence[Wanted], *, by: str, now: datetime
) -> None:
    """Make these the assignments that the program's text names; those by hand stay.

    Raises Invalid as `assign` does.
    """
    for row in in_force(session, program):
        if row.origin == "file" and _wanted(row) not in wanted:
            _end(session, row, by=by, now=now)
    for one in wanted:
        _add(session, program, one, origin="file", by=by, now=now)
    enrol_due(session, now, program)


def in_force(session: Session, program: Program) -> list[Assignment]:
    """The assignments of a program that stand, the oldest first."""
    return list(
        session.execute(
            select(Assignment)
            .where(Assignment.program_id == program.id, Assignment.ended_at.is_(None))
            .order_by(Assignment.id)
        ).scalars()
    )


def find(session: Session, program: Program, assignment_id: int) -> Assignment:
    """An assignment of a program, also one that has ended. Raises Missing."""
    row = session.get(Assignment, assignment_id)
    if row is None or row.program_id != program.id:
        raise Missing
    return row


def target_names(session: Session, rows: Sequence[Assignment]) -> dict[str, str]:
    """What the teams, cohorts and people of these are called, by public id; people by number."""
    targets = [row.target for row in rows]
    names = [
        session.execute(select(column, name).where(column.in_(targets)))
        for column, name in (
            (Team.public_id, Team.name),
            (Cohort.public_id, Cohort.name),
            (User.public_id, User.employee_number),
        )
    ]
    return {public_id: name for found in names for public_id, name in found if name}


def _wanted(row: Assignment) -> Wanted:
    whose: Any = row.whose
    return Wanted(whose, row.target, row.due_on, row.due_days)


def _add(
    session: Session, program: Program, wanted: Wanted, *, origin: str, by: str, now: datetime
) -> Assignment:
    _check(session, wanted)
    for row in in_force(session, program):
        if row.origin == origin and _wanted(row) == wanted:
            return row
    row = Assignment(
        program_id=program.id,
        whose=wanted.whose,
        target=wanted.target,
        due_on=wanted.due_on,
        due_days=wanted.due_days,
        origin=origin,
        at=now,
        by=by,
    )
    session.add(row)
    session.flush()
    data = {
        "assignment": row.id,
        "whose": row.whose,
        "target": row.target,
        "due_on": row.due_on and row.due_on.isoformat(),
        "due_days": row.due_days,
        "origin": origin,
    }
    chain.append(session, "program.assigned", by=by, about=program.slug, at=now, data=data)
    return row


def _check(session: Session, wanted: Wanted) -> None:
    if wanted.due_on is not None and wanted.due_days is not None:
        raise Invalid(gettext("Give a day or a number of days, not both."))
    if wanted.due_days is not None and not 1 <= wanted.due_days <= MOST_DAYS:
        raise Invalid(gettext("Give 1 to %(most)s days.", most=MOST_DAYS))
    match wanted.whose:
        case "everybody":
            is_known = wanted.target == ""
        case "role":
            is_known = wanted.target in ROLES
        case "team":
            is_known = _is_there(session, Team.public_id, wanted.target)
        case "cohort":
            is_known = _is_there(session, Cohort.public_id, wanted.target)
        case "person":
            is_known = _is_there(session, User.public_id, wanted.target)
    if not is_known:
        raise Invalid(gettext("Say who has to hold it."))


def _is_there(session: Session, column: Any, public_id: str) -> bool:
    return session.execute(select(column).where(column == public_id)).first() is not None


def _end(session: Session, row: Assignment, *, by: str, now: datetime) -> None:
    if row.ended_at is not None:
        return
    row.ended_at = now
    session.flush()
    slug = session.get_one(Program, row.program_id).slug
    data = {"assignment": row.id}
    chain.append(session, "program.unassigned", by=by, about=slug, at=now, data=data)
