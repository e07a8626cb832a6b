"""CSV as a Brazilian Excel opens it: UTF-8 with BOM, semicolons, CRLF, formulas defused."""

import csv
import io
from collections.abc import Iterable, Sequence

# Excel and LibreOffice take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as bytes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(value) for value in head])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text
