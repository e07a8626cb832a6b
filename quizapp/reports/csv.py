"""CSV as a Brazilian Excel opens it, whatever language the pages are in.

UTF-8 with BOM, semicolons, CRLF, decimal commas, dd/mm/aaaa, formulas defused.
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

# Excel and LibreOffice take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]], zone: tzinfo = UTC) -> bytes:
    """The table as bytes; instants are written in the given zone."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(value, zone) for value in head])
    writer.writerows([_cell(value, zone) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: object, zone: tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%d/%m/%Y %H:%M}"
    if isinstance(value, float):
        # Cut like on the pages: 79.996 must not read as 80.
        return f"{math.floor(value * 100 + 1e-6) / 100:g}".replace(".", ",")
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text
