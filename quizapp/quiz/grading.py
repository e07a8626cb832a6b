"""Grading: from what an attempt showed and what was given to a score row.

A score is a pure function of the form, the responses, the keys that are confirmed and the
items that were voided: grading again changes nothing, in whatever order and on whatever
database. Rows are added, never changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from quizapp.content.models import ItemKey, ItemRevision
from quizapp.items.scoring import (
    FormItem,
    NothingToScore,
    Policy,
    Result,
    Treatment,
    score_form,
)
from quizapp.items.scoring.numbers import as_written
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
    """The confirmed key of each item revision, and which revisions are void.

    `voided` ones are left out of whose score that raises; `granted` ones give their points to
    everyone.
    """

    ids: Mapping[int, int]
    values: Mapping[int, Value]
    voided: frozenset[int] = frozenset()
    granted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Graded:
    """A result, and how each place was treated in it."""

    result: Result
    treatments: tuple[str, ...]


def papers(session: Session, attempt_ids: Sequence[int]) -> list[Paper]:
    """The forms of these attempts with their responses, in the order of the ids."""
    terms = {row.id: row for row in session.execute(_TERMS, {"attempts": attempt_ids})}
    rows = session.execute(_FORMS, {"attempts": attempt_ids})
    late = accepted_late(session, attempt_ids)
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


# Built once, here and below: every submit asks them.
_TERMS = select(_ATTEMPT.c.id, _ATTEMPT.c.cut_score, _ATTEMPT.c.terms).where(
    _ATTEMPT.c.id.in_(bindparam("attempts", expanding=True))
)
_FORMS = (
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
        (_RESPONSE.c.attempt_id == _ITEM.c.attempt_id) & (_RESPONSE.c.position == _ITEM.c.position),
    )
    .where(_ITEM.c.attempt_id.in_(bindparam("attempts", expanding=True)))
    .order_by(_ITEM.c.attempt_id, _ITEM.c.position)
)


def accepted_late(
    session: Session, attempt_ids: Sequence[int]
) -> dict[tuple[int, int], Value | None]:
    """What came too late and was taken in, by attempt and position; the last of a place counts."""
    rows = session.execute(_ACCEPTED, {"attempts": attempt_ids})
    return {(attempt_id, position): value for attempt_id, position, value in rows}


_ACCEPTED = (
    select(LateResponse.attempt_id, LateResponse.position, LateResponse.value)
    .where(
        LateResponse.attempt_id.in_(bindparam("attempts", expanding=True)),
        LateResponse.accepted.is_(True),
    )
    .order_by(LateResponse.id)
)


def keys_of(session: Session, revision_ids: Iterable[int]) -> Keys:
    """The newest confirmed key of each revision, and the decisions that void some."""
    wanted = set(revision_ids)
    ids, values = {}, {}
    for row in session.execute(_CONFIRMED, {"revisions": list(wanted)}):
        ids[row.item_revision_id], values[row.item_revision_id] = row.id, row.value
    ruled: dict[int, str] = {}
    for kind, policy, revisions in session.execute(_DECIDED, {"revisions": list(wanted)}):
        # A later decision about a revision takes the place of the one before.
        for revision in wanted.intersection(revisions):
            ruled[revision] = policy if kind == "void" else ""
    return Keys(
        ids,
        values,
        frozenset(revision for revision, policy in ruled.items() if policy == "better"),
        frozenset(revision for revision, policy in ruled.items() if policy == "everyone"),
    )


_CONFIRMED = (
    select(_KEY.c.item_revision_id, _KEY.c.id, _KEY.c.value)
    .where(
        _KEY.c.item_revision_id.in_(bindparam("revisions", expanding=True)),
        _KEY.c.state == "confirmed",
    )
    .order_by(_KEY.c.version)
)
_DECIDED = (
    select(_DECISION.c.kind, _DECISION.c.policy, _DECISION.c.revisions)
    .where(
        _DECISION.c.item_id.in_(
            select(_REVISION.c.item_id).where(
                _REVISION.c.id.in_(bindparam("revisions", expanding=True))
            )
        ),
        _DECISION.c.kind != "kept",
    )
    .order_by(_DECISION.c.id)
)


def grade(paper: Paper, keys: Keys) -> Graded:
    """The score of a form: what is void never counts against anybody.

    Of the voided items those are left out without which the per cent is highest, so that
    nobody falls by a decision and the order of several does not matter. Where x of m points
    are reached, leaving out an item raises the per cent just when its own fraction is below
    x/m: the best choice leaves out those of the lowest fractions, as many as it takes. A
    competency falls short only if it does whatever is left out; no voided item is eliminatory.
    Raises NothingToScore where no item ever counted.
    """
    voided = [i for i, given in enumerate(paper.items) if given.revision_id in keys.voided]
    if not voided:
        treatments = _treatments(paper, keys, frozenset())
        return Graded(_score(paper, keys, treatments), treatments)
    every = _score(paper, keys, _treatments(paper, keys, frozenset()))
    voided.sort(key=lambda i: (every.fractions[i] or 0, i))
    found = [Graded(every, _treatments(paper, keys, frozenset()))]
    for count in range(1, len(voided) + 1):
        treatments = _treatments(paper, keys, frozenset(voided[:count]))
        try:
            found.append(Graded(_score(paper, keys, treatments), treatments))
        except NothingToScore:
            break  # the rest of the form is void too: the best of it stays
    # Of equals the last one, with as many left out as were decided.
    best = max(reversed(found), key=lambda graded: graded.result.percent)
    short = tuple(c for c in every.short if all(c in one.result.short for one in found))
    result = best.result
    passed = result.percent >= as_written(paper.cut_score) and not result.missed and not short
    return Graded(replace(result, short=short, passed=passed), best.treatments)


def _treatments(paper: Paper, keys: Keys, left_out: frozenset[int]) -> tuple[Treatment, ...]:
    """How each place counts; `left_out` are indices of the form."""
    return tuple(
        "granted" if given.revision_id in keys.granted else "voided" if i in left_out else "scored"
        for i, given in enumerate(paper.items)
    )


def _score(paper: Paper, keys: Keys, treatments: Sequence[Treatment]) -> Result:
    items = [
        FormItem(
            given.kind,
            keys.values[given.revision_id],
            given.points,
            given.eliminatory and given.revision_id not in keys.voided,
            given.competencies,
            treatment,
        )
        for given, treatment in zip(paper.items, treatments, strict=True)
    ]
    responses = [given.value for given in paper.items]
    return score_form(items, responses, paper.cut_score, paper.policy, paper.minima)


@dataclass(frozen=True)
class NewScore:
    """A score row to be added, with the rows of its items.

    `passed` may be another word than the result's: that of a pass that stays, or is taken away.
    """

    paper: Paper
    keys: Keys
    graded: Graded
    number: int
    passed: bool

    @property
    def kept(self) -> bool:
        """Whether it is a pass that these keys would not give."""
        return self.passed and not self.graded.result.passed

    def facts(self) -> dict[str, Any]:
        """The columns that the keys decide."""
        result = self.graded.result
        return {
            "percent": float(result.percent),
            "points": float(result.points),
            "max_points": int(result.max_points),
            "passed": self.passed,
            "kept": self.kept,
            "missed": [self.paper.items[place - 1].position for place in result.missed],
            "short": list(result.short),
        }

    def items(self) -> list[dict[str, Any]]:
        """The rows of its items, in the order of the form, without the score's id."""
        return [
            {
                "position": given.position,
                "item_key_id": self.keys.ids[given.revision_id],
                "fraction": None if fraction is None else float(fraction),
                "treatment": treatment,
            }
            for given, fraction, treatment in zip(
                self.paper.items, self.graded.result.fractions, self.graded.treatments, strict=True
            )
        ]


def add_scores(
    session: Session,
    scores: Sequence[NewScore],
    *,
    reason: str,
    at: datetime,
    by: str | None = None,
    decision_id: int | None = None,
) -> None:
    """Add score rows with their items."""
    common = {"reason": reason, "at": at, "by": by, "decision_id": decision_id}
    rows = [
        {"attempt_id": one.paper.attempt_id, "number": one.number, **one.facts(), **common}
        for one in scores
    ]
    ids = session.execute(_ADD_SCORES, rows).scalars()
    session.execute(
        insert(_ITEM_SCORE),
        [
            {"score_id": score_id, **row}
            for score_id, one in zip(ids, scores, strict=True)
            for row in one.items()
        ],
    )


_ADD_SCORES = insert(_SCORE).returning(_SCORE.c.id, sort_by_parameter_order=True)
