"""The content of a web page becomes pieces."""

import re
from dataclasses import dataclass, field

from quizapp.formats.images import image_of, refusal
from quizapp.formats.model import Image
from quizapp.formats.office.nesting import STRICT
from quizapp.formats.office.pieces import MAX_PIECES, Lines, Note, Piece
from quizapp.formats.office.tables import Cell, arranged
from quizapp.formats.office.web.content import is_frame, is_left_out, name_of
from quizapp.formats.office.web.parts import is_layout, rows_of, verbatim
from quizapp.formats.office.web.pictures import embedded, file_name
from quizapp.formats.office.web.tree import Node, TooLong
from quizapp.formats.runs import BOLD, ITALIC, STRIKE, Run

_EMPHASIS = {
    **dict.fromkeys(("b", "strong"), BOLD),
    **dict.fromkeys(("i", "em", "cite", "dfn"), ITALIC),
    **dict.fromkeys(("del", "s", "strike"), STRIKE),
}
_CODE = {"code", "kbd", "samp", "tt"}
_LISTS = {"ul", "ol", "menu", "dir"}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"),
    *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "legend"),
    *("li", "main", "p", "section", "summary", "tbody", "td", "tfoot", "th", "thead", "tr"),
}
_EMBEDDED = {"audio", "embed", "iframe", "math", "object", "video"}
_BOLD_BLOCKS = {"dt", "summary", "caption"}
_CALLOUT = re.compile(
    r"(?:^|[\s_-])(?:admonition|alert|alerta|aten[cç][aã]o|aviso|callout|caution|danger|dica|hint"
    r"|important|importante|info-?box|nota|note|notice|tip|warning)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HEADING = re.compile(r"h([1-6])")
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
_PERMALINK = {"¶", "#", "§", "🔗"}
_SPACES = re.compile(r"[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")
_INDENT = 20.0
_LONG_CALLOUT = 1500
_MAX_SPAN = 100
# Tables in each other; what is deeper holds no data.
_MAX_TABLES = 3


@dataclass
class Reader:
    """Walks through the content and gathers pieces, pictures, and the names of what it leaves.

    `label` and `group` wait for the first words of an entry; `ids` for the next heading.
    """

    in_main: bool
    pieces: list[Piece] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    left: dict[str, None] = field(default_factory=dict)
    anchors: dict[str, Piece] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    lines: Lines = field(default_factory=lambda: [[]])
    notes: list[Note] = field(default_factory=list)
    emphasis: int = 0
    code: int = 0
    href: str = ""
    depth: int = 0
    quotes: int = 0
    level: int = 0
    label: str = ""
    group: str = ""
    lists: int = 0
    tables: int = 0
    count: int = 0
    missing: set[str] = field(default_factory=set)

    def read(self, node: Node) -> list[Piece]:
        """The pieces of what an element holds."""
        self._children(node)
        self._end()
        return self.pieces

    def _children(self, node: Node) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._words(_SPACES.sub(" ", child))
            else:
                self._element(child)

    def _words(self, text: str) -> None:
        kind = "code" if self.code else "text"
        self.lines[-1].append(Run(text, kind, self.emphasis, self.href))

    def _end(self) -> None:
        """What was said up to here is a piece, if it was anything."""
        lines, notes = self.lines, self.notes
        runs = [run for line in lines for run in line if run.text.strip() or run.kind == "image"]
        self.lines, self.notes = [[]], []
        if not runs and not notes:
            return
        piece = Piece("paragraph", lines, notes=notes, indent=self.depth * _INDENT)
        piece.quoted = self.quotes > 0
        if self.level and runs:
            piece.kind, piece.level = "heading", self.level
        elif self.label and runs:
            piece.kind, piece.label, piece.group = "entry", self.label, self.group
            self.label = ""
        if all(run.emphasis & BOLD for run in runs if any(map(str.isalnum, run.text))):
            piece.looks = frozenset({"bold yes"})
        self._add(piece)

    def _add(self, piece: Piece) -> None:
        if piece.kind == "heading":
            self.anchors.update((name, piece) for name in self.ids)
        self.ids.clear()
        self.count += 1
        if self.count > MAX_PIECES:
            raise TooLong
        self.pieces.append(piece)

    def _element(self, node: Node) -> None:
        name = node.name
        if is_left_out(node, self.in_main):
            if is_frame(node, self.in_main) and node.says_more_than(0):
                self.left[name_of(node)] = None
            return
        if node.get("id"):
            self.ids.append(node.get("id"))
        if name == "br":
            self.lines.append([])
        elif name == "hr":
            self._end()
            self._add(Piece("rule"))
        elif name == "img":
            self._picture(node)
        elif name == "input":
            self._box(node)
        elif name in _EMBEDDED:
            kind = node.get("title") or name
            self.notes.append(Note("warning", "html-embedded-lost", {"kind": kind[:60]}))
        elif name == "a":
            self._link(node)
        elif name == "q":
            self._words("“")
            self._children(node)
            self._words("”")
        elif name in _EMPHASIS or name in _CODE:
            self._look(node)
        elif heading := _HEADING.fullmatch(name):
            self._heading(node, int(heading[1]))
        elif name == "pre":
            self._preformatted(node)
        elif name == "table":
            self._table(node)
        elif name in _LISTS:
            self._list(node)
        elif name in _BLOCKS or self._is_callout(node):
            self._block(node)
        else:
            self._children(node)

    def _look(self, node: Node) -> None:
        before = self.emphasis, self.code
        self.emphasis |= _EMPHASIS.get(node.name, 0)
        self.code += node.name in _CODE
        self._children(node)
        self.emphasis, self.code = before

    def _link(self, node: Node) -> None:
        """A link; one to the same site loses its address, which leads nowhere from here."""
        if node.get("name"):
            self.ids.append(node.get("name"))
        if self.level and node.text in _PERMALINK:
            return
        before, address = self.href, node.get("href").strip()
        self.href = address if _ADDRESS.match(address) or address.startswith("#") else ""
        self._children(node)
        self.href = before

    def _heading(self, node: Node, level: int) -> None:
        self._end()
        before, self.level = self.level, level
        self._children(node)
        self._end()
        self.level = before

    def _block(self, node: Node) -> None:
        """A block; quotes and remarks stand out, terms are in bold, definitions entries."""
        self._end()
        quoted = node.name == "blockquote" or self._is_callout(node)
        before = self.emphasis
        self.quotes += quoted
        if node.name in _BOLD_BLOCKS:
            self.emphasis |= BOLD
        if node.name == "dd":
            self._entry(node, "-", f"{STRICT}definitions {self.lists}")
        else:
            self._children(node)
            self._end()
        self.emphasis = before
        self.quotes -= quoted

    def _is_callout(self, node: Node) -> bool:
        names = node.get("class")
        return (
            bool(names)
            and node.name in ("div", "aside", "p", "section")
            and not node.holds
            and bool(_CALLOUT.search(names))
            and not node.says_more_than(_LONG_CALLOUT)
        )

    def _list(self, node: Node) -> None:
        self._end()
        self.lists += 1
        group = f"{STRICT}{self.lists}"
        count = _number(node.get("start"), 1) - 1
        for child in node.children:
            if isinstance(child, str):
                self._words(_SPACES.sub(" ", child))
            elif child.name != "li":
                self._element(child)
            elif not is_left_out(child, self.in_main):
                count = _number(child.get("value"), count + 1)
                self._entry(child, _mark(node, count), group)

    def _entry(self, node: Node, label: str, group: str) -> None:
        before = self.label, self.group
        self.label, self.group = label, group
        self.depth += 1
        self._children(node)
        self._end()
        self.depth -= 1
        self.label, self.group = before if self.label == label else ("", "")

    def _box(self, node: Node) -> None:
        """The box of a task, at the beginning of an entry."""
        if node.get("type") == "checkbox" and self.label == "-" and not any(self.lines[0]):
            self.label = "- [x]" if "checked" in node.attributes else "- [ ]"

    def _preformatted(self, node: Node) -> None:
        self._end()
        text = verbatim(node)
        if text.strip():
            piece = Piece("code", [[Run(line)] for line in text.strip("\n").split("\n")])
            piece.indent = self.depth * _INDENT
            self._add(piece)

    def _table(self, node: Node) -> None:
        self._end()
        caption = next(
            (n for n in node.children if isinstance(n, Node) and n.name == "caption"), None
        )
        if caption:
            self._block(caption)
        rows, strays = rows_of(node)
        for text in strays:
            self._words(text)
        self._end()
        self.tables += 1
        if (
            node.get("role") == "presentation"
            or self.tables > _MAX_TABLES
            or any(map(is_layout, rows))
        ):
            for row in rows:
                for cell in row:
                    self._block(cell)
        else:
            self._data(rows)
        self.tables -= 1

    def _data(self, rows: list[list[Node]]) -> None:
        below: dict[int, int] = {}
        table = arranged([self._row(row, below) for row in rows])
        for piece in table:
            piece.indent, piece.quoted = self.depth * _INDENT, piece.quoted or self.quotes > 0
            self._add(piece)

    def _row(self, row: list[Node], below: dict[int, int]) -> list[Cell]:
        """The cells of a row; `below` has, by column, how many rows a cell above still takes."""
        found: list[Cell] = []
        column = 0
        for node in row:
            while below.get(column, 0) > 0:
                below[column] -= 1
                found.append(([], 1))
                column += 1
            width = min(_number(node.get("colspan"), 1) or 1, _MAX_SPAN)
            height = min(_number(node.get("rowspan"), 1) or 1, _MAX_SPAN)
            for place in range(column, column + width):
                below[place] = height - 1
            found.append((self._cell(node), width))
            column += width
        return found

    def _cell(self, node: Node) -> list[Piece]:
        """The pieces of a cell, read apart from those around the table."""
        kept = self.pieces, self.depth, self.label, self.quotes, self.level
        self.pieces, self.depth, self.label, self.quotes, self.level = [], 0, "", 0, 0
        self._children(node)
        self._end()
        found = self.pieces
        self.pieces, self.depth, self.label, self.quotes, self.level = kept
        return found

    def _picture(self, node: Node) -> None:
        """A picture that is in the page itself; of others the description stays."""
        source, alt = node.get("src").strip(), " ".join(node.get("alt").split())
        elsewhere = node.get("data-src").strip() or source
        data = embedded(source)
        image, code = None, "image-not-here"
        if data is not None and not node.get("data-src"):
            code = refusal(data)
            image = None if code else image_of(data)
        if image:
            self.images[image.name] = image
            self.lines[-1].append(Run(alt, "image", href=self.href, source=image.name))
            if not alt:
                name = image.name.rpartition("/")[2]
                self.notes.append(Note("warning", "image-alt-missing", {"name": name}))
            return
        self._words(f" {alt} " if alt else "")
        name = file_name(elsewhere)
        if name and name not in self.missing:
            self.missing.add(name)
            self.notes.append(Note("warning", code, {"name": name}))


def _number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else default


def _mark(node: Node, count: int) -> str:
    """The mark of an entry; roman numbers have none in Markdown, and are counted like others."""
    if node.name != "ol":
        return "-"
    style = node.get("type")
    if style in ("a", "A") and 1 <= count <= 26:
        return f"{chr(ord(style) + count - 1)})"
    return f"{count}."
