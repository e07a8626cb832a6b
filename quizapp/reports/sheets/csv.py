"""A table as CSV for a Brazilian Excel, whatever language the pages are in.

UTF-8 with BOM, semicolons, CRLF, decimal commas, dd/mm/aaaa. A text that a spreadsheet could
take for a formula gets a `'` before it, which stays to be seen: no program reads it as one.
"""

import csv
import io
from datetime import date, datetime, tzinfo

from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Sheet, counted, cut

# What Excel and LibreOffice take for a formula's begin; the wide ones do so in some languages.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write(sheet: Sheet, reader: Reader) -> bytes:
    """The file; times are in the reader's zone."""
    columns, rows = counted(sheet)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([defused(column.title) for column in columns])
    for row in rows:
        writer.writerow(
            [_cell(column, value, reader.zone) for column, value in zip(columns, row, strict=True)]
        )
    return text.getvalue().encode("utf-8-sig")


def defused(text: str) -> str:
    """The text as it is safe to write."""
    is_formula = text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
    return f"'{text}" if is_formula else text


def _cell(column: Column, value: object, zone: tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        number = cut(value, 2) if column.kind != "number" else round(value, 3)
        return f"{number:.15g}".replace(".", ",")
    return defused(str(value))
