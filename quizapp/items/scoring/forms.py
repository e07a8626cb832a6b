"""A whole form: from the items' fractions to per cent, and what a pass needs besides."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from quizapp.items.scoring.fractions import score_item
from quizapp.items.scoring.numbers import as_written
from quizapp.items.scoring.policy import Policy

Value = Mapping[str, Any]
Treatment = Literal["scored", "voided", "granted"]

# Of a competency: with fewer, a share says more about the items than about the person.
MINIMUM_ITEMS = 5

_DEFAULT = Policy()


class NothingToScore(ValueError):
    """No item of a form counts any more: it has no per cent, and an earlier score stands."""


@dataclass(frozen=True)
class FormItem:
    """An item as a form has it.

    A voided one is left out, so its points are shared by the rest; a granted one gives its
    points to everybody. An item of no points counts for nothing but may be eliminatory.
    """

    kind: str
    key: Value
    points: Fraction | float = 1
    eliminatory: bool = False
    competencies: tuple[str, ...] = ()
    treatment: Treatment = "scored"


@dataclass(frozen=True)
class Result:
    """A form's score; `percent` is 100 * points / max_points, all exact.

    A fraction is None where an item was left unanswered or is voided. `missed` has the
    positions, from 1, of eliminatory items that are not fully right; `short` the competencies
    below their minimum.
    """

    fractions: tuple[Fraction | None, ...]
    points: Fraction
    max_points: Fraction
    percent: Fraction
    passed: bool
    missed: tuple[int, ...] = ()
    short: tuple[str, ...] = ()


def score_form(
    items: Sequence[FormItem],
    responses: Sequence[Value | None],
    cut_score: float,
    policy: Policy = _DEFAULT,
    minima: Mapping[str, float] | None = None,
) -> Result:
    """Score a form; `cut_score` and `minima`, by competency, are in per cent.

    Passed when the exact per cent reaches the cut score, no eliminatory item is missed and no
    competency is short; one with fewer than MINIMUM_ITEMS items that count has no minimum.
    Raises NothingToScore when no item is left that counts, ValueError for an empty form, one
    whose responses are not as many, or points below zero.
    """
    if not items or len(items) != len(responses):
        raise ValueError("a form has items, and a response or None for each")
    if any(item.points < 0 for item in items):
        raise ValueError("an item's points are not below zero")
    fractions = tuple(
        _fraction(item, response, policy) for item, response in zip(items, responses, strict=True)
    )
    counted = [
        (item, fraction or Fraction())
        for item, fraction in zip(items, fractions, strict=True)
        if item.treatment != "voided"
    ]
    points, max_points = _sums(counted)
    if not max_points:
        raise NothingToScore("no item of the form counts")
    percent = 100 * points / max_points
    missed = tuple(
        position
        for position, (item, fraction) in enumerate(zip(items, fractions, strict=True), start=1)
        if item.eliminatory and item.treatment != "voided" and fraction != 1
    )
    short = _short(counted, minima or {})
    passed = percent >= as_written(cut_score) and not missed and not short
    return Result(fractions, points, max_points, percent, passed, missed, short)


def _fraction(item: FormItem, response: Value | None, policy: Policy) -> Fraction | None:
    match item.treatment:
        case "voided":
            return None
        case "granted":
            return Fraction(1)
        case _:
            return score_item(item.kind, item.key, response, policy)


def _sums(counted: Sequence[tuple[FormItem, Fraction]]) -> tuple[Fraction, Fraction]:
    """The points reached and those to be reached."""
    reached = sum((as_written(item.points) * fraction for item, fraction in counted), Fraction())
    return reached, sum((as_written(item.points) for item, _ in counted), Fraction())


def _short(
    counted: Sequence[tuple[FormItem, Fraction]], minima: Mapping[str, float]
) -> tuple[str, ...]:
    of: dict[str, list[tuple[FormItem, Fraction]]] = defaultdict(list)
    for item, fraction in counted:
        for competency in dict.fromkeys(item.competencies):
            of[competency].append((item, fraction))
    found = []
    for competency in sorted(minima):
        points, max_points = _sums(of[competency])
        enough = len(of[competency]) >= MINIMUM_ITEMS and max_points
        if enough and 100 * points / max_points < as_written(minima[competency]):
            found.append(competency)
    return tuple(found)
