"""Who is under way in a program, by the version that they began with."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from quizapp.certification.models import Enrolment, ProgramRevision
from quizapp.people.models import Membership, Team, User


@dataclass(frozen=True)
class UnderWay:
    """A person under way, by company number; `enrolment` is its public id."""

    enrolment: str
    number: str
    team: str
    version: int
    cycle: int
    due_on: date | None


def under_way(session: Session, program_id: int) -> dict[int, list[UnderWay]]:
    """Everybody under way in a program, by version, the newest first, each by team and number."""
    found: dict[int, list[UnderWay]] = {}
    for row in session.execute(_UNDER_WAY, {"program": program_id}):
        one = UnderWay(row[0], row[1] or "–", row[2] or "", *row[3:])
        found.setdefault(one.version, []).append(one)
    return {
        version: sorted(found[version], key=lambda one: (one.team, one.number))
        for version in sorted(found, reverse=True)
    }


_UNDER_WAY = (
    select(
        Enrolment.public_id,
        User.employee_number,
        Team.name,
        ProgramRevision.number,
        Enrolment.cycle,
        Enrolment.due_on,
    )
    .join(User, User.id == Enrolment.user_id)
    .join(ProgramRevision, ProgramRevision.id == Enrolment.program_revision_id)
    .outerjoin(
        Membership,
        (Membership.user_id == User.id)
        & Membership.ended_at.is_(None)
        & Membership.leads.is_(False),
    )
    .outerjoin(Team, Team.id == Membership.team_id)
    .where(Enrolment.program_id == bindparam("program"), Enrolment.ended_at.is_(None))
)


def counts(session: Session) -> dict[int, int]:
    """How many are under way in each program, by its id."""
    return dict(iter(session.execute(_COUNTS)))


_COUNTS = (
    select(Enrolment.program_id, func.count())
    .where(Enrolment.ended_at.is_(None))
    .group_by(Enrolment.program_id)
)
