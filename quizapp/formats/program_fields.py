"""The facts of a program that stand in its front matter: hours, validity, warnings, order."""

import re
from datetime import date

from quizapp.formats.front_matter import FrontMatter
from quizapp.formats.model import Problem
from quizapp.formats.text import fold

DEFAULT_WARNINGS = (60, 30, 7)
MOST_MINUTES = 60_000
MOST_MONTHS = 600
MOST_WARNINGS = 10
# A warning a year ahead of the end of a year would come before the award.
EARLIEST_WARNING = 365

_HOURS = re.compile(r"(\d{1,4}) ?(?:h|horas?|hours?)?")
_DECIMAL = re.compile(r"(\d{1,4})[.,](\d{1,2}) ?(?:h|horas?|hours?)?")
_HOURS_MINUTES = re.compile(r"(\d{1,4}) ?(?:h|:) ?([0-5]?\d) ?(?:min|m)?")
_MINUTES = re.compile(r"(\d{1,5}) ?(?:min|minutos?|minutes?)")
_MONTHS = re.compile(r"(\d{1,3}) ?(?:mes|meses|months?)")
_YEARS = re.compile(r"(\d{1,2}) ?(?:anos?|years?)")
_YEARLY = re.compile(r"(?:todo|every|cada) (?:dia |ano )?(\d{1,2})/(\d{1,2})")
_FOR_EVER = frozenset({"", "sem", "sem validade", "nunca expira", "none", "forever", "-"})
_YES = {"sim": True, "yes": True, "true": True, "nao": False, "no": False, "false": False}


def minutes(matter: FrontMatter) -> tuple[int | None, list[Problem]]:
    """The `carga_horaria` in minutes: `8`, `8h`, `1h30`, `1:30`, `1,5` or `90 min`."""
    given = fold(matter.get("hours"))
    if not given:
        return None, []
    found = _minutes(given)
    if found and found <= MOST_MINUTES:
        return found, []
    return None, [_invalid(matter, "hours", "program-hours-invalid")]


def _minutes(text: str) -> int | None:
    if plain := _HOURS.fullmatch(text):
        return int(plain[1]) * 60
    if both := _HOURS_MINUTES.fullmatch(text):
        return int(both[1]) * 60 + int(both[2])
    if decimal := _DECIMAL.fullmatch(text):
        return round(float(f"{decimal[1]}.{decimal[2]}") * 60)
    alone = _MINUTES.fullmatch(text)
    return int(alone[1]) if alone else None


def validity(matter: FrontMatter) -> tuple[int | None, tuple[int, int] | None, list[Problem]]:
    """The `validade`: months, or the (day, month) of a year up to which it is valid, or neither.

    29 February is no such day: most years do not have it.
    """
    given = fold(matter.get("validity"))
    if given in _FOR_EVER:
        return None, None, []
    months = _MONTHS.fullmatch(given)
    years = _YEARS.fullmatch(given)
    count = int(months[1]) if months else 12 * int(years[1]) if years else 0
    if 0 < count <= MOST_MONTHS:
        return count, None, []
    yearly = _YEARLY.fullmatch(given)
    if yearly and _is_yearly(int(yearly[1]), int(yearly[2])):
        return None, (int(yearly[1]), int(yearly[2])), []
    return None, None, [_invalid(matter, "validity", "program-validity-invalid")]


def _is_yearly(day: int, month: int) -> bool:
    try:
        date(2001, month, day)
    except ValueError:
        return False
    return True


def warn_days(matter: FrontMatter) -> tuple[tuple[int, ...], list[Problem]]:
    """The `avisos`: how many days before its end one is warned, the most first."""
    given = matter.get("warnings")
    if not given:
        return DEFAULT_WARNINGS, []
    parts = [part.strip() for part in re.split("[,;]", given) if part.strip()]
    days = {int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 5}
    fits = 0 < len(parts) <= MOST_WARNINGS and len(days) == len(set(parts))
    if fits and all(0 < day <= EARLIEST_WARNING for day in days):
        return tuple(sorted(days, reverse=True)), []
    return DEFAULT_WARNINGS, [_invalid(matter, "warnings", "program-warnings-invalid")]


def queues(matter: FrontMatter) -> tuple[str, ...]:
    """The `filas` that it makes a person ready for, each once."""
    parts = (part.strip() for part in re.split("[,;]", matter.get("queues")))
    return tuple(dict.fromkeys(part for part in parts if part))


def in_order(matter: FrontMatter) -> tuple[bool, list[Problem]]:
    """The `ordem`: whether the steps are done one after the other."""
    given = fold(matter.get("order"))
    if not given or given in _YES:
        return _YES.get(given, False), []
    return False, [_invalid(matter, "order", "program-order-invalid")]


def _invalid(matter: FrontMatter, key: str, code: str) -> Problem:
    return Problem(matter.line(key), 1, "error", code, {"value": matter.get(key)})


def written_hours(given: int | None) -> str:
    """Minutes as `carga_horaria` has them."""
    if not given:
        return ""
    hours, rest = divmod(given, 60)
    if not rest:
        return f"{hours}h"
    return f"{hours}h{rest:02d}" if hours else f"{rest} min"


def written_validity(months: int | None, until: tuple[int, int] | None) -> str:
    """A validity as `validade` has it."""
    if until:
        return f"todo {until[0]:02d}/{until[1]:02d}"
    return f"{months} {'mês' if months == 1 else 'meses'}" if months else ""
