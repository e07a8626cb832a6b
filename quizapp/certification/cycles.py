"""Enrolments as rows: the last one of a person in a program, the next, and what was before.

Cycles count from 1. What had ended already when it was recorded has a number below: it continues
nothing, and nothing continues it.
"""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.certification.models import Certification, Enrolment, Program

FIRST = 1


def last(session: Session, program_id: int, user_id: int) -> Enrolment | None:
    """The newest cycle of a person in a program, open or not."""
    return session.execute(
        select(Enrolment)
        .where(Enrolment.program_id == program_id, Enrolment.user_id == user_id)
        .order_by(Enrolment.cycle.desc())
        .limit(1)
    ).scalar_one_or_none()


def opened(
    session: Session,
    program: Program,
    user_id: int,
    *,
    now: datetime,
    assignment_id: int | None = None,
    due_on: date | None = None,
) -> tuple[Enrolment, bool]:
    """The open enrolment of a person, and whether it was opened now, on the newest revision.

    One that ended without an award goes on: what was done counts as before.
    """
    found = last(session, program.id, user_id)
    if found is not None and found.ended_at is None:
        return found, False
    assert program.current_revision_id is not None  # noqa: S101 - it has one as soon as it is
    if found is None or _is_certified(session, found):
        cycle = found.cycle + 1 if found else FIRST
        found = Enrolment(program_id=program.id, user_id=user_id, cycle=cycle, since=now)
        session.add(found)
    elif found.cycle == FIRST:  # of a later cycle only what was done since it began counts
        found.since = now
    found.program_revision_id = program.current_revision_id
    found.assignment_id, found.due_on = assignment_id, due_on
    found.ended_at = found.ended = None
    session.flush()
    return found, True


def before_all(session: Session, program: Program, user_id: int, *, now: datetime) -> Enrolment:
    """A cycle for what ended before it was recorded; one that is under way goes on."""
    lowest = session.execute(
        select(func.min(Enrolment.cycle)).where(
            Enrolment.program_id == program.id, Enrolment.user_id == user_id
        )
    ).scalar()
    made = Enrolment(
        program_id=program.id,
        program_revision_id=program.current_revision_id,
        user_id=user_id,
        cycle=min(lowest if lowest is not None else FIRST, FIRST) - 1,
        since=now,
        ended_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _is_certified(session: Session, enrolment: Enrolment) -> bool:
    """Whether a cycle ended by a certification, earned or recorded."""
    query = select(Certification.id).where(Certification.enrolment_id == enrolment.id)
    return session.execute(query).first() is not None
