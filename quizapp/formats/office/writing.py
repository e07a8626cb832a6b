"""Pieces become Markdown, and their notes problems with the lines where the pieces stand."""

import re
from itertools import groupby

from quizapp.formats.model import Problem
from quizapp.formats.office.pieces import Lines, Piece
from quizapp.formats.runs import BREAK, fenced, one_line
from quizapp.formats.text import normalise

# Some five hundred pages; who writes more has several documents.
MAX_LENGTH = 1_000_000
_MAX_LEVEL = 6
# What begins a block; the letters of lists are taken for such only in a sequence.
_BLOCK = re.compile(
    r"(?P<number>\d{1,9})(?=[.)](?:\s|$))|#{1,6}(?=\s|$)|>|[-+](?=\s|$)|~{3,}|[-=:|](?=[-=:|\s]*$)"
)


def write(pieces: list[Piece]) -> tuple[str, list[Problem]]:
    """The Markdown of the pieces, with the problems that they bring; "" where it is too long."""
    writer = _Writer()
    if sum(map(_length, pieces)) > MAX_LENGTH:
        return "", [Problem(1, 1, "error", "document-too-long")]
    for piece in pieces:
        writer.add(piece)
    text = normalise("\n".join([*writer.out, ""]))
    if len(text) > MAX_LENGTH:
        return "", [Problem(1, 1, "error", "document-too-long")]
    return text, writer.problems


def _length(piece: Piece) -> int:
    """How many characters a piece has, those in its cells too."""
    cells = (inner for row in piece.rows for cell in row for inner in cell)
    return sum(len(run.text) for line in piece.lines for run in line) + sum(map(_length, cells))


class _Writer:
    """Markdown under construction; `widths` are those of the labels that a piece stands below."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.problems: list[Problem] = []
        self.widths: list[int] = []
        self.last: Piece | None = None

    def add(self, piece: Piece) -> None:
        """Write a piece; one without words leaves no more than its notes."""
        text = _text(piece)
        if piece.kind == "rule" and not self.out:
            text = ""  # where it would open the front matter
        first = self._write(piece, text) if text else max(len(self.out), 1)
        for note in piece.notes:
            self.problems.append(Problem(first, 1, note.severity, note.code, note.args))

    def _write(self, piece: Piece, text: str) -> int:
        """Write the text of a piece; the number of its first line."""
        # Where a paragraph stands further out, no entry below it is open any more.
        del self.widths[piece.depth :]
        around = piece.quote - 1 if piece.quote else len(self.widths)
        outer = " " * sum(self.widths[:around]) + ("> " if piece.quote else "")
        indent = outer + " " * sum(self.widths[around:])
        lines = text.split("\n")
        if piece.kind == "entry":
            width = len(piece.label.partition(" ")[0]) + 1
            lines = [f"{piece.label} {lines[0]}", *(" " * width + line for line in lines[1:])]
            self.widths.append(width)
        if self.last and _apart(self.last, piece):
            same = piece.quote and piece.quote == self.last.quote
            self.out.append(outer.rstrip() if same else "")
        first = len(self.out) + 1
        self.out += [(indent + line) if line.strip() else indent.rstrip() for line in lines]
        self.last = piece
        return first


def _apart(before: Piece, piece: Piece) -> bool:
    """Whether a blank line is due: not between entries, save where a deeper list begins late."""
    if before.kind != "entry" or piece.kind != "entry" or before.quote != piece.quote:
        return True
    return (
        piece.depth > before.depth
        and piece.label not in ("1.", "1)")
        and (piece.label[0].isdigit())
    )


def _text(piece: Piece) -> str:
    """The Markdown of a piece, without label and indent."""
    match piece.kind:
        case "heading":
            words = one_line(_without_emphasis(piece.lines))
            return f"{'#' * min(piece.level, _MAX_LEVEL)} {words}" if words else ""
        case "table":
            return _table(piece.rows)
        case "code":
            return fenced(piece.text.strip("\n")) if piece.text.strip() else ""
        case "rule":
            return "---"
        case _:
            return _paragraphs(piece.lines)


def _paragraphs(lines: Lines) -> str:
    """The lines as paragraphs, which an empty line divides."""
    written = [_guarded(one_line([line])) for line in lines]
    groups = (list(group) for is_text, group in groupby(written, bool) if is_text)
    return "\n\n".join(BREAK.join(group) for group in groups)


def _guarded(line: str) -> str:
    """The line so that it begins no block."""
    match = _BLOCK.match(line)
    if not match:
        return line
    at = match.end() if match["number"] else 0
    return f"{line[:at]}\\{line[at:]}"


def _table(rows: list[list[list[Piece]]]) -> str:
    """A table, its first row the head."""
    texts = [[_cell(cell, position == 0) for cell in row] for position, row in enumerate(rows)]
    columns = max(map(len, texts), default=0)
    if not any(cell for row in texts for cell in row):
        return ""
    lines = [f"| {' | '.join([*row, *[''] * (columns - len(row))])} |" for row in texts]
    lines.insert(1, "|" + " --- |" * columns)
    return "\n".join(lines)


def _cell(pieces: list[Piece], is_head: bool) -> str:
    """What stands in a cell, on one line; of a table in it, the words."""
    texts = []
    for piece in pieces:
        inner = [_cell(cell, is_head) for row in piece.rows for cell in row]
        lines = _without_emphasis(piece.lines) if is_head else piece.lines
        words = " ".join(filter(None, inner)) or one_line(lines).replace("|", "\\|")
        texts.append(f"{piece.label} {words}".strip())
    return "<br>".join(filter(None, texts))


def _without_emphasis(lines: Lines) -> Lines:
    """The lines without the looks that headings have by themselves."""
    return [[run._replace(emphasis=0) for run in line] for line in lines]
