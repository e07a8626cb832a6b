"""A table of a report, before it is a page, a CSV, an XLSX or a PDF."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext

# text, state: a text, and a word for how something stands, in the reader's language.
# count: a whole number, or points with at most two decimals. number: a figure of statistics.
# percent: 0..100. share: a Share. date: a date. time: an aware datetime. minutes: a number.
# Every cell may be None.
ColumnKind = Literal[
    "text", "count", "number", "percent", "share", "date", "time", "minutes", "state"
]
_WIDTHS: dict[ColumnKind, int] = {
    "text": 28,
    "count": 10,
    "number": 10,
    "percent": 10,
    "share": 11,
    "date": 12,
    "time": 17,
    "minutes": 10,
    "state": 16,
}


@dataclass(frozen=True)
class Column:
    """A column; `key` names it in code, `width` is in characters, 0 for what its kind needs."""

    key: str
    title: str
    kind: ColumnKind = "text"
    width: int = 0

    @property
    def characters(self) -> int:
        """How wide it is, in characters."""
        return self.width or _WIDTHS[self.kind]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many: "3 of 6" where people read, two columns of numbers where they count."""

    k: float
    n: int


@dataclass(frozen=True)
class Sheet:
    """A table with its heading; texts are in the reader's language.

    `name` is short, for the tab of a workbook; `title` heads the document and names its file;
    a row has a cell for each column. `landscape` is for paper; wide tables are so anyway.
    """

    name: str
    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[object, ...]]
    notes: tuple[str, ...] = ()
    landscape: bool = False


def cut(value: float, decimals: int) -> float:
    """A number cut behind so many decimals, as on the pages: 79.996 must not read as 80."""
    scale = 10.0**decimals
    return math.floor(value * scale + 1e-6) / scale


def counted(sheet: Sheet) -> tuple[list[Column], Iterator[list[object]]]:
    """The columns and rows of a table to count with: a share becomes two columns of numbers."""
    columns: list[Column] = []
    for column in sheet.columns:
        if column.kind == "share":
            of = gettext("%(title)s: of how many", title=column.title)
            columns += [
                Column(column.key, column.title, "count"),
                Column(f"{column.key}_of", of, "count"),
            ]
        else:
            columns.append(column)
    return columns, (_row(sheet, row) for row in sheet.rows)


def _row(sheet: Sheet, row: tuple[object, ...]) -> list[object]:
    cells: list[object] = []
    for column, value in zip(sheet.columns, row, strict=True):
        if column.kind != "share":
            cells.append(value)
        elif isinstance(value, Share):
            cells += [value.k, value.n]
        else:
            cells += [None, None]
    return cells
