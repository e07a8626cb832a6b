"""Letters garbled by a wrong encoding ("nÃ£o"): found, and mended where somebody says so."""

import re
from collections.abc import Iterator

import ftfy

from quizapp.formats.model import Problem

# UTF-8 read as Windows-1252: a letter such as Ã, and behind it what no text of ours has there.
_SUSPECT = re.compile(
    "[ÃÂÅÄâð][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122]"
)
_NEWLINE = re.compile("\r\n?|\n")
_LONGEST = 5000
_MAX_SHOWN = 40
_MAX_TRIED = 200


def find_mojibake(text: str) -> list[Problem]:
    """A warning at the first garbled word, with what it was meant to be and the lines like it."""
    suspects = list(_suspects(text))
    for number, line in suspects[:_MAX_TRIED]:
        meant = ftfy.fix_encoding(line)
        if meant != line:
            column, shown, meant = _first_word(line, meant)
            args: dict[str, str | int] = {"shown": shown, "meant": meant, "count": len(suspects)}
            return [Problem(number, column, "warning", "mojibake", args)]
    return []


def repaired(text: str) -> str:
    """The text with its garbled letters mended; the rest stays as it is."""
    lines = _NEWLINE.split(text)
    for number, line in _suspects(text):
        lines[number - 1] = ftfy.fix_encoding(line)
    return "\n".join(lines)


def _suspects(text: str) -> Iterator[tuple[int, str]]:
    """The lines that may be garbled, with their numbers from 1."""
    if not _SUSPECT.search(text):
        return
    for number, line in enumerate(_NEWLINE.split(text), start=1):
        if len(line) <= _LONGEST and _SUSPECT.search(line):
            yield number, line


def _first_word(line: str, meant: str) -> tuple[int, str, str]:
    """The column and text of the first garbled word, and the word meant; else of the line."""
    words, others = line.split(" "), meant.split(" ")
    column = 1
    for word, other in zip(words, others, strict=False):
        if word != other and len(words) == len(others):
            return column, word[:_MAX_SHOWN], other[:_MAX_SHOWN]
        column += len(word) + 1
    return 1, line[:_MAX_SHOWN], meant[:_MAX_SHOWN]
