"""Tables that hold data, and those that only put things in their place."""

from quizapp.formats.office.pieces import Piece
from quizapp.formats.office.typed import begins_entry

_MAX_COLUMNS = 60
_MAX_CELLS = 20_000

# The pieces of a cell, and how many columns it takes.
Cell = tuple[list[Piece], int]


def arranged(rows: list[list[Cell]]) -> list[Piece]:
    """The table, or what stands in it where it is a mere frame, of one column or one cell."""
    wide = [[part for cell in row for part in _spread(*cell)][:_MAX_COLUMNS] for row in rows]
    wide = [row for row in wide if any(map(_has_content, row))]
    columns = max(map(len, wide), default=0)
    inner = [piece for row in wide for cell in row for piece in cell]
    if columns == 1 or len(wide) * columns > _MAX_CELLS:
        if len(wide) == 1 and all(map(_is_remark, inner)):
            for piece in inner:
                piece.quoted = True
        return inner
    # A table has one line in the text for each row; what is to be said is said of the whole.
    notes = [note for piece in inner for note in piece.notes]
    return [Piece("table", rows=wide, notes=notes)] if wide else []


def _spread(pieces: list[Piece], columns: int) -> list[list[Piece]]:
    """A cell as wide as it is."""
    return [pieces, *([] for _ in range(min(max(columns, 1), _MAX_COLUMNS) - 1))]


def _is_remark(piece: Piece) -> bool:
    return piece.kind == "paragraph" and not begins_entry(piece.text)


def _has_content(cell: list[Piece]) -> bool:
    return any(piece.rows or piece.notes or any(map(len, piece.lines)) for piece in cell)
