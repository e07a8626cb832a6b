"""Scoring: from a key and a raw response to a fraction; pure and blind to the order shown.

Keys and responses are plain JSON values, in terms of the item's source order:

============  =====================================  ==============================
kind          key                                    response
============  =====================================  ==============================
single,       {"fractions": [1, 0, 0]}               {"selected": [0]}
true_false
multiple      {"fractions": [0.5, 0, 0.5]}           {"selected": [0, 2]}
ordering      {"size": 4}: the source's own order    {"positions": [1, 2, 4, null]}
matching      {"matches": [0, 1, 2]}: right side     {"matches": [0, null, 1]}
              of each left one
short_answer  {"answers": [{"text", "fraction"}]}    {"text": "..."}
numeric       {"answers": [{"low", "high",           {"text": "3,5"}
              "fraction"}]}
============  =====================================  ==============================

A response of None is unanswered; its fraction is None, which is not zero.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from quizapp.items.kinds import SCORABLE

Value = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """An attempt's score: `percent` is 100 * points / max_points, exact."""

    fractions: tuple[Fraction | None, ...]
    points: Fraction
    max_points: int
    percent: Fraction
    passed: bool


def score_attempt(
    items: Sequence[tuple[str, Value]], responses: Sequence[Value | None], cut_score: float
) -> Result:
    """Score a form of (kind, key) pairs. Passed when the exact per cent reaches the cut score.

    Raises ValueError for an empty form or one whose responses are not as many.
    """
    if not items or len(items) != len(responses):
        raise ValueError("a form has items, and a response or None for each")
    fractions = tuple(
        score_item(kind, key, response)
        for (kind, key), response in zip(items, responses, strict=True)
    )
    points = sum((fraction or Fraction() for fraction in fractions), Fraction())
    percent = 100 * points / len(items)
    return Result(fractions, points, len(items), percent, percent >= Fraction(str(cut_score)))


def score_item(kind: str, key: Value, response: Value | None) -> Fraction | None:
    """The fraction (0..1) a response earns, or None when there is none."""
    if kind not in SCORABLE:
        raise ValueError(f"{kind} items are not scored")
    if is_blank(kind, response):
        return None
    assert response is not None  # noqa: S101 - is_blank says so
    match kind:
        case "single" | "true_false":
            return _single(key["fractions"], response["selected"])
        case "multiple":
            return _multiple(key["fractions"], set(response["selected"]))
        case "ordering":
            return _ordering(key["size"], response["positions"])
        case "matching":
            return _matching(key["matches"], response["matches"])
        case "short_answer":
            return _short_answer(key["answers"], response["text"])
        case _:
            return _numeric(key["answers"], response["text"])


def is_blank(kind: str, response: Value | None) -> bool:
    """Whether a response says nothing at all."""
    if response is None:
        return True
    match kind:
        case "ordering":
            return all(position is None for position in response["positions"])
        case "matching":
            return all(match is None for match in response["matches"])
        case "short_answer" | "numeric":
            return not response["text"].strip()
        case _:
            return not response["selected"]


def is_complete(kind: str, response: Value | None) -> bool:
    """Whether nothing is left to give: every place filled, each position used once."""
    if response is None or is_blank(kind, response):
        return False
    match kind:
        case "ordering":
            positions = response["positions"]
            return sorted(p or 0 for p in positions) == list(range(1, len(positions) + 1))
        case "matching":
            return None not in response["matches"]
        case "numeric":
            return number(response["text"]) is not None
        case _:
            return True


def _exact(fraction: float) -> Fraction:
    # Thirds written as 0.3333333 in a file are thirds: three of them make one.
    return Fraction(fraction).limit_denominator(1000)


def _clamped(fraction: Fraction) -> Fraction:
    return min(max(fraction, Fraction()), Fraction(1))


def _single(fractions: Sequence[float], selected: Sequence[int]) -> Fraction:
    return _clamped(_exact(fractions[selected[0]])) if len(selected) == 1 else Fraction()


def _multiple(fractions: Sequence[float], selected: set[int]) -> Fraction:
    """max(0, hits/keys - false alarms/distractors): ticking everything earns nothing.

    Youden's J of the selection (Youden 1950, "Index for rating diagnostic tests"), not
    below zero. Without distractors the second term is nothing.
    """
    keys = {i for i, fraction in enumerate(fractions) if fraction > 0}
    distractors = set(range(len(fractions))) - keys
    hits = Fraction(len(selected & keys), len(keys))
    alarms = Fraction(len(selected & distractors), len(distractors)) if distractors else Fraction()
    return _clamped(hits - alarms)


def _ordering(size: int, positions: Sequence[int | None]) -> Fraction:
    """All or nothing: a share for single places would pay for chance."""
    return Fraction(int(list(positions) == list(range(1, size + 1))))


def _matching(key: Sequence[int], matches: Sequence[int | None]) -> Fraction:
    """The share of the left sides with their right one."""
    return Fraction(
        sum(given == right for given, right in zip(matches, key, strict=True)), len(key)
    )


def _short_answer(answers: Sequence[Value], text: str) -> Fraction:
    """The best of the accepted answers; case, accents, spaces and end punctuation are alike."""
    given = plain(text)
    return _clamped(
        max(
            (_exact(a["fraction"]) for a in answers if plain(a["text"]) == given),
            default=Fraction(),
        )
    )


def _numeric(answers: Sequence[Value], text: str) -> Fraction:
    """The best of the accepted ranges, whose ends belong to them."""
    given = number(text)
    if given is None:
        return Fraction()
    return _clamped(
        max(
            (
                _exact(a["fraction"])
                for a in answers
                if Fraction(str(a["low"])) <= given <= Fraction(str(a["high"]))
            ),
            default=Fraction(),
        )
    )


def plain(text: str) -> str:
    """Text as short answers are compared: folded case, no accents, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.split()).strip(" .;,!?\"'")


NUMBER = re.compile(
    r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?|[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?", re.ASCII
)


def number(text: str) -> Fraction | None:
    """The number a Brazilian or English text gives ("1.234,5", "1234.5", "-8,25"), or None.

    A single group after a point ("1.234") reads as in Brazil: a thousand and more, unless
    it starts with a zero.
    """
    digits = text.strip().replace("−", "-").replace(" ", "")
    digits = re.sub(r"[^\d.,]+$", "", digits)  # a unit behind the figure
    if len(digits) > 40 or not digits.strip("+-") or not NUMBER.fullmatch(digits):
        return None
    if "," in digits and digits.rfind(",") > digits.rfind("."):
        groups_first = digits.count(",") > 1
        digits = digits.replace(",", "") if groups_first else digits.replace(".", "")
        return Fraction(digits.replace(",", "."))
    if digits.count(".") > 1 or (
        re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", digits) and "," not in digits
    ):
        return Fraction(digits.replace(".", ""))
    return Fraction(digits.replace(",", ""))
