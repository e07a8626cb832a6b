"""Workbooks and CSV files, built and read in tests."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from quizapp.formats.model import Bank, Item
from quizapp.formats.reader import read

Rows = list[list[Any]]


def workbook(sheets: Mapping[str, Rows], finish: Callable[[Workbook], None] | None = None) -> bytes:
    """An XLSX file with these sheets, then as `finish` leaves it."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(line, column, value)
    if finish:
        finish(book)
    book.close()
    return file.getvalue()


def first_sheet(book: Workbook) -> Worksheet:
    return book.worksheets()[0]


def with_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The file with one of its parts changed."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return file.getvalue()


def xlsx_bank(sheets: Mapping[str, Rows] | Rows, name: str = "provas.xlsx") -> Bank:
    """The bank that these sheets are read as; rows alone are those of one sheet."""
    found = read(name, workbook(sheets if isinstance(sheets, Mapping) else {"Planilha1": sheets}))
    assert isinstance(found, Bank), found
    return found


def csv_bank(text: str, name: str = "provas.csv") -> Bank:
    found = read(name, text.encode())
    assert isinstance(found, Bank), found
    return found


def keyed(item: Item) -> str:
    """The letters of an item's right options; its hints with question marks if it is in doubt."""
    if item.key == "doubtful":
        return "".join(f"{chr(65 + place)}?" for place in item.doubt)
    return "".join(chr(65 + n) for n, option in enumerate(item.options) if option.fraction)


def keys_of(bank: Bank) -> list[str]:
    return [keyed(item) for item in bank.items]
