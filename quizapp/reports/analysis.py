"""The item analysis of quizzes: worked out, kept, and known to be out of date.

A small quiz is worked out while its page waits, wherever what is kept is not of today; a large
one by the worker, at night or when a trainer asks for it. Pages read one row.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, get_args

from flask import current_app
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from quizapp import jobs
from quizapp.errors import Missing
from quizapp.formats.text import alphabetical
from quizapp.jobs import Job
from quizapp.quiz.models import Attempt, ItemDecision, Quiz, Score
from quizapp.quiz.quizzes import VISIBLE
from quizapp.reports import marks
from quizapp.reports.models import QuizAnalysis
from quizapp.reports.readers import Reader
from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.model import Analysis, Exposures, Level, Options

ANALYSE = "analyse"
FIRST: Exposures = "first"
EXPOSURES: tuple[Exposures, ...] = get_args(Exposures)
# So many attempts are worked out while a page waits: some 0.1 s.
AT_ONCE = 400
# What is kept in another form is none: it is worked out anew.
FORM = 2


@dataclass(frozen=True)
class Worked:
    """An analysis as it was worked out `at` a time from `attempts` attempts.

    `since` is how many came after it, `rescored` how many scores moved since. `is_other` says
    that limits, cut score or decisions were different then. `wordings`, `older` and `left_out` as
    in marks.Marks.
    """

    figures: Analysis
    attempts: int
    at: datetime
    cut_score: float
    limits: tuple[int, int]
    wordings: Mapping[int, int]
    older: Mapping[int, int]
    left_out: Sequence[int]
    last: int
    scorings: int
    decision: int
    since: int = 0
    rescored: int = 0
    is_other: bool = False

    @property
    def is_stale(self) -> bool:
        """Whether it would come out otherwise today."""
        return bool(self.since or self.rescored or self.is_other)

    def levels(self) -> dict[int, Level]:
        """The items to look at, each with its most pressing level."""
        return {look.item: look.level for look in reversed(self.figures.looks)}

    def found(self) -> dict[Level, int]:
        """How many items there are to look at, each under its most pressing level."""
        counts = Counter(self.levels().values())
        return {name: counts[name] for name in get_args(Level)}


@dataclass(frozen=True)
class Line:
    """A quiz among all; without `worked` it is too large to be worked out while a page waits.

    `attempts` are those submitted, as far as they were counted.
    """

    quiz: Quiz
    worked: Worked | None
    attempts: int


def limits() -> tuple[int, int]:
    """From how many exposures facilities are said, and discriminations."""
    config = current_app.config
    return config["FACILITY_FROM"], config["DISCRIMINATION_FROM"]


def exposures_of(args: Mapping[str, str]) -> Exposures:
    """Which attempts an address chooses; the first ones unless it says otherwise."""
    return next((name for name in EXPOSURES if name == args.get("exposures")), FIRST)


def is_told(reader: Reader, worked: Worked | None) -> bool:
    """Whether a reader is shown figures: managers are not shown those of a few people."""
    if worked is None:
        return False
    return reader.role == "trainer" or worked.figures.quiz.attempts >= limits()[0]


def find(session: Session, reader: Reader, slug: str) -> Quiz:
    """A quiz whose figures a reader may see. Raises Missing."""
    query = select(Quiz).where(Quiz.slug == slug, *_readable(reader))
    quiz = session.execute(query).scalar_one_or_none()
    if quiz is None:
        raise Missing
    return quiz


def _readable(reader: Reader) -> list[Any]:
    """Trainers see every quiz, managers the exams that are there for them."""
    if reader.role == "trainer":
        return []
    if reader.role != "manager":
        raise Missing
    return [
        Quiz.use == "exam",
        Quiz.published_at.is_not(None),
        VISIBLE.bindparams(viewer=reader.user_id),
    ]


def of_all(session: Session, reader: Reader, now: datetime) -> list[Line]:
    """The quizzes that somebody took, exams first, then by title."""
    found = session.execute(select(Quiz).where(*_readable(reader))).scalars().all()
    kept = _kept(session, found, [FIRST])
    unkept = [quiz.id for quiz in found if (quiz.id, FIRST) not in kept]
    few: dict[int, int] = dict(
        iter(session.execute(_FEW, {"quizzes": unkept, "most": AT_ONCE + 1}))
    )
    budget, lines = AT_ONCE, []
    for quiz in sorted(found, key=lambda q: (q.use != "exam", alphabetical(q.title))):
        worked = kept.get((quiz.id, FIRST))
        attempts = worked.attempts + worked.since if worked else few.get(quiz.id, 0)
        if not attempts:
            continue
        if (worked is None or worked.is_stale) and attempts <= budget:
            budget -= attempts
            worked = work_out(session, quiz, FIRST, now)
        lines.append(Line(quiz, worked, attempts))
    return lines


# How many were submitted; of quizzes with more than `most`, just that.
_FEW = text(
    """
    SELECT quiz.id, (SELECT count(*) FROM (
        SELECT 1 FROM attempt WHERE attempt.quiz_id = quiz.id AND attempt.state = 'submitted'
        LIMIT :most) AS counted)
    FROM quiz WHERE quiz.id IN :quizzes
    """
).bindparams(bindparam("quizzes", expanding=True))


def of_quiz(
    session: Session, quiz: Quiz, exposures: Exposures, now: datetime
) -> tuple[Worked | None, int]:
    """The analysis of a quiz and how many attempts were submitted, as far as they were counted.

    It is None where only the worker can make it.
    """
    worked = _kept(session, [quiz], [exposures]).get((quiz.id, exposures))
    if worked is not None:
        attempts = worked.attempts + worked.since
    else:
        counted = session.execute(_FEW, {"quizzes": [quiz.id], "most": AT_ONCE + 1})
        attempts = counted.one()[1]
    if attempts <= AT_ONCE and (worked is None or worked.is_stale):
        worked = work_out(session, quiz, exposures, now)
    return worked, attempts


def work_out(session: Session, quiz: Quiz, exposures: Exposures, now: datetime) -> Worked:
    """The analysis of a quiz as it stands; reads all its attempts."""
    read = marks.of_quiz(session, quiz.id)
    facility_from, discrimination_from = limits()
    options = Options(
        exposures,
        quiz.cut_score,
        facility_from=facility_from,
        discrimination_from=discrimination_from,
    )
    figures = analyse(read.marks, read.asked, options)
    return Worked(
        figures,
        read.attempts,
        now,
        quiz.cut_score,
        (facility_from, discrimination_from),
        read.wordings,
        read.older,
        read.left_out,
        read.last,
        read.scorings,
        _newest_of(newest_decisions(session), [*figures.items, *read.left_out]),
    )


def keep(session: Session, quiz_id: int, exposures: Exposures, worked: Worked) -> None:
    """Keep an analysis for the pages; the caller commits."""
    row = session.get(QuizAnalysis, (quiz_id, exposures)) or QuizAnalysis(
        quiz_id=quiz_id, exposures=exposures
    )
    row.stamp = f"{worked.last}:{worked.scorings}"
    row.attempts, row.at = worked.attempts, worked.at
    row.figures = {
        **worked.figures.to_json(),
        "cut_score": worked.cut_score,
        "limits": list(worked.limits),
        "wordings": list(worked.wordings.items()),
        "older": list(worked.older.items()),
        "left_out": list(worked.left_out),
        "decision": worked.decision,
        "form": FORM,
    }
    session.add(row)
    session.flush()


def _kept(
    session: Session, quizzes: Sequence[Quiz], exposures: Sequence[Exposures]
) -> dict[tuple[int, str], Worked]:
    """What was kept of these, and what has come or changed since."""
    of_quiz = {quiz.id: quiz for quiz in quizzes}
    rows = session.scalars(
        select(QuizAnalysis).where(
            QuizAnalysis.quiz_id.in_(list(of_quiz)), QuizAnalysis.exposures.in_(exposures)
        )
    ).all()
    found = _by_place(rows)
    if not found:
        return {}
    oldest = min(worked.last for worked in found.values())
    # Of all quizzes, by the scoring's key: it is little, as the worker moves it on at night.
    later = session.execute(_SINCE, {"last": oldest}).all()
    decisions = newest_decisions(session)
    return {
        place: replace(
            _counted(worked, place[0], later),
            is_other=_is_other(of_quiz[place[0]], worked, decisions),
        )
        for place, worked in found.items()
    }


def newest_decisions(session: Session) -> dict[int, int]:
    """The newest decision about each item that some were made about."""
    return dict(iter(session.execute(_DECISIONS)))


_DECISIONS = (
    select(ItemDecision.item_id, func.max(ItemDecision.id))
    .where(ItemDecision.kind != "kept")
    .group_by(ItemDecision.item_id)
)


def _newest_of(decisions: Mapping[int, int], items: Iterable[int]) -> int:
    return max((decisions.get(item, 0) for item in items), default=0)


def _is_other(quiz: Quiz, worked: Worked, decisions: Mapping[int, int]) -> bool:
    decision = _newest_of(decisions, [*worked.figures.items, *worked.left_out])
    was = (worked.cut_score, worked.limits, worked.decision)
    return was != (quiz.cut_score, limits(), decision)


_SINCE = (
    select(Attempt.quiz_id, Score.id, Score.number)
    .join(Attempt, Attempt.id == Score.attempt_id)
    .where(Score.id > bindparam("last"), Attempt.state == "submitted")
)


def _by_place(rows: Iterable[QuizAnalysis]) -> dict[tuple[int, str], Worked]:
    return {
        (row.quiz_id, row.exposures): _worked(row)
        for row in rows
        if row.figures.get("form") == FORM
    }


def _worked(row: QuizAnalysis) -> Worked:
    last, scorings = map(int, row.stamp.split(":"))
    kept = row.figures
    facility_from, discrimination_from = kept["limits"]
    return Worked(
        Analysis.from_json(kept),
        row.attempts,
        row.at,
        kept["cut_score"],
        (facility_from, discrimination_from),
        dict(kept["wordings"]),
        dict(kept["older"]),
        kept["left_out"],
        last,
        scorings,
        kept["decision"],
    )


def _counted(worked: Worked, quiz_id: int, later: Sequence[Any]) -> Worked:
    mine = [row.number for row in later if row.quiz_id == quiz_id and row.id > worked.last]
    new = mine.count(1)
    return replace(worked, since=new, rescored=len(mine) - new)


def medians(session: Session, slugs: Collection[str]) -> dict[tuple[int, int], float]:
    """How long an item was in sight the first time, by its quiz's id and its own, in milliseconds.

    Of these quizzes, the median as it was kept last, where it rests on enough answers.
    """
    rows = session.execute(_FIGURES, {"slugs": list(slugs)})
    return {
        (quiz_id, item["item"]): item["spent"]["median"]
        for quiz_id, figures in rows
        if figures.get("form") == FORM
        for item in figures["items"]
        if item["spent"]
    }


_FIGURES = (
    select(QuizAnalysis.quiz_id, QuizAnalysis.figures)
    .join(Quiz, Quiz.id == QuizAnalysis.quiz_id)
    .where(
        Quiz.slug.in_(bindparam("slugs", expanding=True)),
        QuizAnalysis.exposures == FIRST,
    )
)


def ask(session: Session, quiz_id: int, exposures: Exposures, *, by: str, now: datetime) -> Job:
    """Have the worker work out a quiz; the job that is at it already, if there is one."""
    about = about_of(quiz_id, exposures)
    job = jobs.latest(session, about)
    if job is not None and job.state in ("waiting", "running"):
        return job
    args = {"quiz": quiz_id, "exposures": exposures}
    return jobs.enqueue(session, ANALYSE, args, about=about, by=by, now=now)


def about_of(quiz_id: int, exposures: Exposures) -> str:
    """By what the job of an analysis is found."""
    return f"analysis:{quiz_id}:{exposures}"


@dataclass(frozen=True)
class Due:
    """What the worker should work out, and what it need not; `last` is the newest scoring."""

    wanted: Sequence[tuple[int, Exposures]]
    fresh: Sequence[tuple[int, Exposures]]
    last: int


def due(session: Session, now: datetime, *, is_night: bool) -> Due:
    """What was never worked out is due at any time, what is out of date at night."""
    kept = _by_place(session.scalars(select(QuizAnalysis)))
    decisions = newest_decisions(session)
    wanted: list[tuple[int, Exposures]] = []
    fresh: list[tuple[int, Exposures]] = []
    newest = 0
    for quiz in session.scalars(select(Quiz).where(Quiz.published_at.is_not(None))).all():
        if not is_night and (quiz.id, FIRST) in kept:
            continue
        newest, scorings = session.connection().execute(marks.SCORINGS, {"quiz": quiz.id}).one()
        for name in EXPOSURES:
            worked = kept.get((quiz.id, name))
            if worked is None:
                is_due = name == FIRST and scorings > 0
            else:
                is_due = worked.scorings != scorings or _is_other(quiz, worked, decisions)
                fresh += [] if is_due else [(quiz.id, name)]
            if is_due and not _failed_lately(session, quiz.id, name, now):
                wanted.append((quiz.id, name))
    return Due(wanted, fresh, newest)


def _failed_lately(session: Session, quiz_id: int, exposures: Exposures, now: datetime) -> bool:
    job = jobs.latest(session, about_of(quiz_id, exposures))
    return job is not None and job.state == "failed" and now - job.at < timedelta(days=1)


def move_on(session: Session, found: Due) -> None:
    """Say of what is fresh that it is as of now; the caller commits.

    Else pages would count what came since along an ever longer list.
    """
    for quiz_id, exposures in found.fresh:
        row = session.get_one(QuizAnalysis, (quiz_id, exposures))
        row.stamp = f"{found.last}:{row.stamp.partition(':')[2]}"
    session.flush()
