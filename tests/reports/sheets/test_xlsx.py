"""Workbooks: real types, and texts that stay texts."""

import io
import re
import zipfile
from datetime import UTC, date, datetime

from python_calamine import CalamineWorkbook

from quizapp import clock
from quizapp.reports.sheets.model import Column, Share, Sheet
from quizapp.reports.sheets.xlsx import write
from tests.reports.sheets.tables import HOSTILE, names, reader
from tests.reports.sheets.test_libreoffice import plain

AT = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)


def read(data):
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_second_reader_finds_the_names_as_they_are(app):
    rows = read(write([names(HOSTILE)], reader(), clock.now())).get_sheet_by_index(0).to_python()
    assert [plain(row[0]) for row in rows[1:]] == [plain(name) for name in HOSTILE]
    assert {row[1] for row in rows[1:]} == {7.0}


def test_a_workbook_holds_no_formula_or_link_and_marks_what_looks_like_one(app):
    found = parts(write([names(HOSTILE)], reader(), clock.now()))
    sheet = found["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert not any("externalLink" in name or "_rels/sheet" in name for name in found)
    assert found["xl/styles.xml"].count('quotePrefix="1"') == 1


def test_cells_have_real_types_and_the_document_says_what_it_is(app):
    columns = (
        Column("name", "Nome"),
        Column("p", "Nota", "percent"),
        Column("s", "Lidas", "share"),
        Column("d", "Dia", "date"),
        Column("t", "Quando", "time"),
    )
    rows = [("Ana", 79.96, Share(3, 6), date(2026, 3, 1), AT), (None,) * 5]
    sheets = [
        Sheet(name, "Equipe Norte", "", columns, rows)
        for name in ("Prova: 1/2", "prova  1 2", "prova: 1/2", "x" * 40)
    ]
    data = write(sheets, reader(), AT)
    book, found = read(data), parts(data)
    head, first = book.get_sheet_by_index(0).to_python()
    assert (head[:3], head[4:]) == (["Nome", "Nota", "Lidas"], ["Dia", "Quando"])
    assert first[1:5] == [0.799, 3.0, 6.0, date(2026, 3, 1)]
    assert str(first[5]) == "2026-02-28 23:30:00"
    assert len(book.sheet_names) == len({name.lower() for name in book.sheet_names}) == 4
    sheet = found["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:F3"/>' in sheet
    assert "dd/mm/yyyy hh:mm" in found["xl/styles.xml"]
    assert "<dc:title>Equipe Norte</dc:title>" in found["docProps/core.xml"]
    assert re.search(r'name="Language".*pt-BR', found["docProps/custom.xml"])
