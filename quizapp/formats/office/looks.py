"""Headings that nobody marked as such: short paragraphs in bold, or in capitals."""

import re
from itertools import pairwise

from quizapp.formats.office.pieces import Piece
from quizapp.formats.text_lines import in_capitals

_MAX_LENGTH = 100
_OPTION = re.compile(r"\(?[A-Ea-e][).]|[-–•(\[☐☑☒]")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}")


def with_headings(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with headings by their looks where no style says which they are.

    Where no style says what the title is either, a document may begin with it.
    """
    levels = {piece.level for piece in pieces if piece.kind == "heading"}
    if levels - {1}:
        return pieces
    written = [piece for piece in pieces if piece.rows or piece.text.strip()]
    following = dict(pairwise(written))
    found = [piece for piece in written if _is_heading(piece, following.get(piece))]
    if len(found) * 2 > len(written):
        return pieces  # all in bold: it says nothing
    for piece in found:
        _make_heading(piece)
    if found and not levels and found[0] is written[0] and len(written) > 1:
        found[0].level = 1
    return pieces


def _is_heading(piece: Piece, following: Piece | None) -> bool:
    text = " ".join(piece.text.split())
    if piece.kind not in ("paragraph", "entry") or piece.quoted or len(text) > _MAX_LENGTH:
        return False
    if piece.kind == "entry" and not piece.label[0].isdigit():
        return False
    if not any(character.isalpha() for character in text) or text.endswith(
        (".", ";", ",", "?", "!")
    ):
        return False
    if _OPTION.match(text):
        return False
    if "bold yes" not in piece.looks and not in_capitals(text):
        return False
    if piece.kind == "entry":
        # An entry in bold that others of its list follow at once is one of them.
        return following is not None and following.kind != "entry"
    return not (following and (_OPTION.match(following.text) or text.endswith(":")))


def _make_heading(piece: Piece) -> None:
    """Make the piece a heading, its number before its words."""
    if piece.kind == "entry":
        piece.lines[0].insert(0, piece.lines[0][0]._replace(text=f"{piece.label} "))
    number = _NUMBERED.match(piece.text)
    piece.kind, piece.label, piece.group = "heading", "", ""
    piece.level = 2 + (number[0].count(".") if number else 0)
