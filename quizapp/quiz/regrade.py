"""Regrading: what a decision about an item does to scores; first as a plan, then for good.

A plan and the regrade compute by the same code. Scores are computed while others may write,
then a few at a time are added in a short transaction, each once: a score that is already what
it would be made adds no row, so a regrade may be broken off and begun again at any time.
Meanwhile each attempt has its old score or its new one.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, func, select
from sqlalchemy.orm import Session

from quizapp.db import only_reading
from quizapp.notices import outbox
from quizapp.people.models import User
from quizapp.quiz import effects, grading
from quizapp.quiz.decisions import Ruling
from quizapp.quiz.effects import FACTS, Move, Plan
from quizapp.quiz.grading import NewScore
from quizapp.quiz.models import Attempt, AttemptItem, ItemDecision, ItemScore, Quiz, Score

Progress = Callable[[int, int], None]

# Filled by create_app. Called with the ids of people who got another score, in its transaction.
rescored: list[Callable[[Session, Collection[int], datetime], object]] = []

# Attempts written in one transaction: agents who save meanwhile wait no longer than for that.
BATCH = 100
# More attempts than this are left to the worker.
AT_ONCE = 200
REGRADE = "regrade"  # the kind of job

_SCORE, _ITEM_SCORE = (cast(Table, model.__table__) for model in (Score, ItemScore))


@dataclass(frozen=True)
class _Before:
    """An attempt's latest score, and whose it is."""

    attempt_id: int
    public_id: str
    number: int
    quiz: str
    team_id: int | None
    user_id: int
    cut_score: float
    score_id: int
    score_number: int
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class _Change:
    before: _Before
    score: NewScore
    differs: bool

    @property
    def move(self) -> Move | None:
        """What of it people notice."""
        one = self.before
        whose = (one.public_id, one.number, one.quiz, one.team_id, one.user_id)
        return effects.between(whose, one.cut_score, one.facts, self.score.facts())


def plan(session: Session, item_id: int, ruling: Ruling) -> Plan:
    """What a ruling would do; it only reads."""
    ids = _asked(session, item_id, ruling.revisions, "submitted")
    changes = (c for batch in _batches(ids) for c in _changes(session, batch, ruling))
    return Plan(
        len(ids),
        len(_asked(session, item_id, ruling.revisions, "open")),
        tuple(move for change in changes if (move := change.move)),
    )


def _asked(session: Session, item_id: int, revisions: frozenset[int], state: str) -> list[int]:
    # By a list and not by EXISTS: SQLite would look through all who were asked the item for each
    # attempt that there is.
    asked = select(AttemptItem.attempt_id).where(
        AttemptItem.item_id == item_id, AttemptItem.item_revision_id.in_(revisions)
    )
    return list(
        session.execute(
            select(Attempt.id)
            .where(Attempt.state == state, Attempt.id.in_(asked))
            .order_by(Attempt.id)
        ).scalars()
    )


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[first : first + BATCH] for first in range(0, len(ids), BATCH))


def _changes(
    session: Session, attempt_ids: Sequence[int], ruling: Ruling | None = None
) -> list[_Change]:
    """What each of these attempts' scores would be, beside what it is.

    A pass that was given stays, whatever becomes of the score.
    """
    papers = grading.papers(session, attempt_ids)
    revisions = {given.revision_id for paper in papers for given in paper.items}
    keys = grading.keys_of(session, revisions)
    if ruling is not None:
        keys = ruling.on(keys)
    before = _latest(session, attempt_ids)
    items = items_of(session, [one.score_id for one in before.values()])
    changes = []
    for paper in papers:
        old, graded = before[paper.attempt_id], grading.grade(paper, keys)
        passed = graded.result.passed or bool(old.facts["passed"])
        score = NewScore(paper, keys, graded, old.score_number + 1, passed)
        same = old.facts == score.facts() and items[old.score_id] == score.items()
        changes.append(_Change(old, score, not same))
    return changes


def _latest(session: Session, attempt_ids: Sequence[int]) -> dict[int, _Before]:
    newest = (
        select(_SCORE.c.attempt_id, func.max(_SCORE.c.number).label("number"))
        .where(_SCORE.c.attempt_id.in_(attempt_ids))
        .group_by(_SCORE.c.attempt_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Attempt.id,
            Attempt.public_id,
            Attempt.number,
            Quiz.title,
            Attempt.team_id,
            Attempt.user_id,
            Attempt.cut_score,
            _SCORE.c.id,
            _SCORE.c.number,
            *(_SCORE.c[name] for name in FACTS),
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(_SCORE, _SCORE.c.attempt_id == Attempt.id)
        .join(
            newest,
            and_(newest.c.attempt_id == Attempt.id, newest.c.number == _SCORE.c.number),
        )
    )
    found = {}
    for row in rows:
        facts = dict(zip(FACTS, row[9:], strict=True))
        found[row[0]] = _Before(*row[:9], facts=facts)  # type: ignore[misc]
    return found


def items_of(session: Session, score_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The rows of each score's items, in the order of the form, without the score's id."""
    found: dict[int, list[dict[str, Any]]] = {score_id: [] for score_id in score_ids}
    for score_id, position, key_id, fraction, treatment in session.execute(
        select(
            _ITEM_SCORE.c.score_id,
            _ITEM_SCORE.c.position,
            _ITEM_SCORE.c.item_key_id,
            _ITEM_SCORE.c.fraction,
            _ITEM_SCORE.c.treatment,
        )
        .where(_ITEM_SCORE.c.score_id.in_(score_ids))
        .order_by(_ITEM_SCORE.c.score_id, _ITEM_SCORE.c.position)
    ):
        found[score_id].append(
            {
                "position": position,
                "item_key_id": key_id,
                "fraction": fraction,
                "treatment": treatment,
            }
        )
    return found


@dataclass(frozen=True)
class _Order:
    """A decision as it is carried out: facts that outlive a transaction."""

    id: int
    public_id: str
    item_id: int
    kind: str
    revisions: frozenset[int]
    reason: str
    at: datetime
    by: str


def _order(decision: ItemDecision) -> _Order:
    return _Order(
        decision.id,
        decision.public_id,
        decision.item_id,
        decision.kind,
        frozenset(decision.revisions),
        decision.reason,
        decision.at,
        decision.by,
    )


def apply(session: Session, decision: ItemDecision) -> None:
    """Score anew, in the transaction at hand, all whom a decision concerns; twice is once."""
    order = _order(decision)
    for batch in _batches(_left(session, order)):
        _write(session, order, _changes(session, batch))
    effects.record(session, order.id)


def work(session: Session, decision_id: int, progress: Progress = lambda done, total: None) -> None:
    """The same in many short transactions, for a task or a command; the caller commits the last.

    Who submits meanwhile is scored by the decision at once.
    """
    with only_reading():
        order = _order(session.get_one(ItemDecision, decision_id))
        left = _left(session, order)
    done, seen, total = 0, set[int](), len(left)
    while left:
        for batch in _batches(left):
            with only_reading():
                changes = _changes(session, batch)
            done += _write(session, order, changes)
            session.commit()
            progress(done, max(done, total))
        # What somebody else scored in between is looked at again, once.
        seen.update(left)
        with only_reading():
            left = [one for one in _left(session, order) if one not in seen]
    effects.record(session, order.id)


def _left(session: Session, order: _Order) -> list[int]:
    """The attempts that have no score by this decision yet."""
    done = set(
        session.execute(select(Score.attempt_id).where(Score.decision_id == order.id)).scalars()
    )
    asked = _asked(session, order.item_id, order.revisions, "submitted")
    return [attempt_id for attempt_id in asked if attempt_id not in done]


def _write(session: Session, order: _Order, changes: Sequence[_Change]) -> int:
    """Add the scores that differ and tell whoever notices; how many attempts were looked at.

    One that got another score since it was computed is computed again.
    """
    ids = [change.before.attempt_id for change in changes]
    now = dict(
        iter(
            session.execute(
                select(_SCORE.c.attempt_id, func.max(_SCORE.c.number))
                .where(_SCORE.c.attempt_id.in_(ids))
                .group_by(_SCORE.c.attempt_id)
            )
        )
    )
    stale = [
        c.before.attempt_id for c in changes if now[c.before.attempt_id] != c.before.score_number
    ]
    if stale:
        fresh = {change.before.attempt_id: change for change in _changes(session, stale)}
        changes = [fresh.get(change.before.attempt_id, change) for change in changes]
    new = [change for change in changes if change.differs]
    if new:
        grading.add_scores(
            session,
            [change.score for change in new],
            reason=order.reason,
            at=order.at,
            by=order.by,
            decision_id=order.id,
        )
        _tell(session, order, new)
        people = {change.before.user_id for change in new}
        for tell in rescored:
            tell(session, people, order.at)
    return len(changes)


def _tell(session: Session, order: _Order, changes: Sequence[_Change]) -> None:
    moved = [(change.before, move) for change in changes if (move := change.move)]
    people = dict(
        iter(
            session.execute(
                select(User.id, User.public_id).where(
                    User.id.in_({before.user_id for before, _ in moved})
                )
            )
        )
    )
    outbox.tell_all(
        session,
        [
            (
                people[before.user_id],
                "pass-kept" if move.verdict == "kept" else "score-changed",
                {
                    "quiz": before.quiz,
                    "number": before.number,
                    "outcome": order.kind,
                    "gained": move.verdict == "gained",
                    "was": move.before.percent,
                    "is": move.after.percent,
                },
                address(move.attempt),
            )
            for before, move in moved
        ],
        now=order.at,
    )


def address(attempt: str) -> str:
    """Where a person sees what became of an attempt."""
    return f"/attempts/{attempt}/result"
