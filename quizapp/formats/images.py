"""Pictures by their first bytes: PNG, JPEG and WebP, and the name that their bytes give them."""

import hashlib
import re
from bisect import bisect
from collections.abc import Callable
from urllib.parse import unquote

from quizapp.formats.model import Image, Problem

FOLDER = "imagens"
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000

# What a text calls a picture that came with it; any other address is somebody else's.
NAME = re.compile(rf"{FOLDER}/[0-9a-f]{{16}}\.(?:png|jpg|webp)")

_REFERENCE = re.compile(
    r"(?P<before>(?<!\\)!\[(?P<alt>[^\[\]\n]{0,1000})\]\()"
    r"(?:<(?P<angle>[^<>\n]{1,1000})>|(?P<bare>[^\s()<>]{1,1000}))"
    r"(?P<after>(?:[ \t]+(?:\"[^\"\n]{0,1000}\"|'[^'\n]{0,1000}'))?\))"
)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\#?]")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_TICKS = re.compile(r"`+")

_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})


def image_of(data: bytes) -> Image | None:
    """The picture that these bytes are, under its canonical name; None for anything else."""
    ending = _ending(data)
    if not ending:
        return None
    return Image(f"{FOLDER}/{hashlib.sha256(data).hexdigest()[:16]}.{ending}", data)


def refusal(data: bytes) -> str:
    """The code that says why these bytes are not taken for a picture; "" if they are."""
    if not _ending(data):
        return "image-refused"
    if len(data) > MAX_BYTES:
        return "image-too-large"
    size = size_of(data)
    if not size:
        return "image-refused"
    return "image-too-large" if size[0] * size[1] > MAX_PIXELS else ""


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, as the header says; None where it says nothing sensible."""
    found = {"png": _png_size, "jpg": _jpeg_size, "webp": _webp_size}.get(_ending(data))
    size = found(data) if found else None
    return size if size and all(size) else None


def _ending(data: bytes) -> str:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _png_size(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR" or len(data) < 24:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """The size in the first frame's header, found from segment to segment."""
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        kind = data[place + 1]
        if kind in _START_OF_FRAME:
            height, width = data[place + 5 : place + 7], data[place + 7 : place + 9]
            return int.from_bytes(width), int.from_bytes(height)
        if kind == 0xFF:
            place += 1
        elif kind in _WITHOUT_LENGTH:
            place += 2
        else:
            place += 2 + max(int.from_bytes(data[place + 2 : place + 4]), 2)
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    if len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8 " if data[23:26] == b"\x9d\x01\x2a":
            width, height = data[26:28], data[28:30]
            return (
                int.from_bytes(width, "little") & 0x3FFF,
                int.from_bytes(height, "little") & 0x3FFF,
            )
        case b"VP8L" if data[20] == 0x2F:
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(
                data[27:30], "little"
            ) + 1
    return None


def with_images(
    text: str, find: Callable[[str], bytes | None]
) -> tuple[str, list[Image], list[Problem]]:
    """The text with the canonical names of the pictures that lie beside its file.

    `find` gives the bytes for a relative path (with `/`), None where there are none. What
    stands in code stays, and so do addresses on the web.
    """
    gathered = _Gathered(find)
    lines = text.split("\n")
    fence = ""
    for position, line in enumerate(lines):
        opening = _FENCE.match(line)
        if fence:
            closes = opening and opening[1].startswith(fence) and not line.strip(" \t>`~")
            fence = "" if closes else fence
        elif opening:
            fence = opening[1]
        elif "![" in line:
            lines[position] = gathered.line(line, position + 1)
    return "\n".join(lines), list(gathered.images.values()), gathered.problems


class _Gathered:
    """The pictures found so far, and what is wrong with others."""

    def __init__(self, find: Callable[[str], bytes | None]) -> None:
        self.find = find
        self.images: dict[str, Image] = {}
        self.problems: list[Problem] = []

    def line(self, line: str, number: int) -> str:
        """The line with the names of its pictures."""
        ticks = _code_ticks(line)

        def name(match: re.Match[str]) -> str:
            in_code = bisect(ticks, match.start()) % 2
            found = "" if in_code else self._name(match, number)
            return f"{match['before']}{found}{match['after']}" if found else match[0]

        return _REFERENCE.sub(name, line)

    def _name(self, match: re.Match[str], number: int) -> str:
        """The picture's canonical name; nothing where it is elsewhere, missing or no picture."""
        path = unquote(match["angle"] or match["bare"])
        if _ELSEWHERE.match(path):
            return ""
        if NAME.fullmatch(path):
            # A file of ours, written back; what is kept may have been made smaller since.
            data = self.find(path)
            if data is not None and not refusal(data):
                self.images[path] = Image(path, data)
            return ""
        data = self.find(path.replace("\\", "/"))
        code = "image-missing" if data is None else refusal(data)
        image = image_of(data) if data is not None and not code else None
        column = match.start() + 1
        if not image:
            self.problems.append(Problem(number, column, "warning", code, {"name": path}))
            return ""
        if not match["alt"].strip():
            args: dict[str, str | int] = {"name": path}
            self.problems.append(Problem(number, column, "warning", "image-alt-missing", args))
        self.images[image.name] = image
        return image.name


def _code_ticks(line: str) -> list[int]:
    """Where code begins and ends in a line, by turns: from ticks to as many ticks."""
    places: list[int] = []
    opening: re.Match[str] | None = None
    for ticks in _TICKS.finditer(line):
        if not opening:
            opening = ticks
        elif opening[0] == ticks[0]:
            places += [opening.start(), ticks.start()]
            opening = None
    return places
