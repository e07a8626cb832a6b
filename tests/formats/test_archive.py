"""Zip files are looked at before they are inflated, and not believed."""

import struct
import time
import warnings
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.formats import archive as archives
from quizapp.formats.archive import Archive, check_parts, open_archive
from quizapp.formats.model import Problem
from quizapp.formats.reader import read
from tests.formats.samples import unreadable

# Of processor time, and generous: what is not bounded takes minutes and gigabytes.
SECONDS = 1.0


def packed(*files: tuple[str | ZipInfo, bytes], method: int = ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", method) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # A name that stands twice.
        for name, data in files:
            file.writestr(name, data, method)
    return buffer.getvalue()


def opened(data: bytes) -> Archive:
    archive = open_archive(data)
    assert isinstance(archive, Archive), archive
    return archive


def refusal(data: bytes) -> tuple[str, str | int]:
    problem = open_archive(data)
    assert isinstance(problem, Problem)
    return problem.code, problem.args.get("reason", "")


def declaring(data: bytes, size: int) -> bytes:
    """The archive of one file, its directory entry saying another size."""
    place = data.index(b"PK\x01\x02") + 24
    return data[:place] + struct.pack("<I", size) + data[place + 4 :]


def test_files_are_listed_and_read_without_their_folders() -> None:
    archive = opened(packed(("a/", b""), ("a/b.xml", b"<b/>"), ("c.bin", b"\x00\x01")))
    assert archive.names == ("a/b.xml", "c.bin")
    assert archive.read("a/b.xml") == b"<b/>"
    assert archive.read("c.bin") == b"\x00\x01"


def test_backslashes_divide_folders_too() -> None:
    assert opened(packed(("a\\b.xml", b"x"))).names == ("a/b.xml",)


@pytest.mark.parametrize(
    "name", ["../a", "a/../../b", "..\\a", "/etc/passwd", "\\a", "C:\\a", "c:a", "a/.."]
)
def test_a_path_that_leads_outside_is_refused(name: str) -> None:
    assert refusal(packed(("fine.xml", b"x"), (name, b"x"))) == ("archive-unsafe", "path")


def test_dots_within_a_name_lead_nowhere() -> None:
    assert opened(packed(("a..b/c...xml", b"x"))).names == ("a..b/c...xml",)


def test_a_link_is_refused() -> None:
    link = ZipInfo("link")
    link.external_attr = 0o120777 << 16
    assert refusal(packed((link, b"/etc/passwd"))) == ("archive-unsafe", "link")


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(packed(("a", b"x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == ("archive-unsafe", "encrypted")


def test_only_stored_and_deflated_entries_are_read() -> None:
    assert opened(packed(("a", b"x"), method=ZIP_STORED)).read("a") == b"x"
    assert refusal(packed(("a", b"x" * 99), method=ZIP_BZIP2)) == ("archive-unsafe", "method")


def test_a_name_that_stands_twice_is_refused() -> None:
    assert refusal(packed(("a", b"x"), ("a", b"y"))) == ("archive-unsafe", "duplicate")
    assert refusal(packed(("a/b", b"x"), ("a\\b", b"y"))) == ("archive-unsafe", "duplicate")


def test_entries_that_share_their_bytes_are_refused() -> None:
    data = bytearray(packed(("a", b"x" * 50), ("b", b"x" * 50), method=ZIP_STORED))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    assert refusal(bytes(data)) == ("archive-unsafe", "overlap")


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    bomb = packed(("a", bytes(30 * 1024**2)))
    assert refusal(bomb) == ("archive-unsafe", "ratio")
    assert refusal(packed(("a", bytes(60 * 1024**2)))) == ("archive-unsafe", "ratio")


def test_a_small_file_may_be_mostly_blank() -> None:
    assert opened(packed(("a", bytes(900_000)))).read("a") == bytes(900_000)


def test_a_bomb_that_calls_itself_small_gives_no_more_than_it_declares() -> None:
    archive = opened(declaring(packed(("a", bytes(30 * 1024**2))), 1000))
    problem = archive.read("a")
    assert isinstance(problem, Problem)
    assert problem.code == "archive-invalid"


def test_a_file_shorter_than_declared_is_a_problem() -> None:
    assert isinstance(opened(declaring(packed(("a", b"xyz")), 1000)).read("a"), Problem)


def test_damaged_bytes_are_a_problem() -> None:
    data = packed(("a", b"abcdef"), method=ZIP_STORED).replace(b"abcdef", b"abXdef")
    problem = opened(data).read("a")
    assert isinstance(problem, Problem)
    assert problem.code == "archive-invalid"


def test_what_is_large_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRY_BYTES", 1000)
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 1500)
    assert opened(packed(("a", bytes(1000)), ("b", bytes(500))))
    assert refusal(packed(("a", bytes(1001)))) == ("archive-too-large", "")
    assert refusal(packed(("a", bytes(1000)), ("b", bytes(501)))) == ("archive-too-large", "")


def test_a_hundred_thousand_entries_are_refused_at_once() -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, *[0] * 7, 1, *[0] * 6) + b"a"
    count = 100_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 100, 100, count * len(entry), 0, 0)
    start = time.process_time()
    assert refusal(entry * count + end) == ("archive-too-large", "")
    assert time.process_time() - start < SECONDS


def test_an_archive_within_an_archive_is_bytes() -> None:
    inner = packed(("../x", b"x"))
    assert opened(packed(("a.zip", inner), method=ZIP_STORED)).read("a.zip") == inner


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06", b"PK\x03\x04" + bytes(999)])
def test_what_is_no_archive_is_invalid(data: bytes) -> None:
    assert refusal(data) == ("archive-invalid", "")
    assert unreadable(data, "a.docx") == "archive-invalid"


def test_an_archive_of_nothing_known_is_not_read() -> None:
    assert unreadable(packed(("a.txt", b"x"))) == "format-unsupported"


DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    "part",
    [
        DOCTYPE.encode(),
        b"\xef\xbb\xbf" + DOCTYPE.encode(),
        f'<?xml version="1.0" encoding="UTF-16"?>{DOCTYPE}'.encode("utf-16"),
        f'<?xml version="1.0" encoding="UTF-16"?>{DOCTYPE}'.encode("utf-16-be"),
        b"<!--" + b" " * 200_000 + b"-->" + DOCTYPE.encode(),
        b"<!DOCTYPE a SYSTEM 'http://localhost/a.dtd'><a/>",
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-be", "far", "external"],
)
def test_a_part_with_a_document_type_is_refused(part: bytes) -> None:
    for name in ("word/a.xml", "_rels/.rels", "a.bin"):
        problem = check_parts(opened(packed(("b.xml", b"<b/>"), (name, part))))
        assert problem == Problem(1, 1, "error", "xml-dtd", {"part": name})


@pytest.mark.parametrize(
    "part",
    [
        b"<a>&lt;!DOCTYPE x&gt;</a>",
        b"<a><![CDATA[<!DOCTYPE html>]]></a>",
        b"<!-- <!DOCTYPE x> --><a/>",
        b"\x89PNG\r\n\x1a\n<!DOCTYPE a>",
        b'<?xml version="1.0" encoding="what-is-this"?><a/>',
        b"",
    ],
)
def test_a_document_type_that_is_only_spoken_of_does_no_harm(part: bytes) -> None:
    assert check_parts(opened(packed(("a.xml", part)))) is None


def test_a_damaged_part_is_found_while_parts_are_checked() -> None:
    data = packed(("a.xml", b"<!--abcdef-->"), method=ZIP_STORED).replace(b"abcdef", b"abXdef")
    problem = check_parts(opened(data))
    assert problem is not None
    assert problem.code == "archive-invalid"


PACKAGE = packed(
    ("imsmanifest.xml", b"<manifest/>"), ("a.xml", b"<a>x</a>" * 20), ("b/", b""), ("b/c.png", b"")
)


@given(st.lists(st.tuples(st.integers(0, len(PACKAGE) - 1), st.integers(0, 255)), max_size=8))
def test_a_mutated_archive_never_raises(changes: list[tuple[int, int]]) -> None:
    data = bytearray(PACKAGE)
    for place, value in changes:
        data[place] = value
    archive = open_archive(bytes(data))
    if isinstance(archive, Archive):
        check_parts(archive)
        for name in archive.names:
            assert isinstance(archive.read(name), bytes | Problem)
    read("a.zip", bytes(data))
