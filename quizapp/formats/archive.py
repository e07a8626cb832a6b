"""Zip files from strangers: looked at before anything is inflated, and bounded while it is.

What an archive says of itself is not believed: an entry that holds more than it declares, or
other bytes, is a problem. Archives within an archive are bytes like any other, never opened.
"""

import re
import stat
import struct
import zlib
from io import BytesIO
from itertools import pairwise
from typing import IO, NoReturn
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from quizapp.formats.model import Problem

MAX_ENTRIES = 12_000
MAX_ENTRY_BYTES = 32 * 1024**2
MAX_TOTAL_BYTES = 100 * 1024**2
MAX_RATIO = 100
# Below this size a high ratio is an ordinary file of blanks and does no harm.
RATIO_FROM_BYTES = 1024**2

_DIRECTORY_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_DRIVE = re.compile(r"[A-Za-z]:")
_CHUNK = 64 * 1024
# What zipfile and zlib raise for damaged or contradictory archives.
_BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)


class Archive:
    """A zip file within the limits; `names` are its files, with `/` between folders."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file
        self._entries = {_path(entry): entry for entry in file.infolist() if not entry.is_dir()}
        self.names = tuple(self._entries)

    def read(self, name: str) -> bytes | Problem:
        """The bytes of a listed file; a problem where they are damaged or not as declared."""
        entry = self._entries[name]
        try:
            with self._file.open(entry) as stream:
                data = stream.read(entry.file_size + 1)
        except _BROKEN:
            return _invalid()
        return data if len(data) == entry.file_size else _invalid()

    def has_dtd(self, name: str) -> bool | Problem:
        """Whether a listed file is XML with a document type, in whatever encoding."""
        try:
            with self._file.open(self._entries[name]) as stream:
                return _declares_type(stream)
        except _BROKEN:
            return _invalid()


def open_archive(data: bytes) -> Archive | Problem:
    """The archive, or why it is not opened; nothing is inflated yet."""
    # A hundred thousand entries would become as many objects: count them first.
    if data.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
        return _too_large()
    try:
        file = ZipFile(BytesIO(data))
    except _BROKEN:
        return _invalid()
    entries = file.infolist()
    return _fault(entries, file.start_dir) or Archive(file)


def check_parts(archive: Archive) -> Problem | None:
    """Why a document made of XML parts is not read: a part with a document type, or a damaged one.

    Every file is looked at, because a part may have any name; what is not XML has no such type.
    """
    for name in archive.names:
        found = archive.has_dtd(name)
        if isinstance(found, Problem):
            return found
        if found:
            return Problem(1, 1, "error", "xml-dtd", {"part": name})
    return None


def _fault(entries: list[ZipInfo], end: int) -> Problem | None:
    if max((entry.file_size for entry in entries), default=0) > MAX_ENTRY_BYTES:
        return _unsafe("ratio") if any(map(_is_bomb, entries)) else _too_large()
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        return _too_large()
    if len({_path(entry) for entry in entries}) < len(entries):
        return _unsafe("duplicate")
    if _overlap(entries, end):
        return _unsafe("overlap")
    return next((_unsafe(reason) for entry in entries if (reason := _danger(entry))), None)


def _danger(entry: ZipInfo) -> str:
    """The reason why an entry is not touched, if there is one."""
    path = _path(entry)
    if not path or path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        return "path"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "link"
    if entry.flag_bits & _ENCRYPTED:
        return "encrypted"
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "method"
    return "ratio" if _is_bomb(entry) else ""


def _is_bomb(entry: ZipInfo) -> bool:
    limit = MAX_RATIO * max(entry.compress_size, 1)
    return entry.file_size > RATIO_FROM_BYTES and entry.file_size > limit


def _overlap(entries: list[ZipInfo], end: int) -> bool:
    """Whether two entries share bytes of the file, or reach into its directory."""
    spans = sorted(
        (entry.header_offset, entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size)
        for entry in entries
    )
    spans.append((end, end))
    return spans[0][0] < 0 or any(before[1] > after[0] for before, after in pairwise(spans))


def _path(entry: ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


class _Decided(Exception):
    """Enough of a file was seen."""


def _declares_type(stream: IO[bytes]) -> bool:
    """Whether a document type stands before the first element, as the XML parser itself sees it."""
    parser = expat.ParserCreate()
    found = False

    def on_type(*_: object) -> NoReturn:
        nonlocal found
        found = True
        raise _Decided

    def on_element(*_: object) -> NoReturn:
        raise _Decided

    parser.StartDoctypeDeclHandler = on_type
    parser.StartElementHandler = on_element
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk)
    except (_Decided, expat.ExpatError, LookupError, ValueError):
        pass
    return found


def _unsafe(reason: str) -> Problem:
    return Problem(1, 1, "error", "archive-unsafe", {"reason": reason})


def _too_large() -> Problem:
    args: dict[str, str | int] = {
        "entries": MAX_ENTRIES,
        "entry": MAX_ENTRY_BYTES // 1024**2,
        "total": MAX_TOTAL_BYTES // 1024**2,
    }
    return Problem(1, 1, "error", "archive-too-large", args)


def _invalid() -> Problem:
    return Problem(1, 1, "error", "archive-invalid")
