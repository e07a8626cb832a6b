"""One attempt after the fact: what its rules show of it, and what to read.

What must not be shown is not in what is returned: a template has nothing to hide.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import and_, bindparam, exists, func, select, text
from sqlalchemy.orm import Session

from quizapp.content.citations import Citation, cited_by
from quizapp.content.models import ItemKey, ItemRevision
from quizapp.items.keys import alternatives
from quizapp.items.kinds import CHOICE
from quizapp.quiz import attempts, contests, forms, grading
from quizapp.quiz.models import Attempt, AttemptItem, ItemScore, Response, ResponseEvent, Score
from quizapp.quiz.rules import ReviewRules, Rules
from quizapp.reports.progress import closing
from quizapp.reports.scorings import IS_LATEST
from quizapp.reports.solutions import ReviewedOption, accepted, reviewed_options

PARTS = tuple(field.name for field in fields(ReviewRules))
# Who leads a team talks with it about results and answers; of keys they see what the person does.
LEADER = frozenset({"score", "responses", "right"})


@dataclass(frozen=True)
class ReviewedItem:
    """An item as far as its review goes.

    `shown` is None where neither the answer nor the key is shown. `state` is right, partly,
    wrong or blank, "" where that is not shown; voided or granted where the item was.
    `options` and `accepted` have the key, `several` says that there is more than one. `spent`
    and `changes` (of mind) are for leaders.
    """

    position: int
    shown: forms.ShownItem | None
    state: str
    fraction: float | None
    options: tuple[ReviewedOption, ...]
    accepted: tuple[str, ...]
    has_answer: bool
    has_key: bool
    several: bool
    explanation: Markup
    feedback: tuple[Markup, ...]
    sources: tuple[Citation, ...]
    eliminatory: bool
    spent: timedelta | None
    changes: int | None
    in_review: bool
    contest_until: datetime | None
    is_contested: bool


@dataclass(frozen=True)
class ShownScore:
    """The scoring that counts; `cut_score` and `percent` are per cent.

    `missed` has the eliminatory positions that were not right where that is shown item by item,
    `missed_count` how many there are; `short` names the competencies below their minimum.
    """

    percent: float
    points: float
    max_points: int
    passed: bool
    kept: bool
    missed: tuple[int, ...]
    missed_count: int
    short: tuple[str, ...]


@dataclass(frozen=True)
class CompetencyResult:
    """Points in a competency of so many items; None where they would tell of a single item."""

    name: str
    points: float | None
    items: int
    minimum: float | None
    is_short: bool


@dataclass(frozen=True)
class Study:
    """A place to read, and how many items that were not right rest on it, where that is shown."""

    place: Citation
    wrong: int | None


@dataclass(frozen=True)
class Later:
    """What is not shown yet: it is from a time on or, without one, after passing."""

    parts: tuple[str, ...]
    at: datetime | None


@dataclass(frozen=True)
class Review:
    """A submitted attempt as far as it is shown; without a score all there is to say is that."""

    score: ShownScore | None
    items: tuple[ReviewedItem, ...]
    competencies: tuple[CompetencyResult, ...]
    to_read: tuple[Study, ...]
    later: tuple[Later, ...]
    used: timedelta


def review(
    session: Session, attempt: Attempt, now: datetime, today: date, *, leader: int | None = None
) -> Review | None:
    """The review of an attempt, for its person or for who leads their team, with what to read there
    is for that reader.

    None while it is not submitted: no key leaves before.
    """
    if attempt.state != "submitted" or attempt.submitted_at is None:
        return None
    score = attempts.latest_score(session, attempt)
    terms = attempts.terms(attempt)
    parts, later = _visible(session, attempt, terms, score, now)
    if leader is not None:
        parts |= LEADER
    objections = contests.of_attempt(session, attempt.user_id, attempt.public_id, now)
    rows = _rows(session, attempt.id, score.id)
    reader = attempt.user_id if leader is None else leader
    sources = cited_by(session, [row.ItemRevision.id for row in rows], today, reader)
    changes = {} if leader is None else _changes(session, attempt.id)
    late = grading.accepted_late(session, [attempt.id])
    items = [
        _item(
            row,
            late.get((attempt.id, row.position), row.value),
            parts,
            sources.get(row.ItemRevision.id, ()),
            objections.get(row.position),
            leader is not None,
            changes,
        )
        for row in rows
    ]
    is_scored = "score" in parts
    return Review(
        _score(score, parts) if is_scored else None,
        tuple(items) if parts - {"score"} else (),
        tuple(_competencies(rows, score, terms, parts)) if is_scored else (),
        tuple(_to_read(rows, sources, parts)) if is_scored else (),
        later,
        attempt.submitted_at - attempt.started_at,
    )


def _visible(
    session: Session, attempt: Attempt, terms: Rules, score: Score, now: datetime
) -> tuple[frozenset[str], tuple[Later, ...]]:
    """What of an attempt is shown to its person now, and what only later."""
    if attempt.quiz.use == "practice":  # it is there to learn from
        return frozenset(PARTS), ()
    when = {part: getattr(terms.review, part) for part in PARTS}
    if "close" in when.values() and terms.closes_at:
        terms = replace(terms, closes_at=closing(session, attempt.quiz, terms.closes_at))
    passed = score.passed or ("passed" in when.values() and _has_passed(session, attempt))
    shown = frozenset(part for part in PARTS if terms.shows(part, now, passed=passed))
    waiting: dict[datetime | None, list[str]] = defaultdict(list)
    for part in PARTS:
        if part not in shown and when[part] == "passed":
            waiting[None].append(part)
        elif part not in shown and when[part] == "close" and terms.closes_at:
            waiting[terms.closes_at].append(part)
    return shown, tuple(Later(tuple(names), at) for at, names in waiting.items())


def scores_shown(
    session: Session, user_id: int, public_ids: Collection[str], now: datetime
) -> set[str]:
    """Those of these submitted attempts of a person whose score is shown to them."""
    if not public_ids:
        return set()
    rows = session.execute(
        select(Attempt).where(
            Attempt.user_id == user_id,
            Attempt.public_id.in_(public_ids),
            Attempt.state == "submitted",
        )
    ).scalars()
    return {
        one.public_id
        for one in rows
        if "score"
        in _visible(session, one, attempts.terms(one), attempts.latest_score(session, one), now)[0]
    }


def _has_passed(session: Session, attempt: Attempt) -> bool:
    """Whether the person has passed this quiz in any attempt."""
    given = {"user": attempt.user_id, "quiz": attempt.quiz_id}
    return bool(session.execute(_PASSED, given).scalar())


# Built once, here and below: every result asks them.
_PASSED = select(
    exists().where(
        Attempt.user_id == bindparam("user"),
        Attempt.quiz_id == bindparam("quiz"),
        Attempt.state == "submitted",
        Score.attempt_id == Attempt.id,
        Score.passed,
        text(IS_LATEST),
    )
)


def _rows(session: Session, attempt_id: int, score_id: int) -> Sequence[Any]:
    return session.execute(_ROWS, {"attempt": attempt_id, "score": score_id}).all()


_ROWS = (
    select(
        AttemptItem.position,
        AttemptItem.kind,
        AttemptItem.shown,
        AttemptItem.cap,
        AttemptItem.points,
        AttemptItem.eliminatory,
        ItemRevision,
        Response.value,
        Response.spent,
        ItemKey.value.label("key"),
        ItemScore.fraction,
        ItemScore.treatment,
    )
    .join(ItemRevision, ItemRevision.id == AttemptItem.item_revision_id)
    .join(
        ItemScore,
        and_(
            ItemScore.score_id == bindparam("score"),
            ItemScore.position == AttemptItem.position,
        ),
    )
    .join(ItemKey, ItemKey.id == ItemScore.item_key_id)
    .outerjoin(
        Response,
        and_(
            Response.attempt_id == AttemptItem.attempt_id,
            Response.position == AttemptItem.position,
        ),
    )
    .where(AttemptItem.attempt_id == bindparam("attempt"))
    .order_by(AttemptItem.position)
)


def _changes(session: Session, attempt_id: int) -> dict[int, int]:
    """How often the answer to each place was changed after it was first given."""
    rows = session.execute(
        select(ResponseEvent.position, func.count() - 1)
        .where(ResponseEvent.attempt_id == attempt_id)
        .group_by(ResponseEvent.position)
    )
    return dict(iter(rows))


def _item(
    row: Any,
    value: dict[str, Any] | None,
    parts: AbstractSet[str],
    sources: Sequence[Citation],
    objection: contests.Contestable | None,
    leader: bool,
    changes: Mapping[int, int],
) -> ReviewedItem:
    """An item with those parts that are shown. While its key is in review, or an objection
    waits, the key is not."""
    waits = objection is not None and objection.is_undecided
    if waits:
        parts = parts - {"key", "explanations"}
    has_answer, has_key, explains = (p in parts for p in ("responses", "key", "explanations"))
    revision: ItemRevision = row.ItemRevision
    shown = forms.show(
        row.position,
        row.kind,
        revision.content,
        row.shown,
        value if has_answer else None,
        row.cap,
        row.points,
        row.eliminatory,
    )
    is_seen = has_answer or has_key
    said = [Markup(text) for text in revision.remarks["feedback"]] if explains else []
    options = reviewed_options(shown, row.shown, revision, row.key, said) if has_key else []
    mine = objection if not leader else None
    return ReviewedItem(
        row.position,
        shown if is_seen else None,
        _state(row) if "right" in parts or row.treatment != "scored" else "",
        row.fraction if "right" in parts else None,
        tuple(options),
        tuple(accepted(row.kind, row.key)) if has_key else (),
        has_answer,
        has_key,
        has_key and len(alternatives(row.key)) > 1,
        Markup(revision.remarks["explanation_html"]) if explains else Markup(""),
        () if has_key else tuple(_said_to(row.kind, row.shown, shown, said)),
        tuple(sources) if is_seen or explains else (),
        row.eliminatory,
        timedelta(milliseconds=row.spent) if leader and row.spent else None,
        changes.get(row.position, 0) if leader else None,
        waits,
        mine.until if mine and not mine.contest else None,
        bool(mine and mine.contest),
    )


def _state(row: Any) -> str:
    if row.treatment != "scored":
        return str(row.treatment)
    if row.fraction is None:
        return "blank"
    if row.fraction >= 1:
        return "right"
    return "partly" if row.fraction > 0 else "wrong"


def _said_to(
    kind: str, order: Sequence[int], shown: forms.ShownItem, said: Sequence[Markup]
) -> list[Markup]:
    """What is said to the options that were chosen, where the key is not shown beside them."""
    if kind not in CHOICE:
        return []
    pairs = zip(shown.options, order, strict=True)
    return [said[i] for option, i in pairs if option.selected and i < len(said) and said[i]]


def _score(score: Score, parts: AbstractSet[str]) -> ShownScore:
    return ShownScore(
        score.percent,
        score.points,
        score.max_points,
        score.passed,
        score.kept,
        tuple(score.missed) if "right" in parts else (),
        len(score.missed),
        tuple(score.short),
    )


def _competencies(
    rows: Sequence[Any], score: Score, terms: Rules, parts: AbstractSet[str]
) -> list[CompetencyResult]:
    """The points by competency, the weakest first; items that were left out do not count."""
    of: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        for name in row.ItemRevision.competencies if row.treatment != "voided" else ():
            of[name].append(row.fraction or 0.0)
    found = [
        CompetencyResult(
            name,
            sum(points) if len(points) > 1 or "right" in parts else None,
            len(points),
            terms.minima.get(name),
            name in score.short,
        )
        for name, points in of.items()
    ]
    if "right" not in parts:
        return sorted(found, key=lambda c: (c.points is None, (c.points or 0) / c.items, c.name))
    return sorted(found, key=lambda c: ((c.points or 0) / c.items, c.name))


def _to_read(
    rows: Sequence[Any], sources: Mapping[int, Sequence[Citation]], parts: AbstractSet[str]
) -> list[Study]:
    """The places behind the items that were not right, those with the most first."""
    places: dict[str, Citation] = {}
    wrong: Counter[str] = Counter()
    for row in rows:
        if row.treatment == "scored" and (row.fraction is None or row.fraction < 1):
            for place in sources.get(row.ItemRevision.id, ()):
                places[place.reference] = place
                wrong[place.reference] += 1
    ordered = sorted(places, key=lambda reference: (-wrong[reference], reference))
    return [Study(places[r], wrong[r] if "right" in parts else None) for r in ordered]
