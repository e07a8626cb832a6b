"""PDF files: lines flow together again, frames go, what is lost is said, bombs are refused."""

import random
import time
import zlib

import pytest

from quizapp.formats.model import Bank, Procedure, Unreadable
from quizapp.formats.office.pdf import pdf_to_text
from quizapp.formats.reader import read
from tests.formats.paper import assembled, image, lines, pdf, show, stream
from tests.formats.samples import unreadable

LONG = "Uma linha comprida que vai quase até a margem direita da página e"


def text_of(*pages: bytes, **more: object) -> str:
    return pdf_to_text("a.pdf", pdf(*pages, **more))[0]  # type: ignore[arg-type]


def said(data: bytes) -> list[tuple[int, str, str, dict[str, str | int]]]:
    return [(p.line, p.severity, p.code, p.args) for p in pdf_to_text("a.pdf", data)[2]]


def test_larger_lines_are_headings_and_lines_flow_together() -> None:
    content = (
        show("Guia de voz", y=780, size=24)
        + show("Verificação", y=740, size=16)
        + lines(LONG, "continua aqui, até que a frase longa acabe de uma vez.", y=710)
        + lines("Outro parágrafo, com (parênteses).", y=660)
        + show("Um título que ocupa", y=620, size=16)
        + show("duas linhas", y=600, size=16)
        + show("Fim.", y=570)
    )
    assert text_of(content).split("\n\n") == [
        "# Guia de voz",
        "## Verificação",
        f"{LONG} continua aqui, até que a frase longa acabe de uma vez.",
        "Outro parágrafo, com (parênteses).",
        "## Um título que ocupa duas linhas",
        "Fim.\n",
    ]


def test_a_pdf_becomes_a_procedure() -> None:
    content = (
        show("Guia", y=780, size=24)
        + show("Passos", y=740, size=16)
        + lines("1. Confirme o titular.", "2. Olhe os LEDs:", y=710)
        + lines("a) o LOS;", "b) o PON.", x=90, y=680)
        + lines("• cabo", "• fonte", y=640)
    )
    document = read("guia.pdf", pdf(content))
    assert isinstance(document, Procedure)
    assert (document.title, document.format, document.problems) == ("Guia", "pdf", ())
    assert [step.label for step in document.sections[0].steps] == ["1", "2", "2a", "2b"]
    assert document.sections[0].text.endswith("- cabo\n- fonte")


def test_short_lines_and_first_lines_that_stand_in_begin_paragraphs() -> None:
    content = (
        lines(LONG, "curta.", LONG, "e fim.", y=700)
        + show(LONG, y=620, x=72)
        + show("    Recuada", y=605.6, x=100)
    )
    assert text_of(content).split("\n\n") == [
        f"{LONG} curta.",
        f"{LONG} e fim.",
        LONG,
        "Recuada\n",
    ]


def test_words_divided_at_the_end_of_a_line_are_made_whole() -> None:
    text = text_of(
        lines(
            "O atendente confere o endereço e depois faz a verifica-",
            "ção do equipamento, e então o cliente diz e lembra-",
            "se de tudo o que foi dito na quinta-feira e na segunda-",
            "feira, conforme o que se lê na norma brasileira NBR-",
            "ISO, que é um nome próprio e por isso fica como está.",
        )
    )
    assert "verificação do" in text
    assert "lembra-se de" in text
    assert "segunda-feira," in text
    assert "NBR- ISO" in text


def test_a_sentence_goes_on_on_the_next_page() -> None:
    text = text_of(lines(LONG, y=100), lines("continua depois.", "Outra."), lines("Mais."))
    assert text == f"{LONG} continua depois.\n\nOutra.\n\nMais.\n"


def test_headers_footers_and_page_numbers_are_left_out() -> None:
    pages = [
        show("Manual interno – rev. 3", y=820, size=9)
        + lines(f"Texto da página de número {name}, que é só dela.", y=700)
        + show(f"Página {number} de 4", y=20, size=9)
        for number, name in enumerate(("um", "dois", "três", "quatro"), start=1)
    ]
    text, _, problems = pdf_to_text("a.pdf", pdf(*pages))
    assert text.count("que é só dela") == 4
    assert "Manual" not in text
    assert "Página" not in text
    assert [(p.severity, p.code, p.args) for p in problems] == [
        ("info", "pdf-frame-left-out", {"text": "Manual interno – rev. 3"})
    ]


def test_pages_that_end_alike_keep_their_last_lines() -> None:
    first = lines("1. Qual LED?", "a) PON", "b) LOS", "Fim da parte.", y=700)
    second = lines("2. Qual cabo?", "a) PON", "b) LOS", "Fim da parte.", y=650)
    assert text_of(first, second).count("b) LOS") == 2
    assert text_of(first, second).count("Fim da parte.") == 2
    assert text_of(first, first.replace(b"1.", b"2.")).count("b) LOS") == 2
    ports = [lines(f"Questão {n}", "Qual porta?", "80", str(n), y=700 - n) for n in (22, 443)]
    assert text_of(*ports).count("80") == 2


def test_bold_is_kept_and_bold_lines_are_headings_where_all_is_of_one_size() -> None:
    assert text_of(show("NÃO", font="F2") + show("reinicie.", x=110)) == "**NÃO** reinicie.\n"
    content = b"".join(
        show(f"Parte {n}", y=700 - 50 * n, font="F2") + show("Texto da parte.", y=680 - 50 * n)
        for n in range(3)
    )
    assert text_of(content).count("## Parte") == 2
    assert text_of(content).startswith("# Parte 0")


def test_questions_become_text_that_the_readers_of_banks_take() -> None:
    content = lines(
        "1", "Qual LED indica falta de sinal?", "PON", "LOS", "PWR",
        "2", "Qual porta é a da fibra?", "LAN", "PON", "USB",
    )  # fmt: skip
    document = read("prova.pdf", pdf(content))
    assert isinstance(document, Bank)
    assert [len(item.options) for item in document.items] == [3, 3]


def test_kerning_makes_no_words_and_gaps_do() -> None:
    glyphs = b"[<53>-20<69>15<6e>3<616c>] TJ [(f\\)) -600(\\(i) 3 (m) -9(\\\\)3(!)] TJ"
    assert text_of(b"BT /F1 12 Tf 72 700 Td " + glyphs + b" ET") == "Sinalf) (im\\\\!\n"


def test_pages_without_text_are_said_to_be_lost_one_by_one() -> None:
    content = b"q 500 0 0 800 0 0 cm /I Do Q"
    things = {"things": {"I": 10}, "objects": {10: image()}}
    blank = b""
    plain = "<</Type/Page"
    assert plain.encode() in pdf(blank)
    data = pdf(show("um"), content, show("três"), blank, b"0 0 m 9 9 l S", **things)  # type: ignore[arg-type]
    # All pages share the picture; those with text say how many of them are left out.
    assert said(data) == [
        (1, "warning", "pdf-images-left-out", {"count": 2}),
        (1, "warning", "pdf-page-lost", {"page": 2, "images": 1}),
        (3, "warning", "pdf-page-lost", {"page": 4, "images": 1}),
        (3, "warning", "pdf-page-lost", {"page": 5, "images": 1}),
    ]


def test_a_scan_is_lost_as_a_whole() -> None:
    data = pdf(b"/I Do", b"/I Do", things={"I": 10}, objects={10: image()})
    document = read("a.pdf", data)
    assert isinstance(document, Unreadable)
    assert [p.code for p in document.problems] == ["pdf-page-lost", "pdf-page-lost", "empty-file"]
    assert [p.args.get("page") for p in document.problems] == [1, 2, None]


def test_text_in_forms_is_read() -> None:
    more = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>"
    form = stream(show("dentro"), more)
    assert text_of(b"/X Do", things={"X": 10}, objects={10: form}) == "dentro\n"


def test_glyphs_that_no_font_explains_are_no_text() -> None:
    shown = b"BT /F1 12 Tf 72 700 Td <0102030405060708> Tj ET"
    assert [code for _, _, code, _ in said(pdf(shown))] == ["pdf-page-lost"]


def test_scripts_and_attachments_are_ignored() -> None:
    catalog = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert)>>"
        b"/Names<</EmbeddedFiles<</Names[(a.exe) 10 0 R]>>>>>>"
    )
    objects = {1: catalog, 10: stream(b"MZ")}
    assert pdf_to_text("a.pdf", pdf(show("texto"), objects=objects))[::2] == ("texto\n", [])


LOCK = (
    b"/Encrypt<</Filter/Standard/V %d/R %d/Length 128/O(%s)/U(%s)/P -4%s>>/ID[(aaaaaaaa)(aaaaaaaa)]"
)
AES = b"/CF<</StdCF<</CFM/AESV2/AuthEvent/DocOpen/Length 16>>>>/StmF/StdCF/StrF/StdCF"


@pytest.mark.parametrize(
    "lock",
    [
        LOCK % (1, 2, b"a" * 32, b"b" * 32, b""),
        LOCK % (2, 3, b"a" * 32, b"b" * 32, b""),
        LOCK % (4, 4, b"a" * 32, b"b" * 32, AES),
    ],
)
def test_a_file_with_a_password_is_refused(lock: bytes) -> None:
    assert unreadable(pdf(show("x"), trailer=lock), "a.pdf") == "pdf-encrypted"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n%%EOF",
        pdf(show("x"))[:-300],
        assembled({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Kids[2 0 R]/Count 1>>"}),
        assembled({1: b"<</Type/Catalog/Pages 9 0 R>>"}),
        b"%PDF-1.7\n" + b"startxref\n9\n" * 2000,
        b"%PDF-1.7\n" + b"\x00\xff" * 100_000,
    ],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    assert unreadable(data, "a.pdf") == "pdf-invalid"


def form(inner: bytes, forms: bytes) -> bytes:
    more = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<<%s>>>>" % forms
    return stream(inner, more)


LAUGHS = {
    **{n: form(b"/X Do " * 10, b"/X %d 0 R" % (n + 1)) for n in range(10, 30)},
    30: stream(show("ha")),
}
TABLE = b"begincmap 1 beginbfrange " + b"<0000><FFFF><0000> " * 30 + b"endbfrange endcmap"
FONT = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 10 0 R>>"
TWICE = stream(
    zlib.compress(zlib.compress(b" " * 20_000_000)), b"/Filter[/FlateDecode/FlateDecode]", False
)
SAME = b"<</Type/Pages/Count 100000/Kids[" + b"5 0 R " * 100_000 + b"]>>"


@pytest.mark.parametrize(
    "data",
    [
        pdf(b" " * 20_000_000),
        pdf(b"q Q " * 500_000),
        pdf(TWICE),
        pdf(*[b" " * 3_900_000] * 20),
        pdf(*[b"q Q " * 100_000] * 30),
        pdf(*[b"BT /F1 12 Tf " + b"(a) Tj " * 50_000] * 6),
        pdf(b"BT /F1 12 Tf [" + b"(a) -300 " * 200_000 + b"] TJ ET"),
        pdf(b"BT /F1 12 Tf (" + b"a" * 3_000_000 + b") Tj ET"),
        pdf(b"[" * 200_000),
        pdf(b"<<" * 100_000),
        pdf(b"BT [" + b"[(" * 100_000),
        pdf(b"/X Do", things={"X": 10}, objects={10: form(b"/X Do /X Do", b"/X 10 0 R")}),
        pdf(b"/X Do", things={"X": 10}, objects=LAUGHS),
        pdf(*[show("x")] * 300, objects={3: FONT, 10: stream(TABLE)}),
        pdf(*[show("x")] * 30, objects={3: FONT, 10: stream(b"beginbfrange " * 300_000)}),
        pdf(*[b""] * 501),
        assembled({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: SAME, 5: b"<</Type/Page>>"}),
        b"%PDF-1.7\n" + b"1 0 obj\n" * 300_000,
        b"%PDF-1.7\n" + b"trailer<</Prev 9>>\n" * 300_000 + b"startxref\n9\n%%EOF",
    ],
)
def test_bombs_are_refused_in_time(data: bytes) -> None:
    start = time.process_time()
    assert isinstance(read("a.pdf", data), Unreadable)
    assert time.process_time() - start < 8


WORDS = (
    b"/Kids", b"/Count", b"/Length", b"9999999999", b"-1", b"1 0 R", b"2 0 R", b"[[", b"<<", b">>",
    b"/Filter/FlateDecode", b"endobj", b"stream", b"xref", b"/Prev 0", b"null", b"/Contents",
    b"(", b")", b"<", b"/ToUnicode 3 0 R", b"/ObjStm", b"Tj", b"TJ", b" Tf", b"BT",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_a_mutated_file_never_raises(seed: int) -> None:
    chance = random.Random(seed)
    content = stream(lines("Título", "um texto", "1. x"), packed=bool(seed % 2))
    data = bytearray(pdf(content, b"/I Do", things={"I": 10}, objects={10: image()}))
    for _ in range(chance.choice([1, 3, 10])):
        place = chance.randrange(9, len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.choice([1, 9, 99])]
            case 2:
                data[place:place] = chance.choice(WORDS)
            case _:
                data[place:place] = data[chance.randrange(len(data)) :][:90]
    assert isinstance(read("a.pdf", bytes(data)), Procedure | Bank | Unreadable)
