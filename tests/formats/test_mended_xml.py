"""XML with faults is mended where it is plain what was meant, and says so."""

import time
from xml.etree.ElementTree import Element, tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.formats.mended_xml import MARK, parse_mended
from quizapp.formats.model import Problem
from quizapp.formats.safe_xml import line_of

SECONDS = 6.0


def mended(text: str) -> tuple[str, list[tuple[int, str]]]:
    found = parse_mended(text.encode())
    assert not isinstance(found, Problem), found
    root, problems = found
    return tostring(root, "unicode"), [(problem.line, problem.code) for problem in problems]


def test_what_is_well_formed_is_left_alone() -> None:
    assert mended("<a>b &amp; c</a>") == ("<a>b &amp; c</a>", [])


@pytest.mark.parametrize(
    "text, expected",
    [
        ('<?xml version="1.0"encoding="UTF-8"?>\n<a>é</a>', "<a>é</a>"),
        ('\n <?xml version="1.0"?><a/>', "<a />"),
        ("<a>caf&eacute;&nbsp;b</a>", "<a>café\xa0b</a>"),
        ('<a b="R&D">x & y &foo; z</a>', '<a b="R&amp;D">x &amp; y &amp;foo; z</a>'),
        ("<a>1 < 2 <3</a>", "<a>1 &lt; 2 &lt;3</a>"),
        ("<a><![CDATA[x < & y]]> & <!-- & -->z</a>", "<a>x &lt; &amp; y &amp; z</a>"),
        ("<a>&lt;b&#233;&#xE9; &</a>", "<a>&lt;béé &amp;</a>"),
    ],
)
def test_small_faults_are_mended_without_a_mark(text: str, expected: str) -> None:
    written, problems = mended(text)
    assert written == expected
    assert [code for _, code in problems] == ["xml-mended"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("<a><b>x</a>", f"<a><b>x<{MARK} /></b></a>"),
        ("<a>x</b></a>", f"<a>x<{MARK} /></a>"),
        ("<a><b><c>x", f"<a><b><c>x<{MARK} /></c><{MARK} /></b><{MARK} /></a>"),
    ],
)
def test_a_guessed_end_tag_leaves_a_mark(text: str, expected: str) -> None:
    assert mended(text)[0] == expected


def test_lines_stay_where_they_were() -> None:
    found = parse_mended(b'<?xml version="1.0"encoding="UTF-8"?>\n\n<a>\n<b/></a>')
    assert not isinstance(found, Problem)
    root, problems = found
    assert (line_of(root), line_of(root[0])) == (3, 4)
    assert problems[0].line == 1


def test_old_bytes_that_call_themselves_utf_8_are_guessed() -> None:
    found = parse_mended('<?xml version="1.0" encoding="UTF-8"?><a>ação</a>'.encode("cp1252"))
    assert not isinstance(found, Problem)
    root, problems = found
    assert root.text == "ação"
    assert [problem.code for problem in problems] == ["encoding-guessed"]


@pytest.mark.parametrize(
    "text, code",
    [
        ("no XML", "xml-invalid"),
        ("<a/><b/>", "xml-invalid"),
        ('<?xml version="1.0"x?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml-dtd"),
        ("<a>" * 200, "xml-too-large"),
    ],
)
def test_what_cannot_be_mended_is_a_problem(text: str, code: str) -> None:
    problem = parse_mended(text.encode())
    assert isinstance(problem, Problem)
    assert problem.code == code


@pytest.mark.parametrize("piece", ["<", "<!--", "<![CDATA[", "&", "<a", '<a b="', "</a>", "<a><b>"])
def test_a_megabyte_of_faults_is_read_quickly(piece: str) -> None:
    start = time.process_time()
    parse_mended(b"<a>&" + piece.encode() * (1_000_000 // len(piece)))
    assert time.process_time() - start < SECONDS


@given(st.lists(st.sampled_from(["<a>", "</a>", "<b/>", "</b>", "<", ">", "&", "x", "&lt;", "<!"])))
def test_no_text_raises(pieces: list[str]) -> None:
    found = parse_mended("".join(["<r>", *pieces, "</r>"]).encode())
    assert isinstance(found, Problem) or isinstance(found[0], Element)
