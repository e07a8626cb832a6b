"""Numbers as people write them, in Brazil and elsewhere."""

import re
from fractions import Fraction
from functools import lru_cache

LONGEST = 40  # characters: no score needs more, and a larger number takes long to read

_NUMBER = re.compile(
    r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?|[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?", re.ASCII
)
_DASHES = str.maketrans("−–", "--")
_MONEY = re.compile(r"^([+-]?) *(?:R?\$|€) *", re.IGNORECASE)
_BEHIND = re.compile(r"[^\d+-]+$")  # a unit, a full stop
_SPACED = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")  # "12 500"


def number(text: str) -> Fraction | None:
    """The number a Brazilian or English text gives ("1.234,5", "1234.5", "-8,25"), or None.

    Money signs before and units behind are left aside. A single group after a point ("1.234")
    reads as in Brazil: a thousand and more, unless it starts with a zero.
    """
    digits = _MONEY.sub(r"\1", text.strip().translate(_DASHES))
    digits = re.sub(r"^([+-])\s+", r"\1", _SPACED.sub("", _BEHIND.sub("", digits)))
    if len(digits) > LONGEST or not digits.strip("+-") or not _NUMBER.fullmatch(digits):
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


@lru_cache(maxsize=1024)  # the points and limits of a quiz, in every attempt at it
def as_written(value: Fraction | float) -> Fraction:
    """A number as it was written down: 0.1 is a tenth."""
    return value if isinstance(value, Fraction) else Fraction(str(value))
