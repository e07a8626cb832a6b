"""Grading: from what an attempt showed and what was given to a score row.

A score is a pure function of the form, the responses, the keys that are confirmed and the
items that were voided: grading again changes nothing, in whatever order and on whatever
database. Rows are added, never changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from quizapp.content.models import ItemKey, ItemRevision
from quizapp.items.scoring import FormItem, Policy, Result, score_form
from quizapp.quiz.models import (
    Attempt,
    AttemptItem,
    ItemDecision,
    ItemScore,
    LateResponse,
    Response,
    Score,
)
from quizapp.quiz.rules import Rules

Value = dict[str, Any]

_ATTEMPT, _ITEM, _RESPONSE, _REVISION, _KEY, _DECISION, _SCORE, _ITEM_SCORE = (
    cast(Table, model.__table__)
    for model in (
        Attempt,
        AttemptItem,
        Response,
        ItemRevision,
        ItemKey,
        ItemDecision,
        Score,
        ItemScore,
    )
)


@dataclass(frozen=True)
class Given:
    """One place of a form with what was given for it."""

    position: int
    kind: str
    revision_id: int
    points: int
    eliminatory: bool
    competencies: tuple[str, ...]
    value: Value | None


@dataclass(frozen=True)
class Paper:
    """A submitted form: all that its score depends on besides keys and voided items."""

    attempt_id: int
    cut_score: float
    policy: Policy
    minima: Mapping[str, float]
    items: tuple[Given, ...]


@dataclass(frozen=True)
class Keys:
    """The confirmed key of each item revision, and what became of voided ones.

    `voided` are revisions left out, in the order of the decisions; `granted` those that
    give their points to everyone.
    """

    ids: Mapping[int, int]
    values: Mapping[int, Value]
    voided: tuple[int, ...] = ()
    granted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Graded:
    """A result, and how each place was treated in it."""

    result: Result
    treatments: tuple[str, ...]


def papers(session: Session, attempt_ids: Sequence[int]) -> list[Paper]:
    """The forms of these attempts with their responses, in the order of the ids."""
    terms = {
        row.id: row
        for row in session.execute(
            select(_ATTEMPT.c.id, _ATTEMPT.c.cut_score, _ATTEMPT.c.terms).where(
                _ATTEMPT.c.id.in_(attempt_ids)
            )
        )
    }
    rows = session.execute(
        select(
            _ITEM.c.attempt_id,
            _ITEM.c.position,
            _ITEM.c.kind,
            _ITEM.c.item_revision_id,
            _ITEM.c.points,
            _ITEM.c.eliminatory,
            _REVISION.c.competencies,
            _RESPONSE.c.value,
        )
        .join(_REVISION, _REVISION.c.id == _ITEM.c.item_revision_id)
        .outerjoin(
            _RESPONSE,
            (_RESPONSE.c.attempt_id == _ITEM.c.attempt_id)
            & (_RESPONSE.c.position == _ITEM.c.position),
        )
        .where(_ITEM.c.attempt_id.in_(attempt_ids))
        .order_by(_ITEM.c.attempt_id, _ITEM.c.position)
    )
    late = _accepted_late(session, attempt_ids)
    items: dict[int, list[Given]] = {}
    for attempt_id, position, kind, revision, points, eliminatory, competencies, value in rows:
        items.setdefault(attempt_id, []).append(
            Given(
                position,
                kind,
                revision,
                points,
                eliminatory,
                tuple(competencies),
                late.get((attempt_id, position), value),
            )
        )
    found = []
    for attempt_id in attempt_ids:
        rules = Rules.from_json(terms[attempt_id].terms)
        found.append(
            Paper(
                attempt_id,
                terms[attempt_id].cut_score,
                rules.policy,
                rules.minima,
                tuple(items[attempt_id]),
            )
        )
    return found


def _accepted_late(
    session: Session, attempt_ids: Sequence[int]
) -> dict[tuple[int, int], Value | None]:
    """What came too late and was taken in by a trainer; the last of a place counts."""
    rows = session.execute(
        select(LateResponse.attempt_id, LateResponse.position, LateResponse.value)
        .where(LateResponse.attempt_id.in_(attempt_ids), LateResponse.accepted.is_(True))
        .order_by(LateResponse.id)
    )
    return {(attempt_id, position): value for attempt_id, position, value in rows}


def keys_of(session: Session, revision_ids: Iterable[int]) -> Keys:
    """The newest confirmed key of each revision, and the decisions that void some."""
    wanted = set(revision_ids)
    ids, values = {}, {}
    for row in session.execute(
        select(_KEY.c.item_revision_id, _KEY.c.id, _KEY.c.value)
        .where(_KEY.c.item_revision_id.in_(wanted), _KEY.c.state == "confirmed")
        .order_by(_KEY.c.version)
    ):
        ids[row.item_revision_id], values[row.item_revision_id] = row.id, row.value
    voided: dict[int, None] = {}
    granted: set[int] = set()
    for kind, policy, revisions in session.execute(
        select(_DECISION.c.kind, _DECISION.c.policy, _DECISION.c.revisions)
        .where(
            _DECISION.c.item_id.in_(select(_REVISION.c.item_id).where(_REVISION.c.id.in_(wanted)))
        )
        .order_by(_DECISION.c.id)
    ):
        # A later decision about a revision takes the place of the one before.
        for revision in wanted.intersection(revisions):
            voided.pop(revision, None)
            granted.discard(revision)
            if kind == "void" and policy == "everyone":
                granted.add(revision)
            elif kind == "void":
                voided[revision] = None
    return Keys(ids, values, tuple(voided), frozenset(granted))


def grade(paper: Paper, keys: Keys) -> Graded:
    """The score of a form.

    Where items were voided to be left out, the best of the scores with none, the first,
    the first two … of them left out: each keeps the better of old and new.
    """
    mine = {given.revision_id for given in paper.items}
    voided = [revision for revision in keys.voided if revision in mine]
    options = []
    for count in range(len(voided), -1, -1):
        left_out = set(voided[:count])
        if left_out >= mine:
            continue  # nothing would be left to score
        treatments = tuple(
            "voided"
            if given.revision_id in left_out
            else "granted"
            if given.revision_id in keys.granted
            else "scored"
            for given in paper.items
        )
        options.append(Graded(_score(paper, keys, treatments), treatments))
    # The first of equals, with as many left out as were decided.
    return max(options, key=lambda graded: (graded.result.passed, graded.result.percent))


def _score(paper: Paper, keys: Keys, treatments: Sequence[str]) -> Result:
    items = [
        FormItem(
            given.kind,
            keys.values[given.revision_id],
            given.points,
            given.eliminatory,
            given.competencies,
            treatment,  # type: ignore[arg-type]
        )
        for given, treatment in zip(paper.items, treatments, strict=True)
    ]
    responses = [given.value for given in paper.items]
    return score_form(items, responses, paper.cut_score, paper.policy, paper.minima)


def add_score(
    session: Session,
    paper: Paper,
    keys: Keys,
    graded: Graded,
    *,
    number: int,
    reason: str,
    at: datetime,
    by: str | None = None,
    decision_id: int | None = None,
    passed: bool | None = None,
) -> int:
    """Add a score row with its items and return its id; `passed` is another word than the result's.

    It is that of a pass that stays, or is taken away by name.
    """
    result = graded.result
    stands = result.passed if passed is None else passed
    score_id: int = session.execute(
        insert(_SCORE)
        .values(
            attempt_id=paper.attempt_id,
            number=number,
            percent=float(result.percent),
            points=float(result.points),
            max_points=int(result.max_points),
            passed=stands,
            kept=stands and not result.passed,
            reason=reason,
            at=at,
            by=by,
            decision_id=decision_id,
            missed=[paper.items[place - 1].position for place in result.missed],
            short=list(result.short),
        )
        .returning(_SCORE.c.id)
    ).scalar_one()
    session.execute(
        insert(_ITEM_SCORE),
        [
            {
                "score_id": score_id,
                "position": given.position,
                "item_key_id": keys.ids[given.revision_id],
                "fraction": None if fraction is None else float(fraction),
                "treatment": treatment,
            }
            for given, fraction, treatment in zip(
                paper.items, result.fractions, graded.treatments, strict=True
            )
        ],
    )
    return score_id
