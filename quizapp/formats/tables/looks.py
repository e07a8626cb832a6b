"""What the columns of a table without a header hold, told by what stands in them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizapp.formats.bank_fields import DIFFICULTIES
from quizapp.formats.bank_options import bare, truth
from quizapp.formats.tables.headers import Column, Role
from quizapp.formats.tables.options import lettered_place
from quizapp.formats.tables.rows import Row
from quizapp.formats.text import fold

_SAMPLE = 500
_MOST = 0.9
_MAX_OPTIONS = 10
_LONG = 60
_SENTENCE = 25
_STEM = 10
_LONG_STEM = 40
_LETTERS = re.compile(r"\(?[A-Ja-j]\)?(?:(?: ?[,;/&+] ?| (?:e|and) )[A-Ja-j]|[B-J]){0,9}")
_NUMBERS = re.compile(r"\d{1,2}(?: ?[,;/&+] ?\d{1,2}){0,9}")
_DIGITS = re.compile(r"\d{1,2}")
_CODE = re.compile(r"[A-Za-z]{1,12}[-_.]?\d{1,6}")
_COUNT = re.compile(r"\d{1,5}")
_CITATION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*#\S+")


@dataclass(frozen=True)
class _Look:
    """A column's cells that are not blank; it is full where few are."""

    index: int
    cells: list[str]
    is_full: bool

    @property
    def length(self) -> float:
        return sum(map(len, self.cells)) / max(len(self.cells), 1)

    @property
    def is_repeated(self) -> bool:
        """Whether it says the same again and again, as a subject does."""
        return len(set(self.cells)) * 2 <= len(self.cells)

    def mostly(self, test: Callable[[str], object]) -> bool:
        return bool(self.cells) and sum(map(bool, map(test, self.cells))) >= _MOST * len(self.cells)


def guess_columns(rows: Sequence[Row]) -> list[Column] | None:
    """The columns of a table of questions; None where they do not show what they are."""
    looks = _looks(rows[:_SAMPLE])
    options = _lettered(looks)
    keys = [look for look in looks if look not in options]
    key = (
        _last(keys, lambda look: look.mostly(_LETTERS.fullmatch))
        or _last(keys, _is_truth)
        or _last(keys, _is_numbers)
        or _repeating(rows[:_SAMPLE], looks, options)
    )
    before = [look for look in looks if not options or look.index < options[0].index]
    before = [look for look in before if not key or look.index < key.index or options]
    stem = _stem([look for look in before if look is not key])
    if key and not options and stem and not _is_truth(key):
        options = [look for look in looks if stem.index < look.index < key.index]
    if not stem or not stem.is_full or not _asks(stem) or not (options or (key and _is_truth(key))):
        return None
    if len(options) == 1 or len(options) > _MAX_OPTIONS or (key and _beyond(key, options)):
        return None
    return _named(looks, stem, options, key)


def has_key_like(row: Row, others: Sequence[Row], columns: Sequence[Column]) -> bool:
    """Whether a row's key is written as those of the others are: a letter among letters."""
    for column in columns:
        if column.role == "key":
            cell = row.cell(column.index)
            below = _Look(0, [c for other in others if (c := other.cell(column.index))], True)
            tests = (_LETTERS.fullmatch, _NUMBERS.fullmatch, _says_truth)
            return all(test(cell) for test in tests if below.mostly(test)) or not cell
    return True


def _looks(rows: Sequence[Row]) -> list[_Look]:
    widths = [len(row.cells) for row in rows]
    width = max(set(widths), key=widths.count, default=0)
    columns = [[cell for row in rows if (cell := row.cell(i))] for i in range(width)]
    return [_Look(i, cells, len(cells) * 5 >= len(rows) * 4) for i, cells in enumerate(columns)]


def _stem(looks: Sequence[_Look]) -> _Look | None:
    """The first column of questions, else that with the longest text."""
    asks = (look for look in looks if look.mostly(lambda cell: cell.endswith(("?", ":"))))
    return next(asks, None) or max(looks, key=lambda look: look.length, default=None)


def _asks(look: _Look) -> bool:
    """Whether a column holds sentences, as a name or a place is none."""
    ends = sum(cell.endswith(("?", ":", ".", "!", "…", "_", ")")) for cell in look.cells)
    return look.length >= _LONG_STEM or (look.length >= _STEM and ends * 2 >= len(look.cells))


def _last(looks: Sequence[_Look], test: Callable[[_Look], bool]) -> _Look | None:
    return next((look for look in reversed(looks) if look.index and test(look)), None)


def _lettered(looks: Sequence[_Look]) -> list[_Look]:
    """The columns whose cells begin with `(A)`, `(B)` and so on."""
    found: list[_Look] = []
    for look in looks:
        place = len(found)
        if look.mostly(lambda cell, place=place: lettered_place(cell) == place):  # type: ignore[misc]
            found.append(look)
        elif found:
            break
    return found if len(found) > 1 else []


def _is_truth(look: _Look) -> bool:
    return look.is_full and look.mostly(_says_truth)


def _says_truth(cell: str) -> bool:
    return truth(cell) is not None or cell in ("C", "E", "c", "e")


def _is_numbers(look: _Look) -> bool:
    """Whether a column holds small numbers that do not just count the rows."""
    if not look.is_full or not look.mostly(_NUMBERS.fullmatch):
        return False
    first = [int(match[0]) for cell in look.cells if (match := _DIGITS.match(cell))]
    return max(first) <= _MAX_OPTIONS and first != list(range(first[0], first[0] + len(first)))


def _repeating(
    rows: Sequence[Row], looks: Sequence[_Look], options: Sequence[_Look]
) -> _Look | None:
    """The last column that repeats, row by row, the text of one column before it or another."""
    for look in reversed(looks):
        if look in options or not look.is_full:
            continue
        hits: list[int] = []
        for row in rows:
            words = bare(row.cell(look.index))
            same = (i for i in range(look.index) if words and bare(row.cell(i)) == words)
            hits += list(same)[:1]
        if len(set(hits)) > 1 and len(hits) >= _MOST * len(rows):
            return look
    return None


def _beyond(key: _Look, options: Sequence[_Look]) -> bool:
    """Whether a column of letters or numbers names options that are not there."""
    if not options:
        return False
    letters = {c.upper() for cell in key.cells if _LETTERS.fullmatch(cell) for c in cell}
    numbers = {
        int(n) for cell in key.cells if _NUMBERS.fullmatch(cell) for n in _DIGITS.findall(cell)
    }
    places = {ord(letter) - ord("A") for letter in letters if "A" <= letter <= "J"}
    return max(places, default=0) >= len(options) or max(numbers, default=0) > len(options)


def _named(
    looks: Sequence[_Look], stem: _Look, options: Sequence[_Look], key: _Look | None
) -> list[Column]:
    """All columns with what they were taken for."""
    taken: set[Role] = set()
    found: list[Column] = []
    for look in looks:
        if look in options:
            found.append(Column(look.index, "option", "", options.index(look)))
            continue
        role = "stem" if look is stem else "key" if look is key else _role(look, stem, taken)
        taken.add(role)
        found.append(Column(look.index, role, ""))
    return found


def _role(look: _Look, stem: _Look, taken: set[Role]) -> Role:
    """What a column beside stem, options and key is taken for."""
    is_first = look.index < stem.index
    if not look.cells:
        return "aside"
    if look.mostly(_COUNT.fullmatch):
        return "number" if is_first and "number" not in taken else "aside"
    if is_first and look.mostly(_CODE.fullmatch) and not look.is_repeated:
        return "id" if "id" not in taken else "aside"
    if look.mostly(lambda cell: fold(cell) in DIFFICULTIES):
        return "difficulty"
    if look.mostly(_CITATION.fullmatch):
        return "source"
    if is_first and not look.is_repeated:
        return "name" if "name" not in taken else "context"
    if look.length >= _LONG and not look.is_repeated:
        return "explanation"
    if not look.is_repeated and look.length >= _SENTENCE and "explanation" not in taken:
        return "explanation"
    return "tags" if "category" in taken else "category"
