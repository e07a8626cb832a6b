"""XML is read with its lines, in the encodings that it declares, and no bomb goes off."""

import time
from xml.etree.ElementTree import Element

import pytest

from quizapp.formats.model import Problem
from quizapp.formats.safe_xml import line_of, local_name, parse_xml

BILLION_LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    + "]>\n<a>&l11;</a>"
)


def tree(data: bytes) -> Element:
    root = parse_xml(data)
    assert isinstance(root, Element), root
    return root


def refusal(data: bytes) -> tuple[int, int, str]:
    found = parse_xml(data)
    assert isinstance(found, Problem)
    assert found.severity == "error"
    return found.line, found.column, found.code


def test_an_element_knows_its_line_and_its_name_without_namespace() -> None:
    root = tree(b'<?xml version="1.0"?>\n<q:quiz xmlns:q="urn:x">\n\n  <q:a\n b="1"/></q:quiz>')
    assert (local_name(root), line_of(root)) == ("quiz", 2)
    assert (local_name(root[0]), line_of(root[0])) == ("a", 4)


def test_an_element_that_comes_from_no_file_stands_on_line_one() -> None:
    assert line_of(Element("a")) == 1


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "windows-1252", "UTF-16"])
def test_the_declared_encoding_is_followed(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>ação “nº”</a>'
    assert tree(text.encode(encoding, "xmlcharrefreplace")).text == "ação “nº”"


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_a_byte_order_mark_does_no_harm(encoding: str) -> None:
    text = f'\ufeff<?xml version="1.0" encoding="{encoding}"?><a>ção</a>'
    assert tree(text.encode(encoding.replace("16", "16-le"))).text == "ção"


def test_a_decoded_file_that_still_says_utf_16_is_read() -> None:
    assert tree('<?xml version="1.0" encoding="utf-16"?><a>ção</a>'.encode()).text == "ção"


@pytest.mark.parametrize(
    "data, place",
    [
        (b"", (1, 1)),
        (b"<a>\n<b></a>", (2, 6)),
        (b"<a>\n x&nbsp;</a>", (2, 3)),
        (b"<a>caf\xe9</a>", (1, 7)),
        (b'<?xml version="1.0" encoding="zlib"?><a/>', (1, 1)),
        (b'<?xml version="1.0" encoding="shift-jis"?><a/>', (1, 1)),
    ],
)
def test_what_is_broken_is_said_with_its_place(data: bytes, place: tuple[int, int]) -> None:
    assert refusal(data) == (*place, "xml-invalid")


@pytest.mark.parametrize(
    "text",
    [
        BILLION_LAUGHS,
        '<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>',
        '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>',
        '<?xml version="1.0"?>\n<!DOCTYPE html>\n<a/>',
    ],
)
def test_a_document_type_is_refused_at_once(text: str) -> None:
    start = time.process_time()
    assert refusal(text.encode()) == (2, 1, "xml-dtd")
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" * 101,
        b"<a>" + b"<b/>" * 500_001,
        b"<a " + b" ".join(b"x%d='1'" % n for n in range(500_001)) + b"/>",
        b"<a>" + b" " * 25 * 1024 * 1024,
    ],
)
def test_more_than_will_be_read_is_refused(data: bytes) -> None:
    start = time.process_time()
    assert refusal(data) == (1, 1, "xml-too-large")
    assert time.process_time() - start < 6


@pytest.mark.parametrize("piece", [b"&amp;", b"\n", b"<!---->", b"<![CDATA[x]]>", b"x"])
def test_megabytes_of_one_thing_are_read_quickly(piece: bytes) -> None:
    start = time.process_time()
    tree(b"<a>" + piece * (10_000_000 // len(piece)) + b"</a>")
    assert time.process_time() - start < 6
