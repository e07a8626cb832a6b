"""What people are told of their programs and certifications, each thing once.

What is to be told is found from the rows as they stand, not when something happens: so nothing is
lost when a worker was away, and nothing told twice (`Notice.once`). Who is away is reminded of
nothing, and after their return of where things stand then.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.certification import cycles, progress
from quizapp.certification.models import (
    Assignment,
    Certification,
    CertificationAct,
    Enrolment,
    Program,
    ProgramRevision,
)
from quizapp.certification.rules import ProgramRules
from quizapp.certification.status import is_revoked
from quizapp.notices.outbox import Once
from quizapp.people import calendars
from quizapp.people.models import User

DUE_DAYS = (7, 1)  # so many days before something is due
AGAIN = 7  # days from one reminder of what is overdue to the next
# For so long a worker may have been away and tells all the same what was decided.
NEWS = timedelta(days=14)
LATE = timedelta(days=30)  # and that a certification has expired

DAY = timedelta(days=1)


def to_tell(session: Session, now: datetime) -> list[Once]:
    """All that is to be told by now, also what was told; reads only."""
    return [
        *_assigned(session, now),
        *_due(session, now),
        *_expiring(session, now),
        *_awarded(session, now),
        *_acts(session, now),
    ]


def _assigned(session: Session, now: datetime) -> Iterator[Once]:
    """Who has to complete a program now, and did not have to before."""
    rows = session.execute(
        _enrolments().where(
            or_(Enrolment.since > now - NEWS, Assignment.at > now - NEWS),
            Enrolment.assignment_id.is_not(None),
            ~_renews(),
        )
    ).all()
    for row, due in _with_due(session, rows):
        on = due.isoformat() if due and due != calendars.UNKNOWN else None
        yield _once(row, "assigned", f"assigned:{row.ref}", on=on)


def _due(session: Session, now: datetime) -> Iterator[Once]:
    """What is due soon, and what is overdue."""
    # Absence and holidays only ever move a day on: the day itself is a first sieve.
    near = calendars.day_of(None, now) + (max(DUE_DAYS) + 1) * DAY
    found = _enrolments().add_columns(_renews().label("renews")).where(Enrolment.due_on <= near)
    rows = session.execute(found).all()
    away = calendars.away_now(session, ((row.user_id, row.zone) for row in rows), now)
    for row, due in _with_due(session, rows):
        if due is None or row.user_id in away:
            continue
        days = (due - calendars.day_of(row.zone, now)).days
        # The day is part of the name: one that has moved is news.
        name = f"{row.ref}:{due.isoformat()}"
        if days < 0:
            again = (-days - 1) // AGAIN
            if again or not row.renews:  # then it has expired, which is said
                yield _once(row, "overdue", f"overdue:{name}:{again}", on=due.isoformat())
        elif row.renews:
            continue  # the certification that it renews announces its end
        elif (at := _reached(DUE_DAYS, days, due - _began(row))) is not None:
            yield _once(row, "due", f"due:{name}:{at}", on=due.isoformat(), days=days)


def _began(row: Row[Any]) -> date:
    return progress.given_on(row.zone, row.asked_at, row.since)


def _reached(marks: Sequence[int], days: int, whole: timedelta) -> int | None:
    """The last of these marks, in days before an end, that is reached with so many days left.

    One at which the whole time had not begun is none: what begins says itself when it ends.
    """
    return min((mark for mark in marks if days <= mark < whole.days), default=None)


def _expiring(session: Session, now: datetime) -> Iterator[Once]:
    """Certifications that end soon or have ended, unless a later one takes their place."""
    later, first = aliased(Certification), calendars.day_of(None, now) - LATE
    rows = session.execute(
        _certifications()
        .add_columns(ProgramRevision.rules)
        .where(
            Program.retired_at.is_(None),
            Certification.valid_until > first,
            Certification.cycle >= cycles.FIRST,
            ~exists().where(
                later.user_id == Certification.user_id,
                later.program_id == Certification.program_id,
                later.cycle > Certification.cycle,
            ),
            ~is_revoked(),
        )
    ).all()
    away = calendars.away_now(session, ((row.user_id, row.zone) for row in rows), now)
    for row in rows:
        if row.user_id in away:
            continue
        on, days = row.valid_until, (row.valid_until - calendars.day_of(row.zone, now)).days
        marks = ProgramRules.from_json(row.rules).warn_days
        if days < 0:
            yield _once(row, "expired", f"expired:{row.ref}", on=on.isoformat())
        elif (at := _reached(marks, days, on - row.awarded_on)) is not None:
            name = f"expiring:{row.ref}:{at}"
            yield _once(row, "expiring", name, on=on.isoformat(), days=days)


def _awarded(session: Session, now: datetime) -> Iterator[Once]:
    """New certifications, those that continue an earlier one, and what was recorded as history."""
    for row in session.execute(_certifications().where(Certification.awarded_at > now - NEWS)):
        kind = "awarded" if row.cycle == cycles.FIRST else "renewed"
        if row.cycle < cycles.FIRST:
            kind = "recorded"
        on = row.valid_until.isoformat() if row.valid_until else None
        yield _once(row, kind, f"awarded:{row.ref}", on=on)


def _acts(session: Session, now: datetime) -> Iterator[Once]:
    """What was decided about certifications."""
    acts = (
        _certifications()
        .add_columns(
            CertificationAct.id.label("act_id"), CertificationAct.act, CertificationAct.reason
        )
        .join(CertificationAct, CertificationAct.certification_id == Certification.id)
        .where(CertificationAct.at > now - NEWS)
    )
    for row in session.execute(acts):
        yield _once(row, row.act, f"act:{row.act_id}", reason=row.reason)


def _enrolments() -> Select[*tuple[Any, ...]]:
    """Open enrolments in programs that still are, of people who still are here."""
    return (
        select(
            Enrolment.public_id.label("ref"),
            Enrolment.user_id,
            Enrolment.since,
            Enrolment.due_on,
            Assignment.at.label("asked_at"),
            User.public_id.label("person"),
            User.zone,
            Program.slug,
            ProgramRevision.title,
        )
        .join(User, User.id == Enrolment.user_id)
        .join(Program, Program.id == Enrolment.program_id)
        .join(ProgramRevision, ProgramRevision.id == Enrolment.program_revision_id)
        .outerjoin(Assignment, Assignment.id == Enrolment.assignment_id)
        .where(Enrolment.ended_at.is_(None), Program.retired_at.is_(None), User.left_at.is_(None))
    )


def _renews() -> ColumnElement[bool]:
    """Whether an enrolment is to continue a certification that ends."""
    return exists().where(
        Certification.user_id == Enrolment.user_id,
        Certification.program_id == Enrolment.program_id,
        Certification.cycle == Enrolment.cycle - 1,
        Certification.cycle >= cycles.FIRST,
        Certification.valid_until.is_not(None),
        ~is_revoked(),
    )


def _certifications() -> Select[*tuple[Any, ...]]:
    """Certifications of people who still are here, with the title that they bear."""
    return (
        select(
            Certification.code.label("ref"),
            Certification.user_id,
            Certification.cycle,
            Certification.awarded_on,
            Certification.valid_until,
            User.public_id.label("person"),
            User.zone,
            Program.slug,
            ProgramRevision.title,
        )
        .join(User, User.id == Certification.user_id)
        .join(Program, Program.id == Certification.program_id)
        .join(ProgramRevision, ProgramRevision.id == Certification.program_revision_id)
        .where(User.left_at.is_(None))
    )


def _with_due(session: Session, rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], date | None]]:
    """Enrolments with the day on which they are due, as absence and holidays move it."""
    asked = [(row.user_id, _began(row), row.due_on) for row in rows if row.due_on]
    moved = iter(calendars.due_for_many(session, asked))
    for row in rows:
        yield row, next(moved) if row.due_on else None


def _once(row: Row[Any], kind: str, once: str, **args: Any) -> Once:
    given = {name: value for name, value in args.items() if value is not None}
    return Once(row.person, kind, {"program": row.title, **given}, f"/programs/{row.slug}", once)
