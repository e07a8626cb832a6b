"""Renewals: the next cycle opens before a certification ends, which itself stays as it is."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from quizapp.certification import cycles
from quizapp.certification.concerns import concerns
from quizapp.certification.models import Certification, Enrolment, Program, ProgramRevision
from quizapp.certification.rules import ProgramRules
from quizapp.certification.status import is_revoked
from quizapp.evidence import chain
from quizapp.people import calendars
from quizapp.people.models import User


def open_due(session: Session, now: datetime) -> list[Enrolment]:
    """Open the next cycle of what ends soon, by the person's day; again opens nothing more.

    It runs by the newest revision, and what is done from now on counts in it. It is due when the
    certification ends, for whom an assignment concerns.
    """
    session.flush()
    ending = [
        row
        for row in session.execute(_LAST)
        if calendars.day_of(row.zone, now)
        >= ProgramRules.from_json(row.rules).renews_on(row.valid_until)
    ]
    if not ending:
        return []
    wanted, opened = concerns(session, now), []
    for row in ending:
        one = wanted.get((row.program_id, row.user_id))
        enrolment, _ = cycles.opened(
            session,
            session.get_one(Program, row.program_id),
            row.user_id,
            now=now,
            assignment_id=one.assignment_id if one else None,
            due_on=row.valid_until if one else None,
        )
        opened.append(enrolment)
    for row, enrolment in zip(ending, opened, strict=True):
        chain.append(
            session,
            "program.renewal",
            by=chain.SYSTEM,
            about=enrolment.public_id,
            at=now,
            data={
                "person": row.person,
                "program": row.slug,
                "cycle": enrolment.cycle,
                "certification": row.code,
                "valid_until": row.valid_until.isoformat(),
            },
        )
    return opened


_LATER = aliased(Enrolment)
# Of each person in each published program the certification of the newest cycle, if it ends some
# day. Who holds a revoked one, and has to hold it, is enrolled anew without waiting for an end.
_LAST = (
    select(
        Certification.code,
        Certification.program_id,
        Certification.user_id,
        Certification.valid_until,
        Program.slug,
        ProgramRevision.rules,
        User.zone,
        User.public_id.label("person"),
    )
    .join(Program, Program.id == Certification.program_id)
    .join(ProgramRevision, ProgramRevision.id == Certification.program_revision_id)
    .join(User, User.id == Certification.user_id)
    .where(
        Certification.valid_until.is_not(None),
        Certification.cycle >= cycles.FIRST,
        Program.published_at.is_not(None),
        Program.retired_at.is_(None),
        User.left_at.is_(None),
        ~exists().where(
            _LATER.program_id == Certification.program_id,
            _LATER.user_id == Certification.user_id,
            _LATER.cycle > Certification.cycle,
        ),
        ~is_revoked(),
    )
    .order_by(Certification.id)
)
