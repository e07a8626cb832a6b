"""Lists of keys that stand apart from their questions: `1-A 2-C`, one a line, or a table."""

import re
from dataclasses import dataclass, field

from quizapp.formats.gabarito import parse_gabarito
from quizapp.formats.lettered.labels import announces_keys, key_of
from quizapp.formats.lettered.lines import Line
from quizapp.formats.lettered.signs import heading_of, option_of

_ROW = re.compile(r"\|?(?:[^|]*\|)+[^|]*")
_DIVIDER = re.compile(r"[\s|:–-]+")
_CELL_NUMBER = re.compile(r"\W*(?:quest[ãa]o|n[º°o.]|q\.?)?\s?(\d{1,4})\W*", re.IGNORECASE)
_WORDS = "verdadeir[ao]|fals[ao]|cert[ao]|errad[ao]"
_CELL_KEY = re.compile(
    rf"\W*([A-L](?:\s?[,;/e]\s?[A-L])*|[A-L]{{1,6}}|[VFCE]|{_WORDS})\W*", re.IGNORECASE
)
_ENTRY = re.compile(
    r"\W*(?:quest[ãa]o\s*|q\.?\s?)?(?P<number>\d{1,4})\s*(?:[-–—.):=ºª]{1,3}|\s)\s*[*_(]{0,3}"
    rf"(?:letra |alternativa )?"
    rf"(?P<key>[A-L]{{1,6}}|[VFCE](?:\s?[-,;]\s?[VFCE])*|{_WORDS}|anulada)"
    rf"(?!\w)[*_]{{0,3}}(?P<rest>(?:\s*[-–—.,;:()|].*)?)",
    re.IGNORECASE,
)
_LEAST_IN_A_LINE = 3


@dataclass
class KeyEntry:
    """The key of one number, and what is said behind it."""

    number: str
    value: str
    line: int
    rest: list[str] = field(default_factory=list)


@dataclass
class KeyList:
    """Keys that stand together, and which lines they are: from start to before end."""

    start: int
    end: int
    entries: list[KeyEntry]


def key_lists(lines: list[Line]) -> list[KeyList]:
    """The lists of keys in a text."""
    found: list[KeyList] = []
    position = 0
    while position < len(lines):
        listed = _list_at(lines, position)
        if listed:
            found.append(listed)
            position = listed.end
        else:
            position += 1
    return found


def _list_at(lines: list[Line], start: int) -> KeyList | None:
    """The list that begins on a line: by its title, or by several keys on the line."""
    line = lines[start]
    if line.is_code:
        return None
    listed = KeyList(start, start + 1, [])
    if not announces_keys(line):
        said = key_of(line)
        listed.entries = _several(said or line.text, line.number)
        if len(listed.entries) < (2 if said else _LEAST_IN_A_LINE):
            return None
    while listed.end < len(lines) and _take(listed, lines):
        pass
    return listed if len(listed.entries) > 1 else None


def _several(text: str, number: int) -> list[KeyEntry]:
    entries, problems = parse_gabarito(text)
    if problems or any(len(entry.answer) > 12 for entry in entries):
        return []
    return [KeyEntry(entry.ref, entry.answer, number) for entry in entries if entry.ref.isdecimal()]


def _take(listed: KeyList, lines: list[Line]) -> bool:
    """Whether the line at the list's end belongs to it, which is taken then."""
    line = lines[listed.end]
    if line.is_code:
        return False
    if rows := _table(lines, listed.end):
        listed.entries += rows
        while listed.end < len(lines) and _ROW.fullmatch(lines[listed.end].text):
            listed.end += 1
        return True
    entry = _ENTRY.fullmatch(line.text)
    several = [] if entry else _several(line.text, line.number)
    if entry:
        rest = [entry["rest"].strip(" .;,-–—:*")] if entry["rest"].strip(" .;,*") else []
        several = _several(line.text, line.number) if rest else []
        if len(several) < 2:
            number = str(int(entry["number"]))
            several = [KeyEntry(number, entry["key"], line.number, rest)]
    listed.entries += several
    is_part = bool(several) or (heading_of(line) is not None and _goes_on(lines, listed.end + 1))
    is_remark = bool(listed.entries) and not line.gap and not option_of(line) and not is_part
    if is_remark and not heading_of(line) and not _begins_question(lines, listed.end):
        listed.entries[-1].rest.append(line.text)
        is_part = True
    listed.end += is_part
    return is_part


def _goes_on(lines: list[Line], position: int) -> bool:
    """Whether the line below a heading of a list has keys."""
    if position >= len(lines):
        return False
    text = lines[position].text
    return bool(_ENTRY.fullmatch(text) or len(_several(text, 0)) > 1 or _table(lines, position))


def _begins_question(lines: list[Line], position: int) -> bool:
    return any(option_of(line) for line in lines[position + 1 : position + 3])


def _table(lines: list[Line], start: int) -> list[KeyEntry]:
    """The keys of a table, a number and its key in two cells beside or below one another."""
    rows: list[tuple[int, list[str]]] = []
    for line in lines[start:]:
        if line.is_code or not _ROW.fullmatch(line.text):
            break
        if not _DIVIDER.fullmatch(line.text):
            cells = line.text.strip().strip("|").split("|")
            rows.append((line.number, [cell.strip() for cell in cells]))
    found: list[KeyEntry] = []
    for place, (number, cells) in enumerate(rows):
        below = rows[place + 1][1] if place + 1 < len(rows) else []
        for column, cell in enumerate(cells):
            named = _CELL_NUMBER.fullmatch(cell)
            if not named:
                continue
            beside = cells[column + 1] if column + 1 < len(cells) else ""
            under = below[column] if column < len(below) else ""
            key = _CELL_KEY.fullmatch(beside) or _CELL_KEY.fullmatch(under)
            if key:
                found.append(KeyEntry(str(int(named[1])), key[1], number))
    return found
