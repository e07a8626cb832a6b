"""When a cohort meets, and who was there."""

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from quizapp.certification import cohorts
from quizapp.certification.cohorts import Member
from quizapp.certification.models import Attendance, Cohort, Meeting
from quizapp.errors import Invalid, Missing, Refused
from quizapp.people.models import User

STATES = ("present", "absent", "excused")
LONGEST_MEETING = 24 * 60  # minutes


def of_cohort(session: Session, cohort_id: int) -> list[Meeting]:
    """The days on which a cohort meets, in their order."""
    query = select(Meeting).where(Meeting.cohort_id == cohort_id).order_by(Meeting.on)
    return list(session.scalars(query))


def find(session: Session, cohort: Cohort, on: date) -> Meeting:
    """A cohort's meeting of a day. Raises Missing."""
    query = select(Meeting).where(Meeting.cohort_id == cohort.id, Meeting.on == on)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Missing
    return found


def add(
    session: Session, cohort: Cohort, on: date, minutes: int | None, *, by: str, now: datetime
) -> Meeting:
    """Put down a meeting, one a day.

    Raises Invalid for one that cannot be, Refused for a closed cohort.
    """
    cohorts.check_open(cohort)
    if on < cohort.starts_on or (cohort.ends_on and on > cohort.ends_on):
        raise Invalid(gettext("This day is not within the cohort's dates."))
    if minutes is not None and not 1 <= minutes <= LONGEST_MEETING:
        raise Invalid(gettext("A meeting lasts between 1 minute and 24 hours."))
    if any(other.on == on for other in of_cohort(session, cohort.id)):
        raise Invalid(gettext("The cohort meets on this day already."))
    made = Meeting(cohort_id=cohort.id, on=on, minutes=minutes)
    session.add(made)
    session.flush()
    data = {"on": on.isoformat(), "minutes": minutes}
    cohorts.record(session, "cohort.meeting-added", cohort, data, by, now)
    return made


def remove(session: Session, cohort: Cohort, gone: Meeting, *, by: str, now: datetime) -> None:
    """Take a meeting off. Raises Refused where its attendance was kept."""
    cohorts.check_open(cohort)
    if states(session, gone):
        raise Refused(gettext("Attendance was kept for this meeting: it stays."))
    data = {"on": gone.on.isoformat()}
    session.delete(gone)
    session.flush()
    cohorts.record(session, "cohort.meeting-removed", cohort, data, by, now)


def states(session: Session, held: Meeting) -> dict[int, str]:
    """Who was at a meeting and who was not, by the person's id."""
    rows = session.execute(
        select(Attendance.user_id, Attendance.state).where(Attendance.meeting_id == held.id)
    )
    return {row.user_id: row.state for row in rows}


def expected(session: Session, held: Meeting) -> list[Member]:
    """Whose attendance of a meeting is kept: the members, and who was put down and left since."""
    there = cohorts.members(session, held.cohort_id)
    left = states(session, held).keys() - {member.user_id for member in there}
    rows = session.execute(
        select(User.id, User.public_id, User.name, User.employee_number).where(User.id.in_(left))
    )
    return cohorts.by_name([*there, *(Member(*row) for row in rows)])


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
    cohorts.check_open(cohort)
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
    cohorts.record(session, "cohort.attendance", cohort, data, by, now)
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
