"""Lines that were broken for a page flow together again, as headings, paragraphs and entries."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from quizapp.formats.office.paper.lines import Line
from quizapp.formats.office.pieces import Note, Piece
from quizapp.formats.office.typed import begins_entry
from quizapp.formats.runs import Run

_HEADING = 1.15  # times the size of the text
_MAX_HEADING = 150
_MAX_LEVELS = 4
_SAME_SIZE = 0.6
_INDENT = 6.0
# Where lines are shorter, in characters, nobody broke them for want of space.
_WIDE = 45
_ENDS = re.compile(r"[.!?:;]['\"”’)]?$")
_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]$")
# What a hyphen stands before also where no line ends: disse-lhe, segunda-feira.
_KEEPS_HYPHEN = re.compile(
    r"(?:me|te|se|lhes?|[ao]s?|nos|vos|l[ao]s?|n[ao]s?|feiras?)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class _Measures:
    """What is usual in a document: the size of its text, how its lines stand, how long they are."""

    size: float
    leading: float
    length: int
    left: float


def flowed(pages: list[list[Line]], lost: dict[int, Note]) -> list[Piece]:
    """The pieces of a document; `lost` has what is to be said of pages without text."""
    measures = _measured([line for lines in pages for line in lines])
    pieces: list[Piece] = []
    sizes: dict[Piece, float] = {}
    last: Line | None = None
    for number, lines in enumerate(pages, start=1):
        if number in lost:
            pieces.append(Piece("paragraph", notes=[lost[number]]))
            last = None
        for line in lines:
            if last and pieces and _goes_on(last, line, pieces[-1], measures):
                _join(pieces[-1], line)
            else:
                pieces.append(_piece(line, measures))
                sizes[pieces[-1]] = line.size
            last = line
    _set_levels(pieces, sizes)
    return pieces


def _measured(lines: list[Line]) -> _Measures:
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    size = weights.most_common(1)[0][0] if weights else 12.0
    body = [line for line in lines if line.size == size]
    gaps = [
        (above.y - below.y) / size
        for above, below in pairwise(body)
        if size and above.page == below.page and 0.8 * size < above.y - below.y < 2.5 * size
    ]
    lengths = sorted(len(line.text) for line in body) or [0]
    lefts = Counter(round(line.x) for line in body)
    often = [x for x, count in lefts.items() if count * 20 >= len(body)] or [0]
    return _Measures(
        size, median(gaps) if gaps else 1.2, lengths[len(lengths) * 9 // 10], min(often)
    )


def _is_heading(line: Line, measures: _Measures) -> bool:
    return (
        line.size >= _HEADING * measures.size
        and len(line.text) <= _MAX_HEADING
        and any(map(str.isalpha, line.text))
    )


def _piece(line: Line, measures: _Measures) -> Piece:
    piece = Piece("paragraph", [list(line.runs)], indent=max(0.0, line.x - measures.left))
    if _is_heading(line, measures):
        piece.kind = "heading"
    elif line.is_bold:
        piece.looks = frozenset({"bold yes"})
    return piece


def _goes_on(last: Line, line: Line, piece: Piece, measures: _Measures) -> bool:
    """Whether a line goes on with what the one before it said."""
    if abs(last.size - line.size) > _SAME_SIZE or begins_entry(line.text):
        return False
    unfinished = (
        not _ENDS.search(last.text)
        and line.text[:1].islower()
        and len(last.text) >= 0.4 * measures.length
    )
    if last.page != line.page:
        return unfinished and piece.kind != "heading"
    gap = last.y - line.y
    if gap <= 0:
        return unfinished
    if gap > 1.3 * measures.leading * line.size:
        return False
    if piece.kind == "heading":
        return True
    is_entry = begins_entry(piece.text)
    if line.x > last.x + _INDENT and not is_entry:
        return False  # the first line of a paragraph
    if last.is_bold != line.is_bold and (last.is_bold or _ENDS.search(last.text)):
        return unfinished
    if measures.length < _WIDE:
        return unfinished
    return unfinished or len(last.text) >= (0.8 if _ENDS.search(last.text) else 0.65) * (
        measures.length
    )


def _join(piece: Piece, line: Line) -> None:
    """Add a line to a piece, a word that was divided between the two made whole."""
    runs, text = piece.lines[0], line.text
    while runs and not runs[-1].text.strip():
        runs.pop()
    end = runs[-1].text.rstrip() if runs else ""
    if _BROKEN.search(end) and text[:1].islower():
        keeps = end.endswith("-") and _KEEPS_HYPHEN.match(text)
        runs[-1] = runs[-1]._replace(text=end if keeps else end[:-1])
        first = next(place for place, run in enumerate(line.runs) if run.text.strip())
        runs += [line.runs[first]._replace(text=line.runs[first].text.lstrip())]
        runs += line.runs[first + 1 :]
    else:
        runs += [Run(" "), *line.runs]
    if not line.is_bold:
        piece.looks = frozenset()


def _set_levels(pieces: list[Piece], sizes: dict[Piece, float]) -> None:
    """The larger, the higher; the largest is the title, if the document begins with it alone."""
    headings = [piece for piece in pieces if piece.kind == "heading"]
    if not headings:
        return
    known = sorted({sizes[piece] for piece in headings}, reverse=True)
    of_largest = [piece for piece in headings if sizes[piece] == known[0]]
    is_title = len(of_largest) == 1 and of_largest[0] is pieces[0]
    for piece in headings:
        place = min(known.index(sizes[piece]), _MAX_LEVELS)
        piece.level = place + (1 if is_title else 2)
