"""One item: from its key and a response to the fraction (0..1) that it earns."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from quizapp.items.keys import alternatives
from quizapp.items.kinds import SCORABLE
from quizapp.items.scoring.numbers import as_written, number
from quizapp.items.scoring.policy import Policy
from quizapp.items.scoring.responses import is_blank
from quizapp.items.scoring.texts import is_slip, plain

Value = Mapping[str, Any]

# With three steps or two, adjacent pairs would pay as much for chance as a choice of four.
SHORTEST_ADJACENT = 4

_DEFAULT = Policy()


def score_item(
    kind: str, key: Value, response: Value | None, policy: Policy = _DEFAULT
) -> Fraction | None:
    """The fraction (0..1) a response earns, or None when there is none.

    Raises ValueError for a kind that is not scored.
    """
    if kind not in SCORABLE:
        raise ValueError(f"{kind} items are not scored")
    if response is None or is_blank(kind, response):
        return None
    return max(_scored(kind, one, response, policy) for one in alternatives(key))


def cap(kind: str, key: Value, policy: Policy) -> int | None:
    """How many options may be selected; None where the policy sets no limit.

    Of several keys that are accepted, the largest: a smaller limit would tell them apart.
    """
    if kind != "multiple" or policy.multiple != "capped":
        return None
    return max(len(_keys(one["fractions"])) for one in alternatives(key))


def _scored(kind: str, key: Value, response: Value, policy: Policy) -> Fraction:
    match kind:
        case "single" | "true_false":
            return _single(key["fractions"], response["selected"])
        case "multiple":
            return _multiple(key["fractions"], set(response["selected"]), policy)
        case "ordering":
            return _ordering(key["size"], response["positions"], policy)
        case "matching":
            return _matching(key["matches"], response["matches"], policy)
        case "short_answer":
            return _short_answer(key["answers"], response["text"], policy)
        case _:
            return _numeric(key["answers"], response["text"])


@lru_cache(maxsize=1024)
def _exact(fraction: float) -> Fraction:
    # Thirds written as 0.3333333 in a file are thirds: three of them make one.
    return Fraction(fraction).limit_denominator(1000)


def _clamped(fraction: Fraction) -> Fraction:
    return min(max(fraction, Fraction()), Fraction(1))


def _keys(fractions: Sequence[float]) -> set[int]:
    return {i for i, fraction in enumerate(fractions) if fraction > 0}


def _single(fractions: Sequence[float], selected: Sequence[int]) -> Fraction:
    return _clamped(_exact(fractions[selected[0]])) if len(selected) == 1 else Fraction()


def _multiple(fractions: Sequence[float], selected: set[int], policy: Policy) -> Fraction:
    """balanced: max(0, hits/keys - false alarms/distractors), so ticking all earns nothing.

    That is Youden's J of the selection (Youden 1950, "Index for rating diagnostic tests"), not
    below zero; without distractors the second term is nothing. all_or_nothing: exactly the
    keys. capped: hits/keys, and nothing for more selections than there are keys.
    """
    keys = _keys(fractions)
    if policy.multiple == "all_or_nothing":
        return Fraction(int(selected == keys))
    if not keys or (policy.multiple == "capped" and len(selected) > len(keys)):
        return Fraction()
    hits = Fraction(len(selected & keys), len(keys))
    distractors = len(fractions) - len(keys)
    if policy.multiple == "capped" or not distractors:
        return hits
    return _clamped(hits - Fraction(len(selected - keys), distractors))


def _ordering(size: int, positions: Sequence[int | None], policy: Policy) -> Fraction:
    """exact: all or nothing. adjacent: the share of steps followed by their own next one,
    corrected for chance, which gets one in `size` right: (share - 1/n) / (1 - 1/n), not below
    zero. A share of right places would pay for chance.
    """
    if policy.ordering == "exact" or size < SHORTEST_ADJACENT:
        return Fraction(int(list(positions) == list(range(1, size + 1))))
    # A place given twice is no place: else pairs could be had without an order.
    places = [p if p is not None and positions.count(p) == 1 else None for p in positions]
    followed = sum(one is not None and other == one + 1 for one, other in pairwise(places))
    chance = Fraction(1, size)
    return _clamped((Fraction(followed, size - 1) - chance) / (1 - chance))


def _matching(key: Sequence[int], matches: Sequence[int | None], policy: Policy) -> Fraction:
    """share: that of the left sides with their right one. all_or_nothing: all of them."""
    hits = Fraction(
        sum(given == right for given, right in zip(matches, key, strict=True)), len(key)
    )
    return Fraction(int(hits)) if policy.matching == "all_or_nothing" else hits


def _short_answer(answers: Sequence[Value], text: str, policy: Policy) -> Fraction:
    """The best of the accepted answers that the text is; spaces and end punctuation are alike.

    With `spelling`, a text that is none of them counts as the answer it is one slip away from;
    of several the least, so that an answer known to be wrong is never forgiven into a right one.
    """

    def compared(said: str) -> str:
        return plain(said, accents=policy.accents, case=policy.case)

    given = compared(text)
    same = [answer for answer in answers if compared(answer["text"]) == given]
    if not same and policy.spelling:
        near = [answer for answer in answers if is_slip(given, compared(answer["text"]))]
        return min((_clamped(_exact(answer["fraction"])) for answer in near), default=Fraction())
    return _best(same)


def _numeric(answers: Sequence[Value], text: str) -> Fraction:
    """The best of the accepted ranges, whose ends belong to them."""
    given = number(text)
    if given is None:
        return Fraction()
    return _best(a for a in answers if as_written(a["low"]) <= given <= as_written(a["high"]))


def _best(answers: Iterable[Value]) -> Fraction:
    return _clamped(max((_exact(a["fraction"]) for a in answers), default=Fraction()))
