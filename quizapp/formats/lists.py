"""Lists as people write them, made ready for CommonMark without moving a line.

Two or three spaces are enough to nest under a number, and letters number too.
"""

import re
from dataclasses import dataclass

from quizapp.formats.marks import Fences

_MARK = re.compile(r"([-*+]|\d{1,9}[.)]|[A-Za-z][.)])( +|$)")
_RULE = re.compile(r"([-*_])(?: *\1){2,} *$")
_CLOSING = re.compile(r"[#>]|`{3}|~{3}")
_NEST = 2


@dataclass(frozen=True)
class _Entry:
    """An open list entry, in columns of the source; `shift` is what its lines move by."""

    indent: int
    content: int
    shift: int
    lettered: bool


def prepare(source: str) -> tuple[str, dict[int, str]]:
    """The source re-indented, and the letters of lettered entries by their line, from 0.

    A letter is replaced by a digit, which leaves every column where it was.
    """
    lines = [_expand(line) for line in source.split("\n")]
    sure = _sure_letters(lines)
    letters: dict[int, str] = {}
    out: list[str] = []
    entries: list[_Entry] = []
    fences, after_blank, shift = Fences(), True, 0
    for number, line in enumerate(lines):
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        if text and not fences.takes(line):
            letter = sure.get(number)
            mark = _mark(text, letter) if entries or indent < 4 else None
            if mark or after_blank or _CLOSING.match(text) or _RULE.match(text):
                _close(entries, indent, lettered=bool(mark and letter))
            shift = _shift(entries, indent, is_entry=bool(mark))
            if mark:
                entries.append(_Entry(indent, indent + _width(mark), shift, bool(letter)))
            if mark and letter:
                letters[number] = letter
                line = " " * indent + "1" + text[1:]
        after_blank = not text
        out.append(" " * shift + line if text else "")
    return "\n".join(out), letters


def _expand(line: str) -> str:
    text = line.lstrip(" \t")
    return line[: len(line) - len(text)].expandtabs(4) + text


def _sure_letters(lines: list[str]) -> dict[int, str]:
    """The lines that begin with a letter as a number: `a)`, or `a.` with `b.` near."""
    found: list[tuple[int, int, str, str]] = []
    for number, line in enumerate(lines):
        text = line.lstrip(" ")
        mark = _MARK.match(text)
        if mark and mark[1][0].isalpha():
            found.append((number, len(line) - len(text), mark[1][0], mark[1][1]))
    letters: dict[int, str] = {}
    for position, (number, indent, letter, end) in enumerate(found):
        near = found[max(0, position - 1) : position + 2]
        in_sequence = any(
            other_indent == indent and abs(ord(other) - ord(letter)) == 1
            for _, other_indent, other, _ in near
        )
        if end == ")" or in_sequence:
            letters[number] = letter
    return letters


def _mark(text: str, letter: str | None) -> re.Match[str] | None:
    mark = _MARK.match(text)
    if not mark or _RULE.match(text):
        return None
    return mark if letter or not mark[1][0].isalpha() else None


def _width(mark: re.Match[str]) -> int:
    """Where the entry's text begins; five spaces or more begin code, one column after the mark."""
    return len(mark[1]) + (len(mark[2]) if 0 < len(mark[2]) < 5 else 1)


def _close(entries: list[_Entry], indent: int, lettered: bool) -> None:
    """Close the entries that a line at this indent does not belong to."""
    while entries:
        last = entries[-1]
        below_number = lettered and not last.lettered and last.indent == indent
        if indent >= last.indent + _NEST or below_number:
            return
        entries.pop()


def _shift(entries: list[_Entry], indent: int, is_entry: bool) -> int:
    """How far a line moves to stand inside the entry that it belongs to."""
    if not entries or (not is_entry and indent < entries[-1].indent + _NEST):
        return 0
    return entries[-1].shift + max(0, entries[-1].content - indent)
