"""A web page becomes Markdown, with the pictures that are in it; nothing is fetched."""

from quizapp.formats.model import Image, Problem
from quizapp.formats.office.looks import with_headings
from quizapp.formats.office.nesting import nest
from quizapp.formats.office.pieces import Piece
from quizapp.formats.office.typed import with_entries
from quizapp.formats.office.web.content import frames_around, main_of, title_of
from quizapp.formats.office.web.reading import Reader
from quizapp.formats.office.web.tree import TooLong, parse
from quizapp.formats.office.writing import write
from quizapp.formats.runs import Run
from quizapp.formats.text import anchor


def html_to_markdown(name: str, html: str) -> tuple[str, list[Image], list[Problem]]:
    """The main text of a page, its pictures, and what is odd or left; "" with an error."""
    try:
        root = parse(html)
        main = main_of(root)
        has_main = main.name not in ("root", "body")
        reader = Reader(in_main=has_main)
        pieces = _with_title(reader.read(main), title_of(root, main))
    except TooLong:
        return "", [], [Problem(1, 1, "error", "document-too-long")]
    _lead(pieces, reader.anchors)
    pieces = with_entries(with_headings(pieces))
    nest(pieces)
    text, problems = write(pieces)
    left = [*(frames_around(root, main) if has_main else ()), *reader.left]
    if left:
        args: dict[str, str | int] = {"parts": ", ".join(dict.fromkeys(left))[:200]}
        problems.insert(0, Problem(1, 1, "info", "html-frame-left-out", args))
    return text, list(reader.images.values()), problems


def _with_title(pieces: list[Piece], title: str) -> list[Piece]:
    """The pieces below a heading that is the page's title."""
    has_title = any(piece.kind == "heading" and piece.level == 1 for piece in pieces)
    if has_title or not title or not pieces:
        return pieces
    return [Piece("heading", [[Run(title)]], level=1), *pieces]


def _lead(pieces: list[Piece], anchors: dict[str, Piece]) -> None:
    """Let links within the page lead to the sections that its headings become."""
    taken: set[str] = set()
    names: dict[Piece, str] = {}
    for piece in pieces:
        if piece.kind == "heading" and piece.level > 1:
            names[piece] = anchor(piece.text, taken)
            taken.add(names[piece])
    for piece in _all(pieces):
        for line in piece.lines:
            for place, run in enumerate(line):
                if run.href.startswith("#"):
                    heading = anchors.get(run.href[1:])
                    name = names.get(heading, "") if heading else ""
                    line[place] = run._replace(href=f"#{name}" if name else "")


def _all(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with those in the cells of tables."""
    inner = [piece for table in pieces for row in table.rows for cell in row for piece in cell]
    return pieces + inner
