"""Numbers as people write them in an answer: `30`, `1.234,5`, `30 ± 2`, `10..20`."""

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"(?:R\$ ?)?([+-]?(?:\d{1,3}(?:\.\d{3})+(?:,\d{1,12})?|\d{1,15}(?:[.,]\d{1,12})?))"
_ALONE = re.compile(_NUMBER)
_TOLERANCE = re.compile(rf"{_NUMBER} ?(?:±|\+/?-) ?{_NUMBER}")
_RANGE = re.compile(rf"{_NUMBER} ?\.\.\.? ?{_NUMBER}")
_ATTEMPT = re.compile(r"\d\s?(?:±|\+/?-)|\d\s?\.\.\s?\d|\d\s?\.\.$")
_CODE = re.compile(r"0\d")
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}\.\d{3}")


@dataclass(frozen=True)
class Numeric:
    """A value with its tolerance, or a range."""

    value: float | None = None
    tolerance: float | None = None
    low: float | None = None
    high: float | None = None
    ambiguous: bool = False


def numeric(text: str) -> Numeric | None:
    """The number, or numbers, that the whole text is; "0800" and "30 min" are none."""
    text = text.strip()
    if len(text) > 80:
        return None
    if match := _TOLERANCE.fullmatch(text):
        value, tolerance = _number(match[1]), _number(match[2])
        return None if tolerance < 0 else Numeric(value, tolerance, ambiguous=_ambiguous(match))
    if match := _RANGE.fullmatch(text):
        low, high = _number(match[1]), _number(match[2])
        return None if low > high else Numeric(low=low, high=high, ambiguous=_ambiguous(match))
    match = _ALONE.fullmatch(text)
    if not match or _CODE.match(text):
        return None
    return Numeric(_number(match[1]), 0.0, ambiguous=_ambiguous(match))


def looks_numeric(text: str) -> bool:
    """Whether a text that is no number was meant as one."""
    return bool(_ATTEMPT.search(text[:80]))


def _number(text: str) -> float:
    """The value of a number with a decimal comma or point; "1.234" is a decimal."""
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    elif text.count(".") > 1:
        text = text.replace(".", "")
    return float(text)


def _ambiguous(match: re.Match[str]) -> bool:
    """Whether "1.234" may mean a thousand as well."""
    return any(_AMBIGUOUS.fullmatch(group.lstrip("+-")) for group in match.groups())


def written(value: float) -> str:
    """A number as it is written, with a decimal comma."""
    text = format(Decimal(repr(value)), "f")
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole},{decimals}" if decimals else whole
