"""Numbers as a spreadsheet shows them: 0.8 in a cell of percents is "80%", 46000 may be a date."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from quizapp.formats.amounts import written

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 16, 17), "dd/mm/yyyy"),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "hh:mm"),
    22: "dd/mm/yyyy hh:mm",
    **dict.fromkeys(range(27, 37), "dd/mm/yyyy"),
    **dict.fromkeys((37, 38), "#,##0"),
    **dict.fromkeys((39, 40), "#,##0.00"),
    **dict.fromkeys(range(50, 59), "dd/mm/yyyy"),
}
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_PATTERN = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.[#0?]+)?")
# The signs that stand for a literal's words while the rest of a format is looked at.
_KEPT = "\ue000"
_MAX_CODE = 200


def shown_number(text: str, code: str, *, is_1904: bool = False) -> str:
    """A cell's number in its format's way, with a decimal comma; the text itself if it is none."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        return text
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return _KEPT

    shape = _LITERAL.sub(keep, code[:_MAX_CODE]).partition(";")[0]
    if re.search("[ymdhs]", shape, re.IGNORECASE):
        return _moment(float(value), shape.lower(), is_1904=is_1904)
    pattern = _PATTERN.search(shape)
    if not pattern:
        return written(float(f"{value:.15g}"))
    is_percent = "%" in shape
    number = _digits(value * 100 if is_percent else value, pattern[0])
    before, after = shape[: pattern.start()], shape[pattern.end() :]
    parts = iter(literals)
    whole = "".join(
        next(parts) if sign == _KEPT else sign for sign in f"{before}\ue001{after}"
    ).replace("\ue001", number.removeprefix("-"))
    return ("-" if number.startswith("-") else "") + whole.strip()


def _digits(value: Decimal, pattern: str) -> str:
    """The digits that `#.##0,00` asks for, with as many zeros before and after."""
    whole, _, decimals = pattern.partition(".")
    places = len(decimals)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    number, _, fraction = format(abs(rounded), "f").partition(".")
    fraction = fraction[:places].rstrip("0").ljust(decimals.count("0"), "0")
    number = number.zfill(whole.count("0"))
    if "," in whole:
        number = f"{int(number):,}".replace(",", ".")
    sign = "-" if rounded < 0 else ""
    return f"{sign}{number},{fraction}" if fraction else f"{sign}{number}"


def _moment(days: float, shape: str, *, is_1904: bool) -> str:
    """A day, a time, or both, as they are written in Brazil."""
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - no zone
    try:
        moment = start + timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return written(days)
    parts = []
    if "y" in shape or "d" in shape:
        parts.append(moment.strftime("%d/%m/%Y"))
    if "h" in shape or "s" in shape:
        parts.append(moment.strftime("%H:%M"))
    return " ".join(parts) or moment.strftime("%d/%m/%Y")
