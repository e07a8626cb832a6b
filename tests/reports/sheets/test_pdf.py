"""Reports on paper: told to screen readers, headed on each page, made of data alone."""

import io

import pytest
from flask_babel import force_locale
from pypdf import PdfReader

from quizapp import clock
from quizapp.reports.sheets.model import Column, Share, Sheet
from quizapp.reports.sheets.pdf import ACROSS, write
from tests.reports.sheets.tables import HOSTILE, names, reader

MARKUP = ("#import 'x'", "$x$ *Ana* _b_ <c>", "= Ana", "Ana 🦊 Ágata", "ß" * 300, "\u0000\u200f")


def read(sheets, language="pt-BR"):
    with force_locale("pt_BR" if language == "pt-BR" else "en"):
        return PdfReader(io.BytesIO(write(sheets, reader(language), clock.now())))


def test_what_people_are_called_is_printed_and_never_read_as_markup(app):
    found = read([names([*HOSTILE, *MARKUP])])
    text = "".join("".join(page.extract_text() for page in found.pages).split())
    for name in ("=1+1", "#import'x'", "$x$*Ana*_b_<c>", "@SUM(1+1)*cmd|'/Ccalc'", "AnaÁgata"):
        assert name in text


def test_each_page_has_the_heading_and_its_number_and_the_file_says_what_it_is(app):
    app.config["COMPANY"] = "Suporte Ltda."
    found = read([names([f"Ana {n}" for n in range(120)])])
    pages = [page.extract_text() for page in found.pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "Nome" in page
        assert f"{number}/{len(pages)}" in page
        assert "Bruno Gestor" in page
    assert "Suporte Ltda." in pages[0]
    catalog = found.trailer["/Root"]
    assert found.metadata.title == "Equipe Norte"
    assert catalog["/Lang"] == "pt-BR"
    assert catalog["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in found.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert found.pages[0].mediabox.width < found.pages[0].mediabox.height


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_a_table_that_is_too_wide_goes_on_beside_the_same_names(app, language):
    columns = [Column("name", "Nome"), *(Column(str(n), f"P{n}", "share") for n in range(20))]
    assert sum(column.characters for column in columns) > ACROSS
    rows = [("Ana", *(Share(n, 40) for n in range(20)))]
    pages = read([Sheet("A", "A", "", tuple(columns), rows)], language).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert text.count("Ana") == 2
    for n in range(20):
        assert f"{n} de 40" in text if language == "pt-BR" else f"{n} of 40" in text
    assert pages[0].mediabox.width > pages[0].mediabox.height


def test_a_heading_is_broken_in_its_column_and_an_empty_column_takes_little_room(app):
    words = ("comunicação:", "escalonamento:", "identificação:", "diagnóstico:")
    columns = [Column("name", "Nome"), *(Column(f"{n}", words[n % 4], "count") for n in range(14))]
    columns += [Column("next", "Etapa"), Column("away", "Nota")]
    assert sum(column.characters for column in columns) > ACROSS
    rows = [("Ana", *range(14), None, None)]
    (page,) = read([Sheet("A", "A", "", tuple(columns), rows, landscape=True)]).pages
    text = page.extract_text()
    assert "Nota" in text
    for word in words:
        assert word not in text
        assert word in text.replace("-\n", "").replace("\u00ad\n", "").replace("\n", "")
