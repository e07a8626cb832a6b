"""Cohorts: people who are trained together, and for which program."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from quizapp.certification import assignments
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import (
    Assignment,
    Cohort,
    CohortMember,
    Program,
    ProgramRevision,
)
from quizapp.errors import Invalid, Missing, Refused
from quizapp.evidence import chain
from quizapp.formats.text import alphabetical
from quizapp.people.models import User

YEARS = range(2000, 2101)  # what is beyond was mistyped
LONGEST_NAME = 200


@dataclass(frozen=True)
class Plan:
    """What a cohort is: its name, program and instructor (ids), first and last day."""

    name: str
    program_id: int | None
    instructor_id: int | None
    starts_on: date
    ends_on: date | None


def begin(session: Session, plan: Plan, *, by: str, now: datetime) -> Cohort:
    """Make a cohort. Raises Invalid for a plan that cannot be, or a name that is taken."""
    cohort = Cohort(created_at=now)
    _describe(session, cohort, plan)
    session.add(cohort)
    session.flush()
    record(session, "cohort.added", cohort, _facts(session, cohort), by, now)
    return cohort


def change(session: Session, cohort: Cohort, plan: Plan, *, by: str, now: datetime) -> None:
    """Change what a cohort is. Raises Invalid as above, Refused for a closed one."""
    check_open(cohort)
    _describe(session, cohort, plan)
    session.flush()
    record(session, "cohort.changed", cohort, _facts(session, cohort), by, now)


def _describe(session: Session, cohort: Cohort, plan: Plan) -> None:
    name = plan.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(gettext("Give the cohort's name."))
    same = select(Cohort.id).where(Cohort.name == name, Cohort.id.is_distinct_from(cohort.id))
    if session.execute(same).first():
        raise Invalid(gettext("There is a cohort of this name already."))
    if any(day.year not in YEARS for day in (plan.starts_on, plan.ends_on or plan.starts_on)):
        raise Invalid(gettext("Look at the year of these days."))
    if plan.ends_on and plan.ends_on < plan.starts_on:
        raise Invalid(gettext("The last day comes before the first."))
    cohort.name, cohort.program_id, cohort.instructor_id = name, plan.program_id, plan.instructor_id
    cohort.starts_on, cohort.ends_on = plan.starts_on, plan.ends_on


def _facts(session: Session, cohort: Cohort) -> dict[str, object]:
    program = session.get(Program, cohort.program_id) if cohort.program_id else None
    instructor = instructor_of(session, cohort)
    return {
        "name": cohort.name,
        "program": program and program.slug,
        "instructor": instructor and instructor.public_id,
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": cohort.ends_on and cohort.ends_on.isoformat(),
    }


def close(session: Session, cohort: Cohort, *, by: str, now: datetime) -> None:
    """End a cohort: it is kept as it was. Raises Refused for a closed one."""
    check_open(cohort)
    cohort.closed_at = now
    session.flush()
    record(session, "cohort.closed", cohort, {}, by, now)


def reopen(session: Session, cohort: Cohort, *, by: str, now: datetime) -> None:
    """Go on with a closed cohort. Raises Missing for an open one."""
    if cohort.closed_at is None:
        raise Missing
    cohort.closed_at = None
    session.flush()
    record(session, "cohort.reopened", cohort, {}, by, now)


def check_open(cohort: Cohort) -> None:
    """Raise Refused for a closed cohort."""
    if cohort.closed_at:
        raise Refused(gettext("This cohort is closed: reopen it first."))


def record(
    session: Session,
    kind: str,
    cohort: Cohort,
    data: Mapping[str, object],
    by: str,
    now: datetime,
) -> None:
    """Enter in the evidence what became of a cohort."""
    chain.append(session, kind, by=by, about=cohort.public_id, at=now, data=data)


def find(session: Session, public_id: str) -> Cohort:
    """A cohort. Raises Missing."""
    cohort = session.scalars(select(Cohort).where(Cohort.public_id == public_id)).one_or_none()
    if cohort is None:
        raise Missing
    return cohort


def instructor_of(session: Session, cohort: Cohort) -> User | None:
    """Who trains a cohort, if anybody was named."""
    return session.get(User, cohort.instructor_id) if cohort.instructor_id else None


@dataclass(frozen=True)
class Member:
    """A person of a cohort."""

    user_id: int
    public_id: str
    name: str
    employee_number: str | None


def members(session: Session, cohort_id: int) -> list[Member]:
    """Who belongs to a cohort today, by name."""
    rows = session.execute(
        select(User.id, User.public_id, User.name, User.employee_number)
        .join(CohortMember, CohortMember.user_id == User.id)
        .where(CohortMember.cohort_id == cohort_id, CohortMember.ended_at.is_(None))
    )
    return by_name(Member(*row) for row in rows)


def by_name(found: Iterable[Member]) -> list[Member]:
    """People in the order of their names."""
    return sorted(found, key=lambda member: alphabetical(member.name))


def add_members(
    session: Session, cohort: Cohort, users: Iterable[User], *, by: str, now: datetime
) -> int:
    """Take people into a cohort, those who belong to it already aside; how many were new.

    Raises Refused for a closed one.
    """
    check_open(cohort)
    there = {member.user_id for member in members(session, cohort.id)}
    new = {user.id: user.public_id for user in users if user.id not in there}
    if not new:
        return 0
    session.execute(
        insert(CohortMember),
        [{"cohort_id": cohort.id, "user_id": id, "started_at": now} for id in new],
    )
    _enrol(session, cohort, now)
    record(session, "cohort.members", cohort, {"added": sorted(new.values())}, by, now)
    return len(new)


def remove_member(session: Session, cohort: Cohort, user: User, *, by: str, now: datetime) -> None:
    """Let a person go from a cohort. Raises Missing for whoever is not in it, Refused as above."""
    check_open(cohort)
    ended = session.execute(
        update(CohortMember)
        .where(
            CohortMember.cohort_id == cohort.id,
            CohortMember.user_id == user.id,
            CohortMember.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(CohortMember.id)
    ).first()
    if ended is None:
        raise Missing
    _enrol(session, cohort, now)
    record(session, "cohort.members", cohort, {"removed": [user.public_id]}, by, now)


def _enrol(session: Session, cohort: Cohort, now: datetime) -> None:
    """See to the programs that must be held by whoever belongs to this cohort."""
    for assignment in asked_of(session, cohort):
        assignments.enrol_due(session, now, session.get_one(Program, assignment.program_id))


def asked_of(session: Session, cohort: Cohort) -> list[Assignment]:
    """What a cohort's people must hold, by assignments that name the cohort."""
    query = select(Assignment).where(
        Assignment.whose == "cohort",
        Assignment.target == cohort.public_id,
        Assignment.ended_at.is_(None),
    )
    return list(session.scalars(query.order_by(Assignment.id)))


def ask(
    session: Session, cohort: Cohort, due_on: date | None, *, by: str, now: datetime
) -> Assignment:
    """Let a cohort's people hold the certification of its program, by a day or some time.

    Raises Invalid for a cohort without a program, Refused for a closed one.
    """
    check_open(cohort)
    if cohort.program_id is None:
        raise Invalid(gettext("Choose the cohort's program first."))
    program = session.get_one(Program, cohort.program_id)
    wanted = Wanted("cohort", cohort.public_id, due_on)
    return assignments.assign(session, program, wanted, by=by, now=now)


def ask_no_more(session: Session, cohort: Cohort, *, by: str, now: datetime) -> None:
    """End what was asked by hand of a cohort for its program; a program's text ends with its line.

    Raises Missing where nothing was, Refused for a closed one.
    """
    check_open(cohort)
    asked = [
        one
        for one in asked_of(session, cohort)
        if one.program_id == cohort.program_id and one.origin != "file"
    ]
    if not asked:
        raise Missing
    for one in asked:
        assignments.end(session, one, by=by, now=now)


@dataclass(frozen=True)
class Listed:
    """A cohort in the list of all; `members` is how many."""

    public_id: str
    name: str
    program_id: int | None
    instructor: str | None
    starts_on: date
    ends_on: date | None
    is_closed: bool
    members: int


def listed(session: Session) -> Sequence[Listed]:
    """All cohorts, the latest first."""
    count = (
        select(func.count())
        .where(CohortMember.cohort_id == Cohort.id, CohortMember.ended_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Cohort.public_id,
            Cohort.name,
            Cohort.program_id,
            User.name,
            Cohort.starts_on,
            Cohort.ends_on,
            Cohort.closed_at.is_not(None),
            count,
        )
        .outerjoin(User, User.id == Cohort.instructor_id)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    )
    return [Listed(*row) for row in rows]


def open_names(session: Session) -> list[str]:
    """The names of the cohorts that are not closed, in their order."""
    names = session.scalars(select(Cohort.name).where(Cohort.closed_at.is_(None)))
    return sorted(names, key=alphabetical)


@dataclass(frozen=True)
class Choice:
    """A program that a cohort can be trained for."""

    id: int
    slug: str
    title: str


def programs(session: Session) -> list[Choice]:
    """The programs that were not retired, by title."""
    rows = session.execute(
        select(Program.id, Program.slug, ProgramRevision.title)
        .join(ProgramRevision, ProgramRevision.id == Program.current_revision_id)
        .where(Program.retired_at.is_(None))
    )
    return sorted((Choice(*row) for row in rows), key=lambda program: alphabetical(program.title))
