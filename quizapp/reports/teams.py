"""A team at a glance. Every query starts from the team: there is no other way in."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from quizapp.content.models import Bank, ProcedureRevision, Section
from quizapp.content.procedures import is_in_force
from quizapp.people.models import Membership, User
from quizapp.quiz.models import Attempt, Quiz, Score
from quizapp.reports.progress import latest_score
from quizapp.study.models import SectionRead


@dataclass(frozen=True)
class QuizColumn:
    """A published quiz, as a column of the table."""

    id: int
    slug: str
    title: str
    cut_score: float


@dataclass(slots=True)
class Cell:
    """A person in a quiz: attempts submitted, the best score, whether one passed or is open."""

    attempts: int = 0
    best: float | None = None
    passed: bool = False
    open: bool = False

    @property
    def state(self) -> str:
        """passed, open, failed or new."""
        if self.passed:
            return "passed"
        if self.open:
            return "open"
        return "failed" if self.attempts else "new"


@dataclass(slots=True)
class Row:
    """A person of the team."""

    user_id: int
    public_id: str
    name: str
    employee_number: str | None
    has_password: bool
    cells: list[Cell]
    read: int = 0
    last_active: datetime | None = None
    passed: int = 0


@dataclass(frozen=True)
class TeamReport:
    """Everyone in a team, by name: no ranking."""

    quizzes: list[QuizColumn]
    sections: int
    rows: list[Row]

    @property
    def passed_everything(self) -> int:
        """How many have passed every published quiz."""
        return sum(row.passed == len(self.quizzes) for row in self.rows) if self.quizzes else 0

    @property
    def not_started(self) -> int:
        """How many have neither read nor tried anything."""
        return sum(row.last_active is None for row in self.rows)


def of_team(session: Session, team_id: int, today: date) -> TeamReport:
    """The report of one team."""
    quizzes = [
        QuizColumn(*row)
        for row in session.execute(
            select(Quiz.id, Quiz.slug, Quiz.title, Quiz.cut_score)
            .join(Bank, Bank.id == Quiz.bank_id)
            .where(Quiz.withdrawn_at.is_(None), Bank.retired_at.is_(None))
            .order_by(func.lower(Quiz.title))
        )
    ]
    column = {quiz.id: i for i, quiz in enumerate(quizzes)}
    rows = {
        row.id: Row(
            row.id,
            row.public_id,
            row.name,
            row.employee_number,
            row.password_hash is not None,
            [Cell() for _ in quizzes],
        )
        for row in session.execute(
            select(User.id, User.public_id, User.name, User.employee_number, User.password_hash)
            .where(User.id.in_(members(team_id)))
            .order_by(func.lower(User.name))
        )
    }
    for user_id, quiz_id, state, started, submitted, percent, passed in session.execute(
        select(
            Attempt.user_id,
            Attempt.quiz_id,
            Attempt.state,
            Attempt.started_at,
            Attempt.submitted_at,
            Score.percent,
            Score.passed,
        )
        .outerjoin(Score, and_(Score.attempt_id == Attempt.id, latest_score()))
        .where(Attempt.user_id.in_(members(team_id)), Attempt.state != "void")
    ):
        row = rows[user_id]
        row.last_active = max(filter(None, (row.last_active, submitted or started)))
        if quiz_id not in column:
            continue
        cell = row.cells[column[quiz_id]]
        if state == "open":
            cell.open = True
            continue
        cell.attempts += 1
        cell.best = percent if cell.best is None else max(cell.best, percent)
        if passed and not cell.passed:
            cell.passed = True
            row.passed += 1
    for user_id, count, last in session.execute(
        select(SectionRead.user_id, func.count(), func.max(SectionRead.read_at))
        .join(
            ProcedureRevision,
            and_(ProcedureRevision.procedure_id == SectionRead.procedure_id, is_in_force(today)),
        )
        .join(
            Section,
            and_(
                Section.revision_id == ProcedureRevision.id,
                Section.anchor == SectionRead.anchor,
                Section.hash == SectionRead.section_hash,
            ),
        )
        .where(SectionRead.user_id.in_(members(team_id)))
        .group_by(SectionRead.user_id)
    ):
        row = rows[user_id]
        row.read = count
        row.last_active = max(filter(None, (row.last_active, last)))
    sections = session.execute(
        select(func.count(Section.id))
        .join(ProcedureRevision, ProcedureRevision.id == Section.revision_id)
        .where(is_in_force(today))
    ).scalar_one()
    return TeamReport(quizzes, sections, list(rows.values()))


def members(team_id: int) -> Select[int]:
    """The ids of those who work in a team today."""
    return select(Membership.user_id).where(
        Membership.team_id == team_id,
        Membership.ended_at.is_(None),
        Membership.leads.is_(False),
    )
