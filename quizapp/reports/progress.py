"""One person's progress: read, attempted, passed, over time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session

from quizapp.content.models import Bank
from quizapp.content.procedures import Listed, listed
from quizapp.formats.text import alphabetical
from quizapp.quiz import quizzes
from quizapp.quiz.models import Attempt, Quiz, QuizRevision, Score
from quizapp.quiz.rules import GRACE, ReviewRules, Rules, is_over
from quizapp.reports.scorings import IS_LATEST
from quizapp.study.reading import read_counts


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
    """An attempt and its score, per cent; there is none while it is open or the score not shown.

    `state` is open, over (its time is up, nobody has looked yet) or submitted; `itemised` says
    that what was right is shown item by item, too. With the score comes why there is no pass:
    how many eliminatory items were `missed`, which competencies are `short` of their minimum.
    """

    public_id: str
    quiz: str
    title: str
    use: str
    number: int
    state: str
    started_at: datetime
    submitted_at: datetime | None
    percent: float | None
    points: float | None
    max_points: int | None
    passed: bool | None
    cut_score: float
    itemised: bool
    missed: int
    short: tuple[str, ...]

    @property
    def below(self) -> bool:
        """Whether the score alone is not enough."""
        return self.percent is not None and self.percent < self.cut_score

    @property
    def word(self) -> str:
        """open, submitted, passed or failed: what to say of it in one word."""
        if self.state == "open":
            return "open"
        if self.passed is None:
            return "submitted"
        return "passed" if self.passed else "failed"


@dataclass(frozen=True)
class Standing:
    """A quiz and where a person stands in it; `tried` has the newest attempt first.

    `minutes` is the time limit where there is one.
    """

    slug: str
    title: str
    cut_score: float
    counts: str
    minutes: int | None
    consultation: bool
    tried: tuple[Tried, ...]

    @property
    def open(self) -> Tried | None:
        """The attempt to go on with."""
        return next((t for t in self.tried if t.state == "open"), None)

    @property
    def counted(self) -> Tried | None:
        """The attempt that counts: the best, the last or the first, as the quiz has it."""
        done = [t for t in self.tried if t.state != "open"]
        if self.counts == "last":
            return done[0] if done else None
        if self.counts == "first":
            return done[-1] if done else None
        return max(done, key=lambda t: (bool(t.passed), t.percent or 0.0), default=None)

    @property
    def state(self) -> str:
        """passed, open, submitted, failed or new: what to say of it in one word."""
        counted = self.counted
        if counted is not None and counted.passed:
            return "passed"
        if self.open:
            return "open"
        return counted.word if counted else "new"


@dataclass(frozen=True)
class Progress:
    """All that is said of one person; practice stands apart and certifies nothing."""

    readings: list[Reading]
    standings: list[Standing]
    practice: list[Standing]
    tried: list[Tried]

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

    @property
    def exams(self) -> list[Tried]:
        """The attempts that are no practice."""
        return [t for t in self.tried if t.use == "exam"]


def of_person(
    session: Session, user_id: int, today: date, now: datetime, *, leader: int | None = None
) -> Progress:
    """A person's progress in what is there for them, for them or for who leads their team.

    Leaders see scores that a quiz does not show, or not yet, to the person, and nothing that is
    only for teams of others.
    """
    counts = read_counts(session, user_id, today)
    tried = attempts_of(session, user_id, now, leader=leader)
    by_quiz: dict[str, list[Tried]] = defaultdict(list)
    for attempt in tried:
        by_quiz[attempt.quiz].append(attempt)
    rows = session.execute(_QUIZZES, {"viewer": user_id}).all()
    readings = listed(session, today, user_id)
    if leader is not None:
        theirs = set(session.execute(_QUIZZES, {"viewer": leader}).scalars())
        rows = [row for row in rows if row.slug in theirs]
        readable = {one.id for one in listed(session, today, leader)}
        readings = [one for one in readings if one.id in readable]
    standings: dict[str, list[Standing]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: alphabetical(r.title)):
        tries = tuple(by_quiz.pop(row.slug, ()))
        rules = Rules.from_json(row.rules)
        standings[row.use].append(
            Standing(
                row.slug,
                row.title,
                row.cut_score,
                row.counts,
                rules.minutes,
                rules.consultation,
                tries,
            )
        )
    # What was begun can be finished, though the quiz is off the list.
    for slug, own in by_quiz.items():
        if any(attempt.state == "open" for attempt in own):
            last = own[0]
            standings[last.use].append(
                Standing(slug, last.title, last.cut_score, "best", None, True, tuple(own))
            )
    return Progress(
        [Reading(p, counts.get(p.id, 0)) for p in readings],
        standings["exam"],
        standings["practice"],
        tried,
    )


# The slug is first: by it one finds those that somebody else sees, too.
_QUIZZES = (
    select(Quiz.slug, Quiz.title, Quiz.cut_score, Quiz.counts, Quiz.use, QuizRevision.rules)
    .join(QuizRevision, QuizRevision.id == Quiz.current_revision_id)
    .outerjoin(Bank, Bank.id == Quiz.bank_id)
    .where(
        Quiz.published_at.is_not(None),
        Quiz.withdrawn_at.is_(None),
        or_(Quiz.bank_id.is_(None), Bank.retired_at.is_(None)),
        quizzes.VISIBLE,
    )
)


def attempts_of(
    session: Session, user_id: int, now: datetime, *, leader: int | None = None
) -> list[Tried]:
    """A person's attempts, the newest first; a score is there where it is shown to the reader.

    One's own stay, also of a quiz that is for others now.
    """
    query = (
        select(
            Attempt.public_id,
            Attempt.quiz_id,
            Quiz.slug,
            Quiz.title,
            Quiz.use,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.deadline_at,
            Attempt.terms,
            Attempt.cut_score,
            Score.percent,
            Score.points,
            Score.max_points,
            Score.passed,
            Score.missed,
            Score.short,
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .outerjoin(Score, and_(Score.attempt_id == Attempt.id, text(IS_LATEST)))
        .where(Attempt.user_id == user_id, Attempt.state != "void")
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    )
    if leader is not None:
        query = query.where(quizzes.VISIBLE.bindparams(viewer=leader))
    rows = session.execute(query).all()
    passed = {row.slug for row in rows if row.passed}
    return [_tried(session, row, now, leader is not None, row.slug in passed) for row in rows]


def _tried(session: Session, row: Any, now: datetime, leader: bool, passed: bool) -> Tried:
    open_to_all = leader or row.use == "practice"
    shown = open_to_all or _shows(session, row, now, passed, "score")
    over = row.state == "open" and is_over(row.deadline_at, now)
    return Tried(
        row.public_id,
        row.slug,
        row.title,
        row.use,
        row.number,
        "over" if over else row.state,
        row.started_at,
        row.deadline_at if over else row.submitted_at,
        row.percent if shown else None,
        row.points if shown else None,
        row.max_points if shown else None,
        row.passed if shown else None,
        row.cut_score,
        open_to_all or (shown and _shows(session, row, now, passed, "right")),
        len(row.missed or ()) if shown else 0,
        tuple(row.short or ()) if shown else (),
    )


def _shows(session: Session, row: Any, now: datetime, passed: bool, part: str) -> bool:
    """Whether an attempt's terms show its person this part of its review."""
    when = row.terms.get("review", {}).get(part) or getattr(ReviewRules, part)
    if when in ("submit", "passed"):  # as nearly all do
        return when == "submit" or passed
    terms = Rules.from_json(row.terms)
    if not terms.shows(part, now, passed=passed):
        return False
    if when != "close" or terms.closes_at is None:
        return True
    return now >= closing(session, session.get_one(Quiz, row.quiz_id), terms.closes_at)


def closing(session: Session, quiz: Quiz, closes_at: datetime) -> datetime:
    """When a quiz is closed to everybody: what is shown from then on helps nobody.

    The closing time that an attempt began with may have been moved since, and somebody given more
    time than it.
    """
    last = session.execute(
        # Not by the quiz: of open attempts there are few, of a quiz's many.
        select(func.max(Attempt.deadline_at).filter(Attempt.quiz_id == quiz.id)).where(
            Attempt.state == "open", Attempt.deadline_at >= closes_at
        )
    ).scalar()
    present = quizzes.rules_of(session, quiz).closes_at
    ends = [closes_at, present, last and last + GRACE]
    return max(end for end in ends if end is not None)
