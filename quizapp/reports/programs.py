"""Programs by person: who is ready, under way, overdue or expiring. Read-only.

Managers come in through a team that they lead, trainers through a program.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, select, text
from sqlalchemy.orm import Session

from quizapp.certification import cycles, progress, status
from quizapp.certification.facts import Waived, waivers_of
from quizapp.certification.models import (
    Certification,
    CertificationAct,
    CertificationBasis,
    CohortMember,
    Enrolment,
    Program,
    ProgramRevision,
)
from quizapp.certification.rules import Step
from quizapp.certification.status import Holding
from quizapp.errors import Missing
from quizapp.formats.text import alphabetical
from quizapp.people import audience, teams
from quizapp.people.models import Membership, User
from quizapp.reports import paths


@dataclass(frozen=True, slots=True)
class Cell:
    """A person in a program: the cycle under way, in steps, and the certification held.

    `is_history`: that one had ended already when it was recorded.
    """

    is_open: bool = False
    version: int | None = None
    due_on: date | None = None
    is_overdue: bool = False
    done: int = 0
    total: int = 0
    held: status.State | None = None
    valid_until: date | None = None
    is_history: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether a certification is held today."""
        return self.held in status.READY

    @property
    def state(self) -> str:
        """overdue, expiring, valid, provisional, under-way, expired, revoked, or "" for nothing."""
        if self.is_overdue:
            return "overdue"
        if self.held and self.is_ready:
            return self.held
        return "under-way" if self.is_open else self.held or ""


NOTHING = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """A person, and how they stand in each of the programs."""

    public_id: str
    name: str
    employee_number: str | None
    cells: tuple[Cell, ...]

    @property
    def is_ready(self) -> bool:
        """Whether something is asked of the person, and all of it is held today."""
        asked = [cell for cell in self.cells if cell.is_open or (cell.held and not cell.is_history)]
        return bool(asked) and all(cell.is_ready for cell in asked)


@dataclass(frozen=True, slots=True)
class Column:
    """A program that concerns somebody of these people."""

    id: int
    slug: str
    title: str


@dataclass(frozen=True)
class ProgramReport:
    """People by name; programs, those of most people first."""

    programs: list[Column]
    rows: list[Row]

    @property
    def ready(self) -> int:
        """How many hold today all that is asked of them."""
        return sum(row.is_ready for row in self.rows)

    def count(self, state: str) -> int:
        """How many people stand so in one program at least."""
        return sum(any(cell.state == state for cell in row.cells) for row in self.rows)


def of_team(session: Session, team_id: int, leader: int, now: datetime) -> ProgramReport:
    """Everybody who works in a team today, in the programs that are there for who leads it."""
    members = select(Membership.user_id).where(
        Membership.team_id == team_id,
        Membership.ended_at.is_(None),
        Membership.leads.is_(False),
    )
    people = select(User).where(User.id.in_(members))
    return _report(session, people, paths.programs_for(session, leader), now)


def of_program(session: Session, program_id: int, now: datetime) -> list[Row]:
    """Everybody here who is under way in a program or was certified by it, each with one cell.

    By company number, as names are not shown.
    """
    inside = select(Enrolment.user_id).where(Enrolment.program_id == program_id)
    people = select(User).where(User.id.in_(inside), User.left_at.is_(None))
    rows = _report(session, people, {program_id}, now, {program_id}).rows
    return sorted(rows, key=_number)


def _number(row: Row) -> tuple[int, str]:
    # Numbers come before those of more digits; who has none comes last.
    return (len(row.employee_number), row.employee_number) if row.employee_number else (99, "")


def of_cohort(
    session: Session, cohort_id: int, program_id: int, now: datetime, leader: int | None = None
) -> dict[str, Cell]:
    """How a cohort's people stand in a program, by their public ids; or those whom one leads."""
    members = select(CohortMember.user_id).where(
        CohortMember.cohort_id == cohort_id, CohortMember.ended_at.is_(None)
    )
    people = select(User).where(User.id.in_(members))
    if leader is not None:
        people = people.where(User.id.in_(teams.LED)).params(leader=leader)
    rows = _report(session, people, {program_id}, now, {program_id}).rows
    return {row.public_id: row.cells[0] for row in rows}


def _report(
    session: Session,
    people: Select[User],
    programs: Collection[int],
    now: datetime,
    always: Collection[int] = (),
) -> ProgramReport:
    """People in those of these programs that concern anybody of them, and in these always."""
    users = session.execute(
        people.with_only_columns(User.id, User.public_id, User.name, User.employee_number)
    ).all()
    cells = _cells(session, [user.id for user in users], programs, now)
    concerned = {program for _, program in cells} | {*always}
    columns = [
        Column(*row)
        for row in session.execute(
            select(Program.id, Program.slug, ProgramRevision.title)
            .join(ProgramRevision, ProgramRevision.id == Program.current_revision_id)
            .where(Program.id.in_(concerned))
        )
    ]
    # What one person brought from another team is not in the way of what all of them need.
    many = Counter(program for _, program in cells)
    columns.sort(key=lambda column: (-many[column.id], alphabetical(column.title)))
    rows = [
        Row(
            user.public_id,
            user.name,
            user.employee_number,
            tuple(cells.get((user.id, column.id), NOTHING) for column in columns),
        )
        for user in users
    ]
    rows.sort(key=lambda row: alphabetical(row.name))
    return ProgramReport(columns, rows)


def _cells(
    session: Session, user_ids: Sequence[int], programs: Collection[int], now: datetime
) -> dict[tuple[int, int], Cell]:
    """What there is to say, by person and program."""
    cells: dict[tuple[int, int], Cell] = {}
    for user_id, several in status.holdings(session, user_ids, now, programs).items():
        for one in status.counting(several).values():
            cells[user_id, one.program_id] = Cell(
                held=one.state, valid_until=one.valid_until, is_history=one.is_history
            )
    enrolments = progress.open_enrolments(session, user_ids, programs)
    for path in progress.paths(session, enrolments, now):
        place = path.enrolment.user_id, path.enrolment.program_id
        cells[place] = replace(
            cells.get(place, NOTHING),
            is_open=True,
            version=path.revision.number,
            due_on=path.due_on,
            is_overdue=path.is_overdue,
            done=sum(step.is_over for step in path.steps),
            total=len(path.steps),
        )
    return cells


def held_of(
    session: Session, user_id: int, now: datetime, program_id: int | None = None
) -> list[Holding]:
    """A person's certifications, of all programs or of one, the newest first."""
    wanted = None if program_id is None else [program_id]
    return status.holdings(session, [user_id], now, wanted)[user_id]


def open_enrolment(session: Session, program_id: int, user_id: int) -> Enrolment | None:
    """The cycle of a program that a person is under way in."""
    return session.execute(
        select(Enrolment).where(
            Enrolment.program_id == program_id,
            Enrolment.user_id == user_id,
            Enrolment.ended_at.is_(None),
        )
    ).scalar_one_or_none()


def has_left(session: Session, program_id: int, user_id: int) -> bool:
    """Whether a person left the last cycle of a program by their own will."""
    last = cycles.last(session, program_id, user_id)
    return last is not None and last.ended == "left"


def others_for(session: Session, user_id: int) -> list[Column]:
    """The published programs for this person that they are not in and hold nothing of, by title."""
    rows = session.execute(
        select(Program.id, Program.slug, ProgramRevision.title)
        .join(ProgramRevision, ProgramRevision.id == Program.current_revision_id)
        .where(
            Program.published_at.is_not(None),
            Program.retired_at.is_(None),
            ~exists().where(
                Enrolment.program_id == Program.id,
                Enrolment.user_id == user_id,
                Enrolment.ended_at.is_(None),
            ),
            ~exists().where(
                Certification.program_id == Program.id,
                Certification.user_id == user_id,
                Certification.cycle >= cycles.FIRST,
            ),
            text(audience.visible("program", "program.slug")),
        ),
        {"viewer": user_id},
    )
    return sorted((Column(*row) for row in rows), key=lambda one: alphabetical(one.title))


def certification(session: Session, program_id: int, user_id: int, code: str) -> Certification:
    """A person's certification in a program by its code. Raises Missing."""
    found = session.execute(
        select(Certification).where(
            Certification.code == code,
            Certification.program_id == program_id,
            Certification.user_id == user_id,
        )
    ).scalar_one_or_none()
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Decisions:
    """What was decided about a person in a program, why and by whom.

    `reasons` has, by the code of a certification and the oldest first, its being recorded,
    revoked and reinstated: act, reason, at and by. `waivers` are those of the open cycle.
    `names` are of whoever decided, by their public ids.
    """

    reasons: dict[str, list[Any]]
    waivers: dict[Step, Waived]
    names: dict[str, str]


def decisions_of(
    session: Session, program_id: int, user_id: int, enrolment: Enrolment | None
) -> Decisions:
    """What the person themselves and the program's trainers may read."""
    reasons = _reasons(session, program_id, user_id)
    waivers: dict[Step, Waived] = {}
    if enrolment:
        waivers = dict(waivers_of(session, [enrolment]).get(enrolment.id, {}))
    deciders = [one.by for several in reasons.values() for one in several]
    deciders += [waived.by for waived in waivers.values()]
    return Decisions(reasons, waivers, teams.names(session, deciders))


def _reasons(session: Session, program_id: int, user_id: int) -> dict[str, list[Any]]:
    own = (Certification.program_id == program_id, Certification.user_id == user_id)
    found: dict[str, list[Any]] = {}
    for row in session.execute(
        select(
            Certification.code,
            Certification.source.label("act"),
            Certification.reason,
            Certification.awarded_at.label("at"),
            Certification.by,
        ).where(*own, Certification.source == "recorded")
    ):
        found.setdefault(row.code, []).append(row)
    for row in session.execute(
        select(
            Certification.code,
            CertificationAct.act,
            CertificationAct.reason,
            CertificationAct.at,
            CertificationAct.by,
        )
        .join(Certification, Certification.id == CertificationAct.certification_id)
        .where(*own)
        .order_by(CertificationAct.id)
    ):
        found.setdefault(row.code, []).append(row)
    return found


def awarded_at(session: Session, user_id: int, at: datetime) -> list[tuple[str, str]]:
    """The programs (slug and title) for which a person was certified at this very moment."""
    rows = session.execute(
        select(Program.slug, ProgramRevision.title)
        .join(Certification, Certification.program_id == Program.id)
        .join(ProgramRevision, ProgramRevision.id == Certification.program_revision_id)
        .where(Certification.user_id == user_id, Certification.awarded_at == at)
    )
    return [(slug, title) for slug, title in rows]


def resting_on(session: Session, user_id: int, attempt: str, now: datetime) -> list[Holding]:
    """The person's certifications that rest on an attempt of theirs (its public id)."""
    resting = set(
        session.scalars(
            select(CertificationBasis.certification_id).where(
                CertificationBasis.kind == "quiz", CertificationBasis.ref == attempt
            )
        )
    )
    # Most attempts certify nothing: no more is asked then.
    return [one for one in held_of(session, user_id, now) if one.id in resting] if resting else []
