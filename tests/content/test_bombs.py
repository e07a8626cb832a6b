"""Files that mean harm: refused in time with a word, nothing written beside, no line opened."""

import io
import socket
import time
import zipfile
from functools import cache

import pytest

from quizapp import clock
from quizapp.content import importer
from tests.conftest import TODAY
from tests.content.test_importer import dump
from tests.formats.office_files import docx, package

LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 8}'>" for n in range(1, 40)
)
FILE = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>"
NET = "<!DOCTYPE x [<!ENTITY e SYSTEM 'http://127.0.0.1:9/x'>"
PARTS = {"word/document.xml": b"<w/>", "[Content_Types].xml": b"<t/>"}


def raw_zip(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return out.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def sheet(shared: str) -> bytes:
    return package(
        {
            "[Content_Types].xml": b"<t/>",
            "xl/workbook.xml": b"<workbook><sheets/></workbook>",
            "xl/sharedStrings.xml": shared.encode(),
        }
    )


@cache
def bombs() -> dict[str, bytes]:
    thousandfold = b"0" * 60_000_000
    nested = raw_zip(("a.zip", raw_zip(("b.zip", raw_zip(("c.txt", b"0" * 9_000_000))))))
    return {
        "ratio.zip": raw_zip(("imsmanifest.xml", thousandfold)),
        "ratio.docx": raw_zip(*PARTS.items(), ("word/media/a.png", thousandfold)),
        "ratio.xlsx": raw_zip(
            ("xl/workbook.xml", b"<w/>"), ("xl/worksheets/sheet1.xml", thousandfold)
        ),
        "nested.zip": nested,
        "many.zip": raw_zip(*((f"f{n}", b"") for n in range(100_000))),
        "up.zip": raw_zip(("../../quizapp-was-here", b"x"), ("imsmanifest.xml", b"<manifest/>")),
        "up.docx": raw_zip(*PARTS.items(), ("../quizapp-was-here", b"x")),
        "absolute.zip": raw_zip(("/tmp/quizapp-was-here", b"x"), ("imsmanifest.xml", b"<m/>")),  # noqa: S108
        "link.zip": raw_zip((link("imsmanifest.xml"), b"/etc/passwd")),
        "laughs.xml": f"<?xml version='1.0'?>{LAUGHS}]><quiz>&a39;</quiz>".encode(),
        "laughs.docx": docx("&a39;", prologue=LAUGHS + "]>"),
        "laughs.xlsx": sheet(f"<?xml version='1.0'?>{LAUGHS}]><sst><si><t>&a39;</t></si></sst>"),
        "file.xml": f"<?xml version='1.0'?>{FILE}]><quiz>&e;</quiz>".encode(),
        "file.docx": docx("&e;", prologue=FILE + "]>"),
        "net.xml": f"<?xml version='1.0'?>{NET}]><quiz>&e;</quiz>".encode(),
        "net.docx": docx("&e;", prologue=NET + "]>"),
        "net.xlsx": sheet(f"<?xml version='1.0'?>{NET}]><sst><si><t>&e;</t></si></sst>"),
        "utf16.xml": f"<?xml version='1.0' encoding='utf-16'?>{LAUGHS}]><quiz>&a39;</quiz>".encode(
            "utf-16"
        ),
    }


@pytest.fixture
def no_line(monkeypatch):
    """A connection to anywhere fails the test."""

    def refuse(*args, **kwargs):
        raise AssertionError(f"a connection was made: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("name", sorted(bombs()))
def test_a_bomb_is_refused_in_time_with_a_word(session, tmp_path, monkeypatch, no_line, name):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    before = dump(session)
    file = importer.File(name, f"/nowhere/{name}", bombs()[name])
    begun = time.process_time()
    (report,) = importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    assert time.process_time() - begun < 2
    assert report.status == "refused"
    assert report.problems
    assert "root:" not in str(report), "nothing of another file"
    session.commit()
    assert dump(session) == before
    assert list(here.iterdir()) == []
    assert not list(tmp_path.rglob("quizapp-was-here"))
