"""Numbers as people write them in an answer: `30`, `1.234,5`, `30 ± 2`, `10..20`, and shares."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_DIGITS = (
    r"\d{1,3}(?:\.\d{3})+(?:,\d{1,40})?|\d{1,3}(?:,\d{3})+\.\d{1,40}|\d{1,3}(?:,\d{3}){2,}"
    r"|\d{1,40}(?:[.,]\d{1,40})?"
)
_NUMBER = rf"(?:R\$ ?)?([+-]?(?:{_DIGITS})(?:[eE][+-]?\d{{1,3}})?)"
_ALONE = re.compile(_NUMBER)
_TOLERANCE = re.compile(rf"{_NUMBER} ?(?:±|\+/?-) ?{_NUMBER}")
_RANGE = re.compile(rf"{_NUMBER} ?\.\.\.? ?{_NUMBER}")
_ATTEMPT = re.compile(r"\d\s?(?:±|\+/?-)|\d\s?\.\.\s?\d|\d\s?\.\.$")
_CODE = re.compile(r"0\d")
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
_MAX_LENGTH = 160
# What looks like a share of so many equal parts at most, cut after two decimals, is that share.
_MAX_PARTS = 12
_CUT = Fraction(1, 20_000)


@dataclass(frozen=True)
class Numeric:
    """A value with its tolerance, or a range; `ambiguous` if it could be read in two ways."""

    value: float | None = None
    tolerance: float | None = None
    low: float | None = None
    high: float | None = None
    ambiguous: bool = False


def numeric(text: str, language: str = "pt-BR") -> Numeric | None:
    """The number, or numbers, that the whole text is; "0800" and "30 min" are none.

    One group of three alone follows the language: "1.234" is a thousand in Portuguese, as agents
    type it, and a decimal in English, where "1,234" is the thousand.
    """
    text = text.strip()
    if len(text) > _MAX_LENGTH:
        return None
    english = language.lower().startswith("en")
    if match := _TOLERANCE.fullmatch(text):
        value, tolerance = (_number(group, english) for group in match.groups())
        found = Numeric(value, tolerance)
        return None if tolerance < 0 else _marked(found, match, english)
    if match := _RANGE.fullmatch(text):
        low, high = (_number(group, english) for group in match.groups())
        return None if low > high else _marked(Numeric(low=low, high=high), match, english)
    match = _ALONE.fullmatch(text)
    if not match or _CODE.match(text):
        return None
    return _marked(Numeric(_number(match[1], english), 0.0), match, english)


def looks_numeric(text: str) -> bool:
    """Whether a text that is no number was meant as one."""
    return bool(_ATTEMPT.search(text[:80]))


def _number(text: str, english: bool) -> float:
    """The value of a number with a decimal comma or point, and groups of three."""
    point, comma = text.rfind("."), text.rfind(",")
    decimal = "." if point > comma else ","
    alone = _ONE_GROUP.fullmatch(text.lstrip("+-"))
    if text.count(decimal) > 1 or (alone and (alone[1] == ",") == english):
        decimal = ""
    return float("".join("." if c == decimal else c for c in text if c == decimal or c not in ".,"))


def _marked(found: Numeric, match: re.Match[str], english: bool) -> Numeric:
    """The number, marked if its "1.234" may mean a thousand as well as a decimal."""
    groups = (_ONE_GROUP.fullmatch(group.lstrip("+-")) for group in match.groups())
    if not any(group and (english or group[1] == ".") for group in groups):
        return found
    return Numeric(found.value, found.tolerance, found.low, found.high, ambiguous=True)


def written(value: float) -> str:
    """A number as it is written, with a decimal comma; no language takes it for a thousand."""
    text = format(Decimal(repr(value)), "f")
    if len(text) > _MAX_LENGTH // 4:
        return repr(value).replace(".", ",")
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) == 3 and whole.lstrip("-") != "0":
        decimals += "0"
    return f"{whole},{decimals}" if decimals else whole


def share(percent: str) -> float:
    """The fraction that a per cent stands for, -1..1: "50" is a half, "33,33333" a third."""
    exact = Fraction(percent.strip().replace(",", ".")) / 100
    simple = exact.limit_denominator(_MAX_PARTS)
    return float(
        max(min(simple if abs(simple - exact) < _CUT else exact, Fraction(1)), Fraction(-1))
    )


def percent(fraction: float) -> str:
    """A fraction in per cent, to five decimals: a third is "33,33333"."""
    return written(round(fraction * 100, 5))
