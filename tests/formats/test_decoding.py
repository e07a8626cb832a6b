"""Bytes become text, or the reason why not."""

import pytest

from quizapp.formats.decoding import MAX_BYTES, repaired_bytes
from quizapp.formats.model import Bank
from quizapp.formats.mojibake import repaired
from quizapp.formats.reader import read
from tests.formats.samples import bank, found, procedure, unreadable


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "empty-file"),
        (b" \r\n\t", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
        (b"a\x00b", "not-text"),
        ("um texto".encode("utf-16-le"), "not-text"),
        (b"\x81\x8d\xff", "not-text"),
        (b"x" * (MAX_BYTES + 1), "too-large"),
        (b"{\\rtf1 x", "format-unsupported"),
        (b"\xd0\xcf\x11\xe0 x", "format-unsupported"),
    ],
)
def test_what_is_no_text_is_refused_with_a_code(data: bytes, code: str) -> None:
    assert unreadable(data) == code


@pytest.mark.parametrize("ending", ["doc", "odt", "rtf", "xls", "ods", "pptx", "mbz", "png"])
def test_endings_of_other_formats_are_refused(ending: str) -> None:
    assert unreadable(b"texto", f"a/b.{ending.upper()}") == "format-unsupported"


def test_windows_text_is_read_with_a_warning_at_the_first_odd_byte() -> None:
    document = read("a.md", "# Título\n\nConexão – não\n".encode("cp1252"))
    assert found(document) == [(1, "encoding-guessed")]
    assert "Conexão – não" in procedure("# Título\n\nConexão – não\n").sections[0].text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_text(encoding: str) -> None:
    document = read("a.md", "# Título\n\ntexto\n".encode(encoding))
    assert (document.problems, document.title) == ((), "Título")  # type: ignore[union-attr]


def test_line_ends_spaces_and_composition_are_made_one() -> None:
    text = "# Ti\u0301tulo\r\n\r\num\u00a0dois\u200b tre\u0302s\rquatro"
    assert procedure(text).title == "Título"
    assert procedure(text).sections[0].text == "um dois três quatro"


def test_garbled_letters_are_reported_and_left() -> None:
    text = "# Rede\n\nbom dia\n\nA questÃ£o Ã©:\nnÃ£o hÃ¡ sinal\n"
    document = read("a.md", text.encode())
    (problem,) = document.problems
    assert (problem.line, problem.column, problem.severity) == (5, 3, "warning")
    assert problem.code == "mojibake"
    assert problem.args == {"shown": "questÃ£o", "meant": "questão", "count": 2}
    assert "questÃ£o" in procedure(text).sections[0].text


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_garbled_letters_are_mended_where_somebody_asks(ending: str) -> None:
    text = ending.join(["# Título", "", "A questão é: não há círculo à vista, “ora” – É", "fim"])
    twice = text.encode().decode("latin-1")
    assert repaired(twice) == text.replace(ending, "\n")
    assert repaired_bytes(twice.encode()) == text.replace(ending, "\n").encode()
    assert read("a.md", repaired_bytes(twice.encode())).problems == ()


@pytest.mark.parametrize("text", ["MAÇÃ SÃO CORAÇÃO", "“ã” – Â é â", "naïve Ä ö 5 €", "ação"])
def test_letters_that_only_look_odd_are_no_mojibake(text: str) -> None:
    document = read("a.md", f"# T\n\n{text}\n".encode())
    assert document.problems == ()
    assert repaired(text) == text


def test_letters_lost_before_are_reported() -> None:
    document = read("a.md", "# T\n\nn\ufffdo h\ufffd\n".encode())
    (problem,) = document.problems
    assert (problem.line, problem.column, problem.code) == (3, 2, "letters-lost")
    assert problem.args == {"count": 2}


def test_quotes_are_kept_and_make_no_difference_to_a_key() -> None:
    text = "1. Qual?\na) o “LOS”\nb) o ‘PON’\nResposta: {}\n\n2. E qual?\na) x\nb) y\nResposta: A\n"
    document = bank(text.format("o 'PON'"), "p.txt")
    assert isinstance(document, Bank)
    assert [option.fraction for option in document.items[0].options] == [0, 1]
    assert document.items[0].options[0].text == "o “LOS”"
