"""The PDF: accessible, of the signed fields alone, in two languages, whatever the texts are."""

import io
import json
from datetime import date

import pytest
from flask_babel import gettext
from pypdf import PdfReader

from quizapp import clock
from quizapp.certification import carried, document, signing
from quizapp.certification.certificates import Passed, Read
from tests import qr
from tests.certification.certified import fields
from tests.formats.pictures import picture

MANY = [
    Read(f"Procedimento {n // 9}", f"Seção {n}: o que se confirma", date(2026, 11, 1 + n % 20))
    for n in range(70)
]


def made(session, printed) -> bytes:
    return document.pdf(printed, *signing.seal(session, printed, clock.now()))


def text_of(data: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).split())


def test_it_is_a_tagged_pdf_ua_with_title_and_language(app, session):
    data = made(session, fields("Ana Agente"))
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "pt-BR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Suporte N1" in reader.metadata.title
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    width, height = (float(n) for n in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (842, 595)


@pytest.mark.parametrize("site", ["http://127.0.0.1:8000", "https://provas.empresa.com.br/n1"])
def test_its_code_leads_to_the_address_that_it_prints(app, session, site):
    printed = fields("Ana Agente")
    printed["address"] = f"{site}/c/{printed['code']}"
    (first, *_) = PdfReader(io.BytesIO(made(session, printed))).pages
    assert qr.read(first) == printed["address"]


def test_it_says_every_field_in_its_language(app, session):
    app.config.update(COMPANY="Acme Telecom", CERTIFICATE_ISSUER="Téo Instrutor, Treinamento")
    said = text_of(made(session, fields("Ana Agente", waived=["Prova de 2025"])))
    for words in (
        "Ana Agente",
        "Suporte N1",
        document.hours(480),
        "20 de novembro de 2026",
        "20 de novembro de 2027",
        "Acme Telecom",
        "Téo Instrutor, Treinamento",
        "Fluxo sem internet",
        "Abertura de OS",
        "19/11/2026",
        "cliente sem internet",
        "Prova de 2025",
    ):
        assert words in said, words
    english = text_of(made(session, fields("Ana Agente", language="en", minutes=90)))
    for words in ("This certifies that", "1 h 30 min", "20 November 2026", "Valid through"):
        assert words in english, words


@pytest.mark.parametrize(
    "name",
    [
        "Maria Aparecida Conceição do Nascimento Albuquerque de Vasconcelos e Souza Cavalcanti",
        "Zoë 🙂 D’Ávila",
        "#strong[x] $x$ *y* _z_ `code` @ref <label> \\u{1F600} //",
        '"]; #panic()',
        "Łukasz Ğüneş Ñuñez Đặng",
        "田中",
        "\u202eoverride\u200b",
        "X" * 100,
    ],
)
def test_any_name_makes_a_document(app, session, name):
    app.config.update(COMPANY=name, CERTIFICATE_ISSUER=name)
    printed = fields(
        name,
        program=name * 2,
        read=[Read(name, name * 3, date(2026, 1, 1))],
        passed=[Passed(name, date(2026, 1, 1))],
        waived=[name],
    )
    data = made(session, printed)
    assert (
        json.loads(PdfReader(io.BytesIO(data)).attachments[carried.NAME][0])["printed"] == printed
    )


def test_markup_in_a_text_is_text(app, session):
    assert "#strong[x] *y*" in text_of(made(session, fields("#strong[x] *y*")))


def test_long_contents_go_on_further_pages(app, session):
    data = made(session, fields("Ana Agente", read=MANY))
    said = text_of(data)
    assert all(entry.section in said for entry in MANY)
    assert len(PdfReader(io.BytesIO(data)).pages) <= 4


def test_what_was_recorded_is_not_said_to_have_been_done_here(app, session):
    printed = fields("Ana", source="recorded", read=(), passed=(), valid_until=None, minutes=None)
    said = text_of(made(session, printed))
    assert gettext("has completed the program") not in said
    assert gettext("holds the certification, earned elsewhere before,") in said


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_logo_is_on_it(app, session, tmp_path, kind):
    printed = fields("Ana Agente")
    plain = made(session, printed)
    logo = tmp_path / f"logo.{kind.lower()}"
    logo.write_bytes(picture(kind, 300, 120))
    app.config["COMPANY_LOGO"] = str(logo)
    assert len(PdfReader(io.BytesIO(plain)).pages[0].images) == 0
    assert len(PdfReader(io.BytesIO(made(session, printed))).pages[0].images) == 1


def test_the_same_certificate_is_the_same_file(app, session):
    printed = fields("Ana Agente")
    first = made(session, printed)
    document._made.cache_clear()
    assert made(session, printed) == first
