"""The cells of a sheet's XML, and the texts that they share, as a stream that is counted."""

import re
from typing import NoReturn
from xml.parsers import expat

from quizapp.formats.model import Problem
from quizapp.formats.tables.numbers import shown_number
from quizapp.formats.tables.rows import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Faulty,
    Row,
    Sheet,
    cell_too_long,
    too_large,
)
from quizapp.formats.text import normalise

# All text of a workbook together; one that many cells share counts for each of them.
MAX_TEXT = 5 * 1024 * 1024
MAX_ELEMENTS = 3_000_000
_MAX_MERGED = 200_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COLUMNS = range(1, MAX_COLUMNS + 1)


class _Reader:
    """Hears of elements and text while a part is read; counts both."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.elements = 0
        self.text: list[str] = []
        self.is_text = False
        self.in_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise too_large(1, 1)
        name = name.rpartition(":")[2]
        if name in ("t", "v"):
            self.is_text = not self.in_phonetic
        elif name == "rPh":
            self.in_phonetic = True
        else:
            self.opened(name, attributes)

    def data(self, text: str) -> None:
        """Text of an element, or a piece of it."""
        if self.is_text:
            self.text.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        name = name.rpartition(":")[2]
        if name in ("t", "v"):
            self.is_text = False
        elif name == "rPh":
            self.in_phonetic = False
        else:
            self.closed(name)

    def take(self) -> str:
        """The text since it was taken last."""
        text = "".join(self.text)
        self.text.clear()
        return text

    def spend(self, length: int) -> None:
        """Count text against what a workbook may hold."""
        self.room -= length
        if self.room < 0:
            raise too_large(1, 1)

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """An element of the part's own begins."""

    def closed(self, name: str) -> None:
        """An element of the part's own ends."""


class TextsReader(_Reader):
    """Reads the texts that cells share."""

    def __init__(self, room: int) -> None:
        super().__init__(room)
        self.texts: list[str] = []

    def closed(self, name: str) -> None:
        if name == "si":
            self.texts.append(_clean(self.take()))
            self.spend(len(self.texts[-1]))


class SheetReader(_Reader):
    """Reads the cells of one sheet, those only that hold something."""

    def __init__(self, shared: list[str], formats: list[str], room: int, *, is_1904: bool) -> None:
        super().__init__(room)
        self.shared = shared
        self.formats = formats
        self.is_1904 = is_1904
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.merged: list[str] = []
        self.line = self.column = 0
        self.cells: dict[int, str] = {}
        self.cell: dict[str, str] = {}

    def read(self, name: str, data: bytes) -> Sheet:
        """The rows that are not blank, with what merged cells say of the rows they span."""
        stream(data, self)
        self.rows.sort(key=lambda row: row.line)
        return Sheet(name, _with_merged(self.rows, self.merged), tuple(self.problems))

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.cell = attributes
            self.column += 1
            if reference := attributes.get("r"):
                self.column = _place(reference)[1]
        elif name == "row":
            self.line = _whole(attributes["r"]) if "r" in attributes else self.line + 1
            self.column = 0
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def closed(self, name: str) -> None:
        if name == "c":
            text = self._shown(self.take())
            if text.strip():
                self._keep(text)
        elif name == "row" and self.cells:
            width = max(self.cells)
            cells = [self.cells.get(column, "") for column in range(1, width + 1)]
            self.rows.append(Row(self.line, cells, _COLUMNS))
            self.cells.clear()

    def _keep(self, text: str) -> None:
        if self.line > MAX_ROWS or self.column > MAX_COLUMNS:
            raise too_large(self.line, self.column)
        if len(text) > MAX_CELL:
            raise cell_too_long(self.line, self.column)
        self.spend(len(text))
        self.cells[self.column] = text

    def _shown(self, value: str) -> str:
        """What the cell shows; a formula is what it came to when it was saved."""
        match self.cell.get("t", "n"):
            case "s":
                place = _whole(value) if value else -1
                return self.shared[place] if 0 <= place < len(self.shared) else ""
            case "b":
                return "VERDADEIRO" if value.strip() == "1" else "FALSO" if value else ""
            case "n":
                style = self.cell.get("s", "")
                place = int(style) if style.isdecimal() and len(style) < 7 else -1
                code = self.formats[place] if 0 <= place < len(self.formats) else ""
                return shown_number(value, code, is_1904=self.is_1904) if value else ""
            case "e":
                args: dict[str, str | int] = {"error": value[:40]}
                self.problems.append(
                    Problem(self.line, self.column, "warning", "table-cell-error", args)
                )
        return _clean(value)


def stream(data: bytes, reader: _Reader) -> None:
    """Tell a reader what stands in a part. Raises Faulty where it is damaged."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):
        invalid()


def _clean(text: str) -> str:
    """A text without the ways in which the format writes odd characters."""
    return normalise(_ESCAPED.sub(_character, text)).strip("\n")


def _character(escape: re.Match[str]) -> str:
    """The character of `_x000D_`; half of one is none."""
    code = int(escape[1], 16)
    return "" if 0xD800 <= code < 0xE000 else chr(code)


def _place(reference: str) -> tuple[int, int]:
    """The row and column of "C7", from 1."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        invalid()
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else invalid()


def _with_merged(rows: list[Row], merged: list[str]) -> list[Row]:
    """The rows, each with what a cell says that spans it from above; wide cells are marked.

    Nothing is copied to the right: a cell across columns is a title, and no option of a question.
    """
    by_line = {row.line: place for place, row in enumerate(rows)}
    count = 0
    for reference in merged:
        first, _, last = reference.partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        if top not in by_line or left > MAX_COLUMNS:
            continue
        above = rows[by_line[top]]
        if right > left:
            rows[by_line[top]] = Row(above.line, above.cells, above.columns, is_wide=True)
        for line in range(top + 1, min(bottom, MAX_ROWS) + 1):
            count += 1
            if count > _MAX_MERGED:
                raise too_large(line, left)
            if line in by_line and above.cell(left - 1):
                cells = rows[by_line[line]].cells
                cells += [""] * (left - len(cells))
                cells[left - 1] = cells[left - 1] or above.cell(left - 1)
    return rows


def invalid() -> NoReturn:
    """Stop at a part that is damaged."""
    raise Faulty(Problem(1, 1, "error", "xlsx-invalid"))
