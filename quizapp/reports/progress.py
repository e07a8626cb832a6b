"""One person's progress: read, attempted, passed; by competency and over time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.content.models import Bank, ItemRevision
from quizapp.content.procedures import Listed, listed
from quizapp.formats.text import alphabetical
from quizapp.quiz.models import Attempt, AttemptItem, ItemScore, Quiz, Score
from quizapp.study.reading import read_counts

FEW = 3  # answers below which a share says nothing yet


@dataclass(frozen=True)
class Reading:
    """A procedure and how much of it was read."""

    procedure: Listed
    read: int

    @property
    def done(self) -> bool:
        """Whether every section was read as it is now."""
        return self.read >= self.procedure.sections > 0


@dataclass(frozen=True)
class Tried:
    """An attempt and its score; the score is null while it is open."""

    public_id: str
    quiz: str
    title: str
    number: int
    state: str
    started_at: datetime
    submitted_at: datetime | None
    percent: float | None
    points: float | None
    max_points: int | None
    passed: bool | None
    cut_score: float


@dataclass(frozen=True)
class Standing:
    """A quiz and where a person stands in it: the best attempt and the last."""

    slug: str
    title: str
    cut_score: float
    tried: tuple[Tried, ...]

    @property
    def open(self) -> Tried | None:
        """The attempt to go on with."""
        return next((t for t in self.tried if t.state == "open"), None)

    @property
    def best(self) -> Tried | None:
        """The submitted attempt with the highest score."""
        done = [t for t in self.tried if t.percent is not None]
        return max(done, key=lambda t: t.percent or 0.0, default=None)

    @property
    def state(self) -> str:
        """passed, open, failed or new: what to say of it in one word."""
        if any(t.passed for t in self.tried):
            return "passed"
        if self.open:
            return "open"
        return "failed" if self.tried else "new"


@dataclass(frozen=True)
class Competency:
    """Points of a competency over all submitted attempts."""

    name: str
    points: float
    items: int

    @property
    def percent(self) -> float:
        """Points for each item asked, in per cent."""
        return 100 * self.points / self.items

    @property
    def enough(self) -> bool:
        """Whether there are answers enough to say anything."""
        return self.items >= FEW


@dataclass(frozen=True)
class Progress:
    """All that is said of one person."""

    readings: list[Reading]
    standings: list[Standing]
    tried: list[Tried]
    competencies: list[Competency]

    @property
    def read(self) -> int:
        """Sections read as they are now."""
        return sum(r.read for r in self.readings)

    @property
    def sections(self) -> int:
        """Sections there are."""
        return sum(r.procedure.sections for r in self.readings)

    @property
    def passed(self) -> int:
        """Quizzes passed."""
        return sum(s.state == "passed" for s in self.standings)


def latest_score() -> ColumnElement[bool]:
    """The condition on Score that picks an attempt's last scoring."""
    other = aliased(Score)
    return and_(
        Score.number
        == select(func.max(other.number))
        .where(other.attempt_id == Score.attempt_id)
        .scalar_subquery()
    )


def of_person(session: Session, user_id: int, today: date) -> Progress:
    """A person's progress in what is published and in force."""
    counts = read_counts(session, user_id, today)
    tried = attempts_of(session, user_id)
    by_quiz: dict[str, list[Tried]] = defaultdict(list)
    for attempt in tried:
        by_quiz[attempt.quiz].append(attempt)
    quizzes = session.execute(
        select(Quiz.slug, Quiz.title, Quiz.cut_score)
        .join(Bank, Bank.id == Quiz.bank_id)
        .where(Quiz.withdrawn_at.is_(None), Bank.retired_at.is_(None))
    )
    standings = [
        Standing(slug, title, cut, tuple(by_quiz.pop(slug, ()))) for slug, title, cut in quizzes
    ]
    standings.sort(key=lambda one: alphabetical(one.title))
    # What was begun can be finished, though the quiz is off the list.
    standings += [
        Standing(slug, own[0].title, own[0].cut_score, tuple(own))
        for slug, own in by_quiz.items()
        if any(attempt.state == "open" for attempt in own)
    ]
    return Progress(
        [Reading(p, counts.get(p.id, 0)) for p in listed(session, today)],
        standings,
        tried,
        competencies_of(session, user_id),
    )


def attempts_of(session: Session, user_id: int) -> list[Tried]:
    """A person's attempts, the newest first."""
    rows = session.execute(
        select(
            Attempt.public_id,
            Quiz.slug,
            Quiz.title,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.submitted_at,
            Score.percent,
            Score.points,
            Score.max_points,
            Score.passed,
            Attempt.cut_score,
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .outerjoin(Score, and_(Score.attempt_id == Attempt.id, latest_score()))
        .where(Attempt.user_id == user_id, Attempt.state != "void")
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    )
    return [Tried(*tuple(row)) for row in rows]


def competencies_of(session: Session, user_id: int) -> list[Competency]:
    """A person's points by competency, the weakest first. Unanswered items earn nothing."""
    rows = session.execute(
        select(ItemRevision.competencies, ItemScore.fraction)
        .join(AttemptItem, AttemptItem.item_revision_id == ItemRevision.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Score, and_(Score.attempt_id == Attempt.id, latest_score()))
        .join(
            ItemScore,
            and_(ItemScore.score_id == Score.id, ItemScore.position == AttemptItem.position),
        )
        .where(Attempt.user_id == user_id, Attempt.state == "submitted")
    )
    totals: dict[str, list[float]] = defaultdict(list)
    for names, fraction in rows:
        for name in names:
            totals[name].append(fraction or 0.0)
    found = [Competency(name, sum(points), len(points)) for name, points in totals.items()]
    return sorted(found, key=lambda c: (c.percent, c.name))
