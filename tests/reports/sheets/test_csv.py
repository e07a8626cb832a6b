"""CSV as a Brazilian Excel reads it."""

import csv
import io
from datetime import UTC, date, datetime

from quizapp.reports.sheets.csv import write
from quizapp.reports.sheets.model import Column, Share, Sheet
from tests.reports.sheets.tables import HOSTILE, names, reader


def cells(sheet):
    data = write(sheet, reader())
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_no_name_is_a_formula_and_none_is_lost(app):
    rows = cells(names(HOSTILE))[1:]
    assert len(rows) == len(HOSTILE)
    for (text, _), name in zip(rows, HOSTILE, strict=True):
        assert not text.lstrip().startswith(tuple("=+-@\t\r＝＋－＠"))
        assert text in (name, f"'{name}")
    assert cells(names(["Ana", "D'Ávila - Silva"]))[2][0] == "D'Ávila - Silva"


def test_numbers_shares_and_times_are_written_as_in_brazil(app):
    columns = (
        Column("p", "Nota", "percent"),
        Column("s", "=Lidas", "share"),
        Column("d", "Dia", "date"),
        Column("t", "Quando", "time"),
        Column("n", "D", "number"),
    )
    at = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    rows = [(79.996, Share(1.5, 6), date(2026, 3, 1), at, -0.3456), (None,) * 5]
    head, first, empty = cells(Sheet("x", "x", "", columns, rows))
    assert head[1] == "'=Lidas"
    assert first == ["79,99", "1,5", "6", "01/03/2026", "28/02/2026 23:30", "-0,346"]
    assert empty == [""] * 6
