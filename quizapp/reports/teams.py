"""A team at a glance. Every query starts from the team: there is no other way in."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from quizapp.content.visibility import TEAM_READABLE
from quizapp.db import UtcDateTime
from quizapp.evidence import chain
from quizapp.formats.text import alphabetical
from quizapp.people import audience
from quizapp.quiz.rules import GRACE, is_over
from quizapp.reports.scorings import IS_LATEST
from quizapp.study.reading import said_by


@dataclass(frozen=True)
class QuizColumn:
    """A published exam, as a column of the table; practice certifies nothing."""

    id: int
    slug: str
    title: str
    cut_score: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A person in a quiz: attempts that ended, the score that counts (per cent), whether it
    passed; whether one is open, or over and not scored yet."""

    attempts: int = 0
    score: float | None = None
    passed: bool = False
    open: bool = False
    over: bool = False

    @property
    def state(self) -> str:
        """passed, open, submitted, failed or new."""
        if self.passed:
            return "passed"
        if self.open:
            return "open"
        if self.over:
            return "submitted"
        return "failed" if self.attempts else "new"


NOTHING = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """A person of the team; `owes` is whether a program asks for a quiz not passed yet."""

    public_id: str
    name: str
    employee_number: str | None
    has_password: bool
    cells: tuple[Cell, ...]
    owes: bool
    read: int
    last_active: datetime | None

    @property
    def passed_everything(self) -> bool:
        """Whether the person passed all that was asked of them or that they began: not nothing."""
        begun = [cell for cell in self.cells if cell.state != "new"]
        return bool(begun) and not self.owes and all(cell.passed for cell in begun)


@dataclass(frozen=True, eq=False)
class TeamReport:
    """Everyone in a team, by name: no ranking. It holds until an open attempt's time is over."""

    quizzes: list[QuizColumn]
    sections: int
    rows: list[Row]
    until: datetime | None = None

    @cached_property
    def passed_everything(self) -> int:
        """How many have passed all the quizzes that they owe or began, whatever else is there."""
        return sum(row.passed_everything for row in self.rows)

    @cached_property
    def not_started(self) -> int:
        """How many have neither read nor tried anything."""
        return sum(row.last_active is None for row in self.rows)


# Plain SQL, built once: a manager's most frequent page, whose team may have hundreds.
_MEMBERS = """
    SELECT user_id FROM membership
    WHERE team_id = :team AND ended_at IS NULL AND NOT leads
"""
_EXAMS = f"""
    SELECT quiz.id, quiz.slug, quiz.title, quiz.cut_score FROM quiz
    LEFT JOIN bank ON bank.id = quiz.bank_id
    WHERE quiz.use = 'exam' AND quiz.published_at IS NOT NULL AND quiz.withdrawn_at IS NULL
      AND bank.retired_at IS NULL AND {audience.for_team("quiz", "quiz.slug")}
"""  # noqa: S608
_QUIZZES = text(_EXAMS)
# Who is under way in a program that asks for one of them: neither waived nor passed, in a renewal
# since it opened.
_OWING = text(
    f"""
    SELECT DISTINCT enrolment.user_id FROM enrolment
    JOIN program_step AS step ON step.program_revision_id = enrolment.program_revision_id
    JOIN ({_EXAMS}) AS exam ON exam.slug = step.slug
    WHERE enrolment.user_id IN ({_MEMBERS}) AND enrolment.ended_at IS NULL AND step.kind = 'quiz'
      AND NOT EXISTS (
        SELECT 1 FROM waiver
        WHERE waiver.enrolment_id = enrolment.id AND waiver.ended_at IS NULL
          AND waiver.kind = 'quiz' AND waiver.slug = step.slug)
      AND NOT EXISTS (
        SELECT 1 FROM attempt JOIN score ON score.attempt_id = attempt.id AND {IS_LATEST}
        WHERE attempt.user_id = enrolment.user_id AND attempt.quiz_id = exam.id
          AND attempt.state = 'submitted' AND score.passed
          AND (enrolment.cycle = 1 OR attempt.submitted_at >= enrolment.since))
    """  # noqa: S608
)
_PEOPLE = text(
    f"""
    SELECT id, public_id, name, employee_number, password_hash IS NOT NULL FROM "user"
    WHERE id IN ({_MEMBERS})
    """  # noqa: S608
)
# The attempt that counts has the first place: the best (a pass before any other), last or first.
_ATTEMPTS = (
    text(
        f"""
    SELECT user_id, quiz_id, sum(1 - is_open) AS attempts,
           max(CASE WHEN place = 1 THEN percent END) AS score,
           max(CASE WHEN place = 1 AND passed THEN 1 ELSE 0 END) AS passed,
           max(is_open) AS is_open, max(is_over) AS is_over, max(at) AS last, min(ends) AS ends
    FROM (
        SELECT attempt.user_id, attempt.quiz_id, score.percent, score.passed,
               CASE WHEN attempt.state <> 'open' OR attempt.deadline_at < :limit
                    THEN 0 ELSE 1 END AS is_open,
               CASE WHEN attempt.state = 'open' AND attempt.deadline_at < :limit
                    THEN 1 ELSE 0 END AS is_over,
               coalesce(attempt.submitted_at, attempt.started_at) AS at,
               CASE WHEN attempt.state = 'open' AND attempt.deadline_at >= :limit
                    THEN attempt.deadline_at END AS ends,
               row_number() OVER (
                   PARTITION BY attempt.user_id, attempt.quiz_id
                   ORDER BY CASE WHEN score.id IS NULL THEN 1 ELSE 0 END,
                            CASE quiz.counts WHEN 'last' THEN -attempt.number
                                 WHEN 'first' THEN attempt.number ELSE 0 END,
                            score.passed DESC, score.percent DESC) AS place
        FROM attempt JOIN quiz ON quiz.id = attempt.quiz_id AND quiz.use = 'exam'
        LEFT JOIN score ON score.attempt_id = attempt.id AND {IS_LATEST}
        WHERE attempt.user_id IN ({_MEMBERS}) AND attempt.state <> 'void'
    ) AS placed
    GROUP BY user_id, quiz_id
    """  # noqa: S608
    )
    .bindparams(bindparam("limit", type_=UtcDateTime))
    .columns(last=UtcDateTime, ends=UtcDateTime)
)
_IN_FORCE = f"""
    SELECT procedure_id, max(number) AS number FROM procedure_revision
    JOIN procedure ON procedure.id = procedure_id
    WHERE procedure.retired_at IS NULL AND (in_force_from IS NULL OR in_force_from <= :today)
      AND {TEAM_READABLE}
    GROUP BY procedure_id
"""  # noqa: S608
_SECTIONS = text(
    f"""
    SELECT count(*) FROM ({_IN_FORCE}) AS current
    JOIN procedure_revision AS revision
      ON revision.procedure_id = current.procedure_id AND revision.number = current.number
    JOIN section ON section.revision_id = revision.id
    """  # noqa: S608
)
_MARKS = text(
    f"""
    SELECT mark.user_id, count(DISTINCT section.id), max(mark.at) AS last
    FROM ({said_by(_MEMBERS)}) AS mark
    JOIN ({_IN_FORCE}) AS current ON current.procedure_id = mark.procedure_id
    JOIN procedure_revision AS revision
      ON revision.procedure_id = current.procedure_id AND revision.number = current.number
    LEFT JOIN section ON section.revision_id = revision.id
      AND section.anchor = mark.anchor AND section.hash = mark.section_hash
    GROUP BY mark.user_id
    """  # noqa: S608
).columns(last=UtcDateTime)


_kept: dict[int, tuple[tuple[str, date], TeamReport]] = {}


def of_team(session: Session, team_id: int, today: date, now: datetime) -> TeamReport:
    """The report of one team.

    It is kept until the evidence grows, an open attempt's time is over or the day ends:
    nothing else changes what it shows. For requests that only read; in the middle of a change
    the entry is still to come.
    """
    state = chain.head(session)[1], today
    kept = _kept.get(team_id)
    if kept is None or kept[0] != state or is_over(kept[1].until, now):
        kept = _kept[team_id] = state, _read(session, team_id, today, now)
    return kept[1]


def _read(session: Session, team_id: int, today: date, now: datetime) -> TeamReport:
    team, day = {"team": team_id}, {"today": today.isoformat()}
    quizzes = [QuizColumn(*row) for row in session.execute(_QUIZZES, team).all()]
    quizzes.sort(key=lambda quiz: alphabetical(quiz.title))
    cells: dict[tuple[int, int], Cell] = {}
    last: dict[int, datetime] = {}
    ends: list[datetime] = []
    for row in session.execute(_ATTEMPTS, {**team, "limit": now - GRACE}).all():
        user_id, quiz_id, attempts, score, passed, is_open, over, at, end = row
        cells[user_id, quiz_id] = Cell(
            int(attempts), score, bool(passed), bool(is_open), bool(over)
        )
        last[user_id] = max(at, last.get(user_id, at))
        if end is not None:
            ends.append(end)
    read: dict[int, int] = {}
    for user_id, count, at in session.execute(_MARKS, {**team, **day}).all():
        read[user_id] = count
        last[user_id] = max(at, last.get(user_id, at))
    owing = set(session.execute(_OWING, team).scalars())
    rows = [
        Row(
            public_id,
            name,
            number,
            bool(has_password),
            tuple(cells.get((user_id, quiz.id), NOTHING) for quiz in quizzes),
            user_id in owing,
            read.get(user_id, 0),
            last.get(user_id),
        )
        for user_id, public_id, name, number, has_password in session.execute(_PEOPLE, team).all()
    ]
    rows.sort(key=lambda row: alphabetical(row.name))
    sections = session.execute(_SECTIONS, {**team, **day}).scalar_one()
    return TeamReport(quizzes, sections, rows, min(ends, default=None))
