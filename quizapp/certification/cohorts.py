"""Cohorts: people who are trained together, when they meet and who was there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from quizapp.certification import assignments
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import (
    Assignment,
    Attendance,
    Cohort,
    CohortMember,
    Meeting,
    Program,
    ProgramRevision,
)
from quizapp.errors import Invalid, Missing, Refused
from quizapp.evidence import chain
from quizapp.formats.text import alphabetical
from quizapp.people.models import User

STATES = ("present", "absent", "excused")
YEARS = range(2000, 2101)  # what is beyond was mistyped
LONGEST_NAME = 200
LONGEST_MEETING = 24 * 60


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
    _record(session, "cohort.added", cohort, _facts(session, cohort), by, now)
    return cohort


def change(session: Session, cohort: Cohort, plan: Plan, *, by: str, now: datetime) -> None:
    """Change what a cohort is. Raises Invalid as above, Refused for a closed one."""
    _check_open(cohort)
    _describe(session, cohort, plan)
    session.flush()
    _record(session, "cohort.changed", cohort, _facts(session, cohort), by, now)


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
    instructor = session.get(User, cohort.instructor_id) if cohort.instructor_id else None
    return {
        "name": cohort.name,
        "program": program and program.slug,
        "instructor": instructor and instructor.public_id,
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": cohort.ends_on and cohort.ends_on.isoformat(),
    }


def close(session: Session, cohort: Cohort, *, by: str, now: datetime) -> None:
    """End a cohort: it is kept as it was. Raises Refused for a closed one."""
    _check_open(cohort)
    cohort.closed_at = now
    session.flush()
    _record(session, "cohort.closed", cohort, {}, by, now)


def reopen(session: Session, cohort: Cohort, *, by: str, now: datetime) -> None:
    """Go on with a closed cohort. Raises Missing for an open one."""
    if cohort.closed_at is None:
        raise Missing
    cohort.closed_at = None
    session.flush()
    _record(session, "cohort.reopened", cohort, {}, by, now)


def _check_open(cohort: Cohort) -> None:
    if cohort.closed_at:
        raise Refused(gettext("This cohort is closed: reopen it first."))


def _record(
    session: Session,
    kind: str,
    cohort: Cohort,
    data: Mapping[str, object],
    by: str,
    now: datetime,
) -> None:
    chain.append(session, kind, by=by, about=cohort.public_id, at=now, data=data)


def find(session: Session, public_id: str) -> Cohort:
    """A cohort. Raises Missing."""
    cohort = session.scalars(select(Cohort).where(Cohort.public_id == public_id)).one_or_none()
    if cohort is None:
        raise Missing
    return cohort


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
    return _by_name(Member(*row) for row in rows)


def _by_name(found: Iterable[Member]) -> list[Member]:
    return sorted(found, key=lambda member: alphabetical(member.name))


def add_members(
    session: Session, cohort: Cohort, users: Iterable[User], *, by: str, now: datetime
) -> int:
    """Take people into a cohort, those who belong to it already aside; how many were new.

    Raises Refused for a closed one.
    """
    _check_open(cohort)
    there = {member.user_id for member in members(session, cohort.id)}
    new = {user.id: user.public_id for user in users if user.id not in there}
    if not new:
        return 0
    session.execute(
        insert(CohortMember),
        [{"cohort_id": cohort.id, "user_id": id, "started_at": now} for id in new],
    )
    _enrol(session, cohort, now)
    _record(session, "cohort.members", cohort, {"added": sorted(new.values())}, by, now)
    return len(new)


def remove_member(session: Session, cohort: Cohort, user: User, *, by: str, now: datetime) -> None:
    """Let a person go from a cohort. Raises Missing for whoever is not in it, Refused as above."""
    _check_open(cohort)
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
    _record(session, "cohort.members", cohort, {"removed": [user.public_id]}, by, now)


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
    _check_open(cohort)
    if cohort.program_id is None:
        raise Invalid(gettext("Choose the cohort's program first."))
    program = session.get_one(Program, cohort.program_id)
    wanted = Wanted("cohort", cohort.public_id, due_on)
    return assignments.assign(session, program, wanted, by=by, now=now)


def meetings(session: Session, cohort_id: int) -> list[Meeting]:
    """The days on which a cohort meets, in their order."""
    query = select(Meeting).where(Meeting.cohort_id == cohort_id).order_by(Meeting.on)
    return list(session.scalars(query))


def meeting(session: Session, cohort: Cohort, on: date) -> Meeting:
    """A cohort's meeting of a day. Raises Missing."""
    query = select(Meeting).where(Meeting.cohort_id == cohort.id, Meeting.on == on)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Missing
    return found


def add_meeting(
    session: Session, cohort: Cohort, on: date, minutes: int | None, *, by: str, now: datetime
) -> Meeting:
    """Put down a meeting, one a day. Raises Invalid for one that cannot be, Refused as above."""
    _check_open(cohort)
    if on < cohort.starts_on or (cohort.ends_on and on > cohort.ends_on):
        raise Invalid(gettext("This day is not within the cohort's dates."))
    if minutes is not None and not 1 <= minutes <= LONGEST_MEETING:
        raise Invalid(gettext("A meeting lasts between 1 minute and 24 hours."))
    if any(other.on == on for other in meetings(session, cohort.id)):
        raise Invalid(gettext("The cohort meets on this day already."))
    made = Meeting(cohort_id=cohort.id, on=on, minutes=minutes)
    session.add(made)
    session.flush()
    data = {"on": on.isoformat(), "minutes": minutes}
    _record(session, "cohort.meeting-added", cohort, data, by, now)
    return made


def remove_meeting(
    session: Session, cohort: Cohort, gone: Meeting, *, by: str, now: datetime
) -> None:
    """Take a meeting off. Raises Refused where its attendance was kept."""
    _check_open(cohort)
    if states(session, gone):
        raise Refused(gettext("Attendance was kept for this meeting: it stays."))
    data = {"on": gone.on.isoformat()}
    session.delete(gone)
    session.flush()
    _record(session, "cohort.meeting-removed", cohort, data, by, now)


def states(session: Session, held: Meeting) -> dict[int, str]:
    """Who was at a meeting and who was not, by the person's id."""
    rows = session.execute(
        select(Attendance.user_id, Attendance.state).where(Attendance.meeting_id == held.id)
    )
    return {row.user_id: row.state for row in rows}


def expected(session: Session, held: Meeting) -> list[Member]:
    """Whose attendance of a meeting is kept: the members, and who was put down and left since."""
    there = members(session, held.cohort_id)
    left = states(session, held).keys() - {member.user_id for member in there}
    rows = session.execute(
        select(User.id, User.public_id, User.name, User.employee_number).where(User.id.in_(left))
    )
    return _by_name([*there, *(Member(*row) for row in rows)])


def keep_attendance(
    session: Session,
    cohort: Cohort,
    held: Meeting,
    given: Mapping[str, str],
    *,
    by: str,
    now: datetime,
) -> int:
    """Put down who was there, by public id; how many words changed. Only these are recorded.

    Raises Invalid for an unknown state, Missing for a person who is not expected, Refused for
    a closed cohort.
    """
    _check_open(cohort)
    ids = {member.public_id: member.user_id for member in expected(session, held)}
    if not given.keys() <= ids.keys():
        raise Missing
    if not set(given.values()) <= set(STATES):
        raise Invalid(gettext("Say present, absent or excused."))
    before = states(session, held)
    changed = {who: state for who, state in given.items() if before.get(ids[who]) != state}
    if not changed:
        return 0
    touched = [ids[who] for who in changed]
    session.execute(
        delete(Attendance).where(Attendance.meeting_id == held.id, Attendance.user_id.in_(touched))
    )
    session.execute(
        insert(Attendance),
        [
            {"meeting_id": held.id, "user_id": ids[who], "state": state, "at": now, "by": by}
            for who, state in changed.items()
        ],
    )
    data = {"on": held.on.isoformat(), "states": changed}
    _record(session, "cohort.attendance", cohort, data, by, now)
    return len(changed)


def attendance(session: Session, cohort_id: int) -> dict[int, dict[date, str]]:
    """A cohort's attendance, by the person's id and the day."""
    rows = session.execute(
        select(Attendance.user_id, Meeting.on, Attendance.state)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.cohort_id == cohort_id)
    )
    found: dict[int, dict[date, str]] = {}
    for user_id, on, state in rows:
        found.setdefault(user_id, {})[on] = state
    return found


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
