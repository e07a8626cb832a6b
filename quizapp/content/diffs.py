"""Two states of a text: the lines that came and went, and in them the words that did.

Lines are paired by patience: those that stand once in both texts, in their common order, divide
them; what lies between is treated likewise. Unlike a longest common subsequence this pairs no
blank lines of different items, and its time does not grow with the square of the text.
"""

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["same", "added", "removed"]

CONTEXT = 3  # lines around a change
MOST_LINES = 600  # shown; a rewritten document is read in the document itself
LONGEST_LINE = 4000  # characters
_MOST_WORDS = 4000  # of one change; beyond, lines are marked whole
_SMALL = 24  # lines or words: so few are compared each with each
_DEEPEST = 40
_ALIKE = 0.35  # share of a line's characters in common from which on its words are marked

_WORD = re.compile(r"\w+|\s+|[^\w\s]")

Pair = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A part of a line; `changed` where the other text does not have it."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Line:
    """A line with its number in the text before and in the one after, counted from 1."""

    kind: Kind
    before: int | None
    after: int | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Hunk:
    """Changed lines that stand together, with the lines around them."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Diff:
    """What changed; `added` and `removed` count lines, `more` those that are not shown."""

    hunks: tuple[Hunk, ...]
    added: int
    removed: int
    more: int


def compare(before: str, after: str, *, context: int = CONTEXT, most: int = MOST_LINES) -> Diff:
    """The hunks that lead from one text to the other; none where they are the same."""
    old, new = _split(before), _split(after)
    hunks: list[Hunk] = []
    added = removed = shown = more = 0
    for group in _groups(_changes(old, new), context, len(old)):
        lines = _lines(old, new, group, context)
        added += sum(line.kind == "added" for line in lines)
        removed += sum(line.kind == "removed" for line in lines)
        kept = lines[: max(0, most - shown)]
        shown += len(kept)
        more += len(lines) - len(kept)
        if kept:
            hunks.append(Hunk(tuple(kept)))
    return Diff(tuple(hunks), added, removed, more)


def _split(text: str) -> list[str]:
    # Not splitlines(): numbers must be those of the parsers, which count \n alone.
    return text.removesuffix("\n").split("\n") if text else []


@dataclass(frozen=True)
class _Change:
    """The lines before[i1:i2] gave way to after[j1:j2]; counted from 0."""

    i1: int
    i2: int
    j1: int
    j2: int


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    i = j = 0
    for x, y in [*_pairs(old, new), (len(old), len(new))]:
        if (x, y) != (i, j):
            yield _Change(i, x, j, y)
        i, j = x + 1, y + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The places (in old, in new) of what both have, rising in both."""
    found: list[Pair] = []
    _pair(old, new, (0, len(old), 0, len(new)), 0, found)
    return found


def _pair(
    old: Sequence[str],
    new: Sequence[str],
    window: tuple[int, int, int, int],
    depth: int,
    found: list[Pair],
) -> None:
    i1, i2, j1, j2 = window
    while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
        found.append((i1, j1))
        i1, j1 = i1 + 1, j1 + 1
    tail = 0
    while i1 < i2 - tail and j1 < j2 - tail and old[i2 - tail - 1] == new[j2 - tail - 1]:
        tail += 1
    i2, j2 = i2 - tail, j2 - tail
    if i1 < i2 and j1 < j2:
        anchors = _anchors(old, new, (i1, i2, j1, j2)) if depth < _DEEPEST else []
        if anchors:
            x, y = i1, j1
            for i, j in [*anchors, (i2, j2)]:
                _pair(old, new, (x, i, y, j), depth + 1, found)
                if i < i2:
                    found.append((i, j))
                x, y = i + 1, j + 1
        elif i2 - i1 <= _SMALL and j2 - j1 <= _SMALL:
            matcher = difflib.SequenceMatcher(None, old[i1:i2], new[j1:j2], autojunk=False)
            for block in matcher.get_matching_blocks():
                found += [(i1 + block.a + n, j1 + block.b + n) for n in range(block.size)]
    found += [(i2 + n, j2 + n) for n in range(tail)]


def _anchors(
    old: Sequence[str], new: Sequence[str], window: tuple[int, int, int, int]
) -> list[Pair]:
    """What stands once in either part: its places, the longest series that rises in both."""
    i1, i2, j1, j2 = window
    in_old, in_new = Counter(old[i1:i2]), Counter(new[j1:j2])
    place = {new[j]: j for j in range(j1, j2)}
    rising: list[int] = []  # the smallest place in new that ends a series of each length
    ends: list[int] = []  # … and which common one that is
    common: list[tuple[int, int, int]] = []  # place in old, in new, the one before in its series
    for i in range(i1, i2):
        text = old[i]
        if in_old[text] != 1 or in_new[text] != 1:
            continue
        length = bisect_left(rising, place[text])
        common.append((i, place[text], ends[length - 1] if length else -1))
        rising[length : length + 1] = [place[text]]
        ends[length : length + 1] = [len(common) - 1]
    series = []
    at = ends[-1] if ends else -1
    while at >= 0:
        i, j, at = common[at]
        series.append((i, j))
    return series[::-1]


def _groups(
    changes: Iterator[_Change], context: int, length: int
) -> Iterator[tuple[list[_Change], int, int]]:
    """Changes whose surroundings meet, with the first and last line of what is shown."""
    group: list[_Change] = []
    for change in changes:
        if group and change.i1 - group[-1].i2 > 2 * context:
            yield group, max(0, group[0].i1 - context), group[-1].i2 + context
            group = []
        group.append(change)
    if group:
        yield group, max(0, group[0].i1 - context), min(length, group[-1].i2 + context)


def _lines(
    old: Sequence[str],
    new: Sequence[str],
    shown: tuple[list[_Change], int, int],
    context: int,
) -> list[Line]:
    changes, at, end = shown
    offset = changes[0].j1 - changes[0].i1
    lines: list[Line] = []
    for change in changes:
        lines += [_same(old, i, i + offset) for i in range(at, change.i1)]
        went, came = _marked(old[change.i1 : change.i2], new[change.j1 : change.j2])
        lines += [Line("removed", change.i1 + n, None, p) for n, p in enumerate(went, start=1)]
        lines += [Line("added", None, change.j1 + n, p) for n, p in enumerate(came, start=1)]
        at, offset = change.i2, change.j2 - change.i2
    return lines + [_same(old, i, i + offset) for i in range(at, end)]


def _same(old: Sequence[str], i: int, j: int) -> Line:
    return Line("same", i + 1, j + 1, _plain(old[i]))


def _marked(
    went: Sequence[str], came: Sequence[str]
) -> tuple[list[tuple[Piece, ...]], list[tuple[Piece, ...]]]:
    """The pieces of the lines that went and came, with the words marked that are not in both."""
    old, new = _WORD.findall("\n".join(went)), _WORD.findall("\n".join(came))
    if not went or not came or len(old) + len(new) > _MOST_WORDS:
        return [_plain(text) for text in went], [_plain(text) for text in came]
    pairs = _pairs(old, new)
    return _pieces(old, {i for i, _ in pairs}), _pieces(new, {j for _, j in pairs})


def _plain(text: str) -> tuple[Piece, ...]:
    return _cut((Piece(text),))


def _pieces(words: Sequence[str], common: set[int]) -> list[tuple[Piece, ...]]:
    """The lines that these words make, in pieces as long as they can be."""
    lines: list[list[Piece]] = [[]]
    for n, word in enumerate(words):
        for part in re.split(r"(\n)", word):
            if part == "\n":
                lines.append([])
            elif part:
                _join(lines[-1], Piece(part, n not in common))
    return [_settled(line) for line in lines]


def _join(line: list[Piece], piece: Piece) -> None:
    if line and line[-1].changed == piece.changed:
        piece = Piece(line.pop().text + piece.text, piece.changed)
    line.append(piece)


def _settled(line: Sequence[Piece]) -> tuple[Piece, ...]:
    """The line's pieces; without marks where so little is in common that they would confuse."""
    text = "".join(piece.text for piece in line)
    common = sum(len(piece.text.strip()) for piece in line if not piece.changed)
    return _cut(tuple(line)) if common >= _ALIKE * len(text.strip()) else _plain(text)


def _cut(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces up to the length that is shown."""
    if sum(len(piece.text) for piece in pieces) <= LONGEST_LINE:
        return pieces
    kept, left = [], LONGEST_LINE
    for piece in pieces:
        if left > 0:
            kept.append(Piece(piece.text[:left], piece.changed))
        left -= len(piece.text)
    return (*kept, Piece(" …"))
