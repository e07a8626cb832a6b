"""Bytes become text, or a reason why not."""

import re

from quizapp.formats.model import Problem, Unreadable
from quizapp.formats.mojibake import find_mojibake, repaired
from quizapp.formats.text import normalise

MAX_BYTES = 5 * 1024 * 1024

_OTHER_ENDINGS = re.compile(
    r"\.(docx?|odt|rtf|pdf|xlsx?|ods|pptx?|zip|ya?ml|png|jpe?g|gif|webp|mbz)$",
    re.IGNORECASE,
)
_OTHER_STARTS = (b"\xd0\xcf\x11\xe0", b"{\\rtf")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(name: str, data: bytes) -> tuple[str, list[Problem]] | Unreadable:
    """The file's normalised text with warnings, or why it is not read."""
    if len(data) > MAX_BYTES:
        return _refused("too-large", megabytes=MAX_BYTES // 1024**2)
    if ending := _OTHER_ENDINGS.search(name):
        return _refused("format-unsupported", format=ending[0].lower())
    if data.startswith(_OTHER_STARTS):
        return _refused("format-unsupported", format=data[:5].decode("ascii", "replace").strip())
    decoded = _decode(data)
    if decoded is None:
        return _refused("not-text")
    text, problems = normalise(decoded[0]), decoded[1]
    if not text.strip():
        return _refused("empty-file")
    return text, [*problems, *find_mojibake(decoded[0]), *_find_lost(text)]


def repaired_bytes(data: bytes) -> bytes:
    """A text file's bytes in UTF-8, its garbled letters mended; others as they are.

    For a person who was shown the warning and asked for it: what is read is the file so repaired.
    """
    decoded = _decode(data)
    return repaired(decoded[0]).encode() if decoded else data


def _refused(code: str, **args: str | int) -> Unreadable:
    return Unreadable((Problem(1, 1, "error", code, args),))


def _decode(data: bytes) -> tuple[str, list[Problem]] | None:
    try:
        if data.startswith(_UTF16_MARKS):
            return data.decode("utf-16"), []
        if b"\x00" in data:
            return None
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        return _decode_windows(data, error.start)


def _decode_windows(data: bytes, start: int) -> tuple[str, list[Problem]] | None:
    """Old Portuguese files are Windows-1252; so few bytes are invalid in it that we only guess."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    line = data.count(b"\n", 0, start) + 1
    column = start - (data.rfind(b"\n", 0, start) + 1) + 1
    problem = Problem(line, column, "warning", "encoding-guessed", {"encoding": "Windows-1252"})
    return text, [problem]


def _find_lost(text: str) -> list[Problem]:
    """A warning where another program has put U+FFFD for letters that it could not read."""
    first = text.find("\ufffd")
    if first < 0:
        return []
    column = first - (text.rfind("\n", 0, first) + 1) + 1
    args: dict[str, str | int] = {"count": text.count("\ufffd")}
    return [Problem(text.count("\n", 0, first) + 1, column, "warning", "letters-lost", args)]
