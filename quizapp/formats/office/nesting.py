"""Which entry stands in which: by their lists, else by where they begin."""

from dataclasses import dataclass
from itertools import groupby

from quizapp.formats.office.pieces import Piece

MAX_DEPTH = 8
# Groups of this name stand where their indent says, whatever their marks are.
STRICT = "strict "
# How far apart two places are the same one: a twentieth of an inch, in points.
_NEAR = 4.0
_MAX_BETWEEN = 6


@dataclass(frozen=True)
class _Open:
    """An entry that others may stand in."""

    group: str
    rank: int
    indent: float
    kind: str


def nest(pieces: list[Piece]) -> None:
    """Set the depth of every piece, and where quotes begin."""
    nesting = _Nesting()
    for quoted, group in groupby(pieces, key=lambda piece: piece.quoted):
        run = list(group)
        if quoted:
            around = nesting.below(run[0].indent)
            inner = _Nesting()
            for piece in run:
                inner.add(piece)
                piece.depth = min(piece.depth + around, MAX_DEPTH)
                piece.quote = around + 1
        else:
            for piece in run:
                nesting.add(piece)
    _take_in(pieces)


class _Nesting:
    """The entries that are open, from the outermost on."""

    def __init__(self) -> None:
        self.open: list[_Open] = []

    def add(self, piece: Piece) -> None:
        """Set the depth of the piece that comes next."""
        if piece.kind == "entry":
            found = _Open(piece.group, piece.rank, piece.indent, _kind(piece.label))
            del self.open[self._parents(found) :]
            piece.depth = len(self.open)
            self.open.append(found)
        elif piece.kind == "heading":
            self.open.clear()
        else:
            piece.depth = self.below(piece.indent)

    def below(self, indent: float) -> int:
        """How many entries something stands in that is none itself and begins here."""
        if indent <= _NEAR:
            return 0
        depth = len(self.open)
        while depth and not 0 < self.open[depth - 1].indent <= indent + _NEAR:
            depth -= 1
        return depth

    def _parents(self, entry: _Open) -> int:
        """How many of the open entries a new one stands in."""
        for place, other in enumerate(self.open):
            if other.group == entry.group and other.rank >= entry.rank:
                return place
        depth = len(self.open)
        if self.open and any(other.group == entry.group for other in self.open):
            while self.open[depth - 1].group != entry.group:
                depth -= 1
            return min(depth, MAX_DEPTH)
        numbers = [place for place, other in enumerate(self.open) if other.kind == "number"]
        if entry.kind == "letter" and numbers and not entry.group.startswith(STRICT):
            # Letters count what belongs to a number, even where they stand no further in.
            return min(numbers[-1] + 1, MAX_DEPTH)
        while depth and self.open[depth - 1].indent >= entry.indent - _NEAR:
            depth -= 1
        return min(depth, MAX_DEPTH)


def _kind(label: str) -> str:
    if label[0].isdigit():
        return "number"
    return "letter" if label[0].isalpha() else "bullet"


def _take_in(pieces: list[Piece]) -> None:
    """What stands between a number and the letters that belong to it belongs to it too."""
    for place, piece in enumerate(pieces):
        if piece.kind != "entry" or piece.label.lower() != "a)" or not piece.depth:
            continue
        between = []
        for before in reversed(pieces[max(0, place - _MAX_BETWEEN) : place]):
            if before.kind == "entry" or before.kind == "heading" or before.quote:
                break
            between.append(before)
        else:
            continue
        if before.kind == "entry" and before.depth == piece.depth - 1:
            for found in between:
                found.depth = piece.depth
