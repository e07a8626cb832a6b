"""Tables as a workbook with real dates, numbers and percentages, a sheet for each."""

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from quizapp.reports.readers import Reader
from quizapp.reports.sheets.csv import FORMULA
from quizapp.reports.sheets.model import Column, Sheet, counted, cut

LONGEST_NAME = 31  # Excel's limit for a tab
LONGEST_TEXT = 32_767  # and for a cell
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
# Excel shows a day as its own language does where the form has slashes.
_FORMS = {
    "count": "#,##0.##",
    "number": "0.000",
    "percent": "0.0%",
    "minutes": "0",
}
_DAYS = {"pt-BR": "dd/mm/yyyy", "en": "dd mmm yyyy"}
# A text is a text here: nothing that somebody is called becomes a formula, link or number.
_PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(sheets: Sequence[Sheet], reader: Reader, at: datetime) -> bytes:
    """The file; times are in the reader's zone."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, _PLAIN)
    first = sheets[0]
    created = at.astimezone(reader.zone).replace(tzinfo=None)
    book.set_properties({"title": first.title, "author": "quizapp", "created": created})
    # XlsxWriter has no place for the document's language but this.
    book.set_custom_property("Language", reader.language, "text")
    formats = _Formats(book, reader)
    taken: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_free_name(sheet.name, taken))
        _fill(page, sheet, formats)
    book.close()
    return data.getvalue()


class _Formats:
    """The looks of cells, each made once."""

    def __init__(self, book: xlsxwriter.Workbook, reader: Reader) -> None:
        self.zone = reader.zone
        self.head = book.add_format(
            {"bold": True, "bg_color": "#0b4c58", "font_color": "#ffffff", "text_wrap": True}
            | {"valign": "top"}
        )
        self.text = book.add_format({"valign": "top"})
        # Without this mark, whoever edits such a cell and leaves it makes a formula of it.
        self.quoted = book.add_format({"valign": "top", "quote_prefix": True})
        day = _DAYS[reader.language]
        forms = _FORMS | {"date": day, "time": f"{day} hh:mm"}
        self.by_kind: dict[str, Format] = {
            kind: book.add_format({"num_format": form, "valign": "top"})
            for kind, form in forms.items()
        }


def _free_name(name: str, taken: set[str]) -> str:
    """The name as a tab may have it, and no other has."""
    name = _NOT_IN_NAMES.sub(" ", name).strip(" '")[:LONGEST_NAME] or "quizapp"
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        end = f" ({number})"
        free = name[: LONGEST_NAME - len(end)] + end
    taken.add(free.casefold())
    return free


def _fill(page: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    columns, rows = counted(sheet)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.characters + 2)
        page.write_string(0, place, column.title[:LONGEST_TEXT], formats.head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            if value is not None:
                _write(page, last, place, column, value, formats)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, last, len(columns) - 1)
    page.repeat_rows(0)
    page.set_paper(9)  # A4
    if sheet.landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)


def _write(
    page: Worksheet, at: int, place: int, column: Column, value: Any, formats: _Formats
) -> None:
    look = formats.by_kind.get(column.kind, formats.text)
    if isinstance(value, datetime):
        page.write_datetime(at, place, value.astimezone(formats.zone).replace(tzinfo=None), look)
    elif isinstance(value, date):
        page.write_datetime(at, place, value, look)
    elif isinstance(value, int | float):
        page.write_number(at, place, _number(column, value), look)
    else:
        text = str(value)[:LONGEST_TEXT]
        hostile = text.lstrip().startswith(FORMULA)
        page.write_string(at, place, text, formats.quoted if hostile else formats.text)


def _number(column: Column, value: float) -> float:
    if column.kind == "percent":
        return cut(value, 1) / 100
    return cut(value, 2) if column.kind == "count" else value
