"""The body of a Word document becomes pieces: paragraphs, headings, entries, tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from xml.etree.ElementTree import Element, ParseError, fromstring

from quizapp.formats.model import Problem
from quizapp.formats.office.pieces import MAX_PIECES, Piece
from quizapp.formats.office.tables import arranged
from quizapp.formats.office.word.names import attribute, child, local, number, value
from quizapp.formats.office.word.numbering import Label
from quizapp.formats.office.word.parts import Parts
from quizapp.formats.office.word.styles import indent_of
from quizapp.formats.office.word.words import Reader, superscript
from quizapp.formats.runs import Run

# All of them are in memory at once.
MAX_ELEMENTS = 400_000
MAX_ATTRIBUTES = 500_000
# Tables, and text boxes, in each other.
MAX_DEPTH = 4
_WRAPPERS = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}
_QUESTION = re.compile(r"(?:quest[ãa]o|pergunta|question)\b", re.IGNORECASE)


def read_body(data: bytes, parts: Parts) -> list[Piece] | Problem:
    """The pieces of a document's main part, or the reason why it is not read."""
    if data.count(b"<") - data.count(b"</") > MAX_ELEMENTS or data.count(b"=") > MAX_ATTRIBUTES:
        return Problem(1, 1, "error", "xml-too-large")
    try:
        # The standard parser, ten times as fast: `check_parts` found no document type in any part.
        root = fromstring(data)  # noqa: S314
    except (ParseError, LookupError, ValueError):  # the last two: an encoding that is none
        return Problem(1, 1, "error", "docx-invalid")
    body = _Body(parts, Reader(parts))
    parts.counts["contents"] += sum(map(_is_contents, root.iter()))
    pieces: list[Piece] = []
    for block in _inside(child(root, "body"), {"p", "tbl"}):
        pieces += body.read(block)
        block.clear()
        if len(pieces) > MAX_PIECES:
            return Problem(1, 1, "error", "document-too-long")
    return _with_levels(pieces + body.notes())


@dataclass
class _Body:
    """Turns blocks into pieces, in the order of the text."""

    parts: Parts
    reader: Reader

    def read(self, block: Element, depth: int = 0) -> list[Piece]:
        """The pieces of a paragraph or table, which stands in so many others."""
        if local(block.tag) == "p":
            return self._paragraph(block, depth)
        if depth >= MAX_DEPTH:
            return []
        rows = [
            [
                ([] if _goes_on(cell) else self._cell(cell, depth), _span(cell))
                for cell in _inside(row, {"tc"})
            ]
            for row in _inside(block, {"tr"})
            if child(row, "trPr", "del") is None
        ]
        return arranged(rows)

    def notes(self) -> list[Piece]:
        """The notes that the text above cites."""
        cited, self.reader.cited = self.reader.cited, []
        pieces = []
        for count, note in cited:
            lines = [
                line
                for block in _inside(note, {"p"})
                for line in self.reader.read(block, "").lines
                if line
            ]
            if lines:
                first = Run(f"{superscript(count)} ")
                pieces.append(Piece("paragraph", [[first, *lines[0]], *lines[1:]]))
        self.reader.cited.clear()  # a note cites no other
        return pieces

    def _cell(self, cell: Element, depth: int) -> list[Piece]:
        blocks = _inside(cell, {"p", "tbl"})
        return [piece for block in blocks for piece in self.read(block, depth + 1)]

    def _paragraph(self, block: Element, depth: int) -> list[Piece]:
        properties = child(block, "pPr")
        styles = self.parts.styles
        style = value(properties, "pStyle") or styles.default
        if styles.is_contents(style):
            self.parts.counts["contents"] += 1
            return []
        words = self.reader.read(block, style)
        label = self._label(properties, style)
        if not (any(words.lines) or words.notes or words.boxes):
            return []
        piece = Piece("paragraph", words.lines, notes=words.notes)
        piece.quoted = styles.is_quote(style)
        if words.looks:
            piece.looks = reduce(frozenset.__and__, words.looks)
        said = indent_of(properties)
        above = label.indent if label else styles.indent(style) or 0.0
        piece.indent = above if said is None else said
        level = styles.level(style)
        outline = value(properties, "outlineLvl")
        if level < 0 and outline:
            level = number(outline, 9) + 1 if number(outline, 9) < 9 else -1
        pieces = [piece]
        if level >= 0 and piece.text.strip():
            piece.kind, piece.level, piece.quoted = "heading", level, False
            if label:
                piece.lines[0].insert(0, Run(f"{label.shown} "))
            pieces[:0] = self.notes()
        elif styles.is_code(style):
            piece.kind = "code"
        elif label and piece.text.strip():
            pieces = _labelled(piece, label)
        return [*pieces, *self._boxes(words.boxes, depth)]

    def _label(self, properties: Element | None, style: str) -> Label | None:
        """The mark that Word gives a paragraph."""
        styles, numbering = self.parts.styles, self.parts.numbering
        said = child(properties, "numPr")
        list_id = value(said, "numId")
        own_list, own_rank = styles.list_of(style)
        if not list_id:
            own_rank = numbering.rank_of_style(own_list, style, own_rank)
        rank = value(said, "ilvl")
        return numbering.label(list_id or own_list, number(rank) if rank else own_rank)

    def _boxes(self, boxes: list[Element], depth: int) -> list[Piece]:
        """What stands in text boxes, below the paragraph that they hang on."""
        if not boxes or depth >= MAX_DEPTH:
            return []
        self.parts.counts["boxes"] += len(boxes)
        return [piece for box in boxes for piece in self._cell(box, depth)]


def _inside(element: Element | None, names: set[str]) -> Iterator[Element]:
    """The elements of these names that stand in this one and in no other of them.

    A table of contents is passed by: its entries are headings of the text.
    """
    stack: list[Iterator[Element]] = [iter(element if element is not None else ())]
    while stack:
        found = next(stack[-1], None)
        if found is None:
            stack.pop()
        elif local(found.tag) in names:
            yield found
        elif local(found.tag) in _WRAPPERS:
            gallery = child(found, "sdtPr", "docPartObj", "docPartGallery")
            if gallery is None or not _is_contents(gallery):
                stack.append(iter(found))


def _is_contents(element: Element) -> bool:
    is_gallery = local(element.tag) == "docPartGallery"
    return is_gallery and "contents" in attribute(element, "val").lower()


def _span(cell: Element) -> int:
    """How many columns a cell takes."""
    return number(value(cell, "tcPr", "gridSpan"), 1)


def _goes_on(cell: Element) -> bool:
    """Whether a cell is the lower part of the one above it."""
    merged = child(cell, "tcPr", "vMerge")
    return merged is not None and attribute(merged, "val", "continue") == "continue"


def _labelled(piece: Piece, label: Label) -> list[Piece]:
    """A paragraph with the mark that Word gives it: an entry, or words that stand before it."""
    if label.mark:
        piece.kind, piece.label = "entry", label.mark
        piece.group, piece.rank = label.group, label.rank
    elif _QUESTION.match(label.shown):
        return [Piece("paragraph", [[Run(label.shown)]]), piece]
    elif label.shown:
        piece.lines[0].insert(0, Run(f"{label.shown} "))
        words = sum(character.isalpha() for character in label.shown)
        if words and not any(c.isalpha() and c not in "ivxlcdmIVXLCDM" for c in label.shown):
            # Roman numbers: what cites them cites these very letters.
            piece.kind, piece.label = "entry", "-"
            piece.group, piece.rank = label.group, label.rank
    return [piece]


def _with_levels(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces with the title at level 1, if there is one, and the headings below it."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        is_title = piece.kind == "heading" and piece.level == 0
        if is_title and last and last.kind == "heading" and last.level == 0:
            last.lines[-1].append(Run(" "))
            last.lines[-1] += piece.lines[0]
            last.lines += piece.lines[1:]
            last.notes += piece.notes
        elif last and last.kind == piece.kind == "code":
            last.lines += piece.lines
        else:
            found.append(piece)
    if any(piece.kind == "heading" and piece.level == 0 for piece in found):
        for piece in found:
            piece.level += piece.kind == "heading"
    return found
