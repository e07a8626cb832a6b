"""Bytes become text, or the reason why not."""

import pytest

from quizapp.formats.decoding import MAX_BYTES
from quizapp.formats.reader import read
from tests.formats.samples import found, procedure, unreadable


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "empty-file"),
        (b" \r\n\t", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
        (b"a\x00b", "not-text"),
        (b"\x81\x8d\xff", "not-text"),
        (b"x" * (MAX_BYTES + 1), "too-large"),
        (b"%PDF-1.7 x", "format-unsupported"),
        (b"PK\x03\x04 x", "format-unsupported"),
        (b"<!DOCTYPE html><p>x", "format-unsupported"),
    ],
)
def test_what_is_no_text_is_refused_with_a_code(data: bytes, code: str) -> None:
    assert unreadable(data) == code


@pytest.mark.parametrize("ending", ["docx", "pdf", "xlsx", "csv", "xml", "zip", "html", "gift"])
def test_endings_that_are_not_ours_yet_are_refused(ending: str) -> None:
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
