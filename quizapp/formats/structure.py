"""The blocks of a text by CommonMark's rules: which lines each has, and what stands in what.

Ours and not Python-Markdown's: it forgets lines and numbers, needs blank lines before lists, and
nests by four spaces alone. What is written inside the blocks is left to it.
"""

from dataclasses import dataclass, field

from quizapp.formats.marks import (
    DEFINITION,
    ENTRY,
    FENCE,
    HEADING,
    QUOTE,
    RULE,
    UNDERLINE,
    fence_ends,
    html_end,
    is_table,
)

# Quotes and lists stand in each other to this depth; an entry counts for two, for its list.
MAX_DEPTH = 38
CODE_INDENT = 4
LISTS = ("bullet_list", "ordered_list")


@dataclass(eq=False)
class Block:
    """A block with its lines, from 0: its first one and the one after its last.

    `lines` is the text of a block that holds no other; `level` is a heading's; `number` and
    `markup` are what stands before an entry, `width` the columns that its lines are indented by.
    Code has its fence as `markup`, and is open if no other fence closes it.
    """

    type: str
    first: int
    end: int = 0
    depth: int = 0
    lines: list[str] = field(default_factory=list)
    children: list["Block"] = field(default_factory=list)
    level: int = 0
    number: int = 1
    markup: str = ""
    width: int = 0
    is_open: bool = False

    @property
    def text(self) -> str:
        """The lines of the block as one text."""
        return "\n".join(self.lines)


def structure(lines: list[str], html: bool) -> tuple[Block, bool]:
    """The root of the blocks of the lines, and whether they are nested too deeply to be told.

    Indents are spaces; without `html`, tags are words like any others.
    """
    scanner = _Scanner(html)
    return scanner.read(lines), scanner.too_deep


@dataclass
class _Scanner:
    """Reads a text line by line; `open` are the quotes and entries that a line may go on in."""

    html: bool
    root: Block = field(default_factory=lambda: Block("root", 0))
    open: list[Block] = field(default_factory=list)
    leaf: Block | None = None
    too_deep: bool = False
    fence: str = ""
    html_end: str = ""

    def read(self, lines: list[str]) -> Block:
        """The root of the blocks of the lines, which are indented by spaces."""
        self.open = [self.root]
        for number, line in enumerate(lines):
            depth, rest = self._matched(line, number)
            inside = depth == len(self.open)
            if self.leaf and inside and self.leaf.type in ("fence", "html_block"):
                self._verbatim(self.leaf, number, rest)
            elif not rest.strip():
                self._blank(depth)
            else:
                self._line(number, rest, depth)
        _finish(self.root)
        return self.root

    def _matched(self, line: str, number: int) -> tuple[int, str]:
        """How many of the open blocks a line goes on in, and what it has for the last of them."""
        for depth, block in enumerate(self.open[1:], start=1):
            text = line.lstrip(" ")
            indent = len(line) - len(text)
            if block.type == "blockquote":
                quote = QUOTE.match(text)
                if not quote:
                    return depth, line
                line = _expand(text[quote.end() :])
                block.end = number + 1
            elif not text:
                # An entry without text ends with the line after it.
                if not block.children and number > block.first:
                    return depth, line
            elif indent >= block.width:
                line = line[block.width :]
            else:
                return depth, line
        return len(self.open), line

    def _verbatim(self, leaf: Block, number: int, rest: str) -> None:
        """A line of code, or of HTML."""
        if leaf.type == "fence":
            leaf.end = number + 1
            if fence_ends(self.fence, rest):
                leaf.is_open = False
                self.leaf = None
            else:
                leaf.lines.append(_outdent(rest, leaf.width))
            return
        if rest.strip() or self.html_end:
            leaf.lines.append(rest)
            leaf.end = number + 1
        ended = self.html_end in rest.lower() if self.html_end else not rest.strip()
        self.leaf = None if ended else leaf

    def _blank(self, depth: int) -> None:
        if depth < len(self.open):
            self._close(depth)
        elif self.leaf and self.leaf.type == "code_block":
            self.leaf.lines.append("")
        else:
            self.leaf = None

    def _line(self, number: int, rest: str, depth: int) -> None:
        """Open the quotes and entries that a line begins, and take what it has for the last."""
        leaf = self.leaf
        inside = depth == len(self.open)
        # A paragraph goes on even where the marks of its quote or the indent of its entry lack.
        paragraph = leaf if leaf and leaf.type == "paragraph" else None
        while rest:
            text = rest.lstrip(" ")
            indent = len(rest) - len(text)
            goes_on = paragraph if inside else None
            if indent >= CODE_INDENT:
                if not paragraph:
                    self._code(number, rest, depth)
                    return
                break
            if self._single(number, text, indent, depth, goes_on, paragraph):
                return
            opened = self._container(number, text, indent, goes_on)
            if opened and self.open[depth - 1].depth + 2 > MAX_DEPTH:
                self.too_deep = True
            if not opened or self.too_deep:
                break
            self._close(depth)
            block, rest = opened
            self._push(block)
            depth += 1
            leaf = paragraph = None
            inside = True
        if paragraph:
            self._add(paragraph, number, rest)
        elif rest and leaf and leaf.type == "table" and inside:
            self._add(leaf, number, rest)
        elif rest:
            self._close(depth)
            self._add(self._leaf("paragraph", number), number, rest)

    def _code(self, number: int, rest: str, depth: int) -> None:
        leaf = self.leaf if depth == len(self.open) else None
        if not leaf or leaf.type != "code_block":
            self._close(depth)
            leaf = self._leaf("code_block", number)
        leaf.lines.append(rest[CODE_INDENT:])
        leaf.end = number + 1

    def _single(
        self,
        number: int,
        text: str,
        indent: int,
        depth: int,
        goes_on: Block | None,
        paragraph: Block | None,
    ) -> bool:
        """Whether a line is a heading, a rule, or the beginning of code, HTML or a table."""
        if heading := HEADING.match(text):
            self._close(depth)
            block = self._leaf("heading", number, level=len(heading[1]))
            block.lines.append(_without_closing(text[heading.end() :]))
            self.leaf = None
        elif fence := FENCE.match(text):
            self._close(depth)
            leaf = self._leaf("fence", number, width=indent)
            leaf.markup, leaf.is_open = fence[0], True
            self.fence = fence[0]
        elif self.html and (end := html_end(text, bool(paragraph))) is not None:
            self._close(depth)
            self.html_end = end
            self._verbatim(self._leaf("html_block", number), number, " " * indent + text)
        elif not paragraph and DEFINITION.match(text):
            self._close(depth)
            self._leaf("definition", number).lines.append(text)
            self.leaf = None
        elif goes_on and UNDERLINE.match(text):
            goes_on.type, goes_on.level = "heading", 1 if text[0] == "=" else 2
            goes_on.end = number + 1
            self.leaf = None
        elif goes_on and is_table(goes_on.lines[-1], text):
            self._table(goes_on, number, text)
        elif RULE.match(text):
            self._close(depth)
            self._leaf("hr", number)
            self.leaf = None
        else:
            return False
        return True

    def _table(self, paragraph: Block, number: int, text: str) -> None:
        """The last line of a paragraph was a table's head."""
        head = paragraph.lines.pop()
        paragraph.end = number - 1
        if not paragraph.lines:
            self.open[-1].children.remove(paragraph)
        table = self._leaf("table", number - 1)
        table.lines += [head, text]
        table.end = number + 1

    def _container(
        self, number: int, text: str, indent: int, goes_on: Block | None
    ) -> tuple[Block, str] | None:
        """The quote or entry that a line begins, and what follows its mark."""
        if quote := QUOTE.match(text):
            rest = _expand(text[quote.end() :])
            return Block("blockquote", number, number + 1), rest if rest.strip() else ""
        entry = ENTRY.match(text)
        if not entry:
            return None
        mark, after = entry[1], _expand(text[entry.end(1) :])
        rest = after.lstrip(" ")
        digits = mark[:-1]
        if goes_on and (not rest or (digits and int(digits) != 1)):
            return None  # in the middle of a sentence a number begins no list
        spaces = len(after) - len(rest)
        spaces = spaces if rest and spaces <= CODE_INDENT else 1
        block = Block("list_item", number, number + 1, width=indent + len(mark) + spaces)
        block.number, block.markup = int(digits or 1), mark[-1]
        return block, after[spaces:] if rest else ""

    def _push(self, block: Block) -> None:
        parent = self.open[-1]
        block.depth = parent.depth + (1 if block.type == "blockquote" else 2)
        if block.type == "list_item":
            parent = _list_for(block, parent)
        parent.children.append(block)
        self.open.append(block)

    def _leaf(self, kind: str, number: int, level: int = 0, width: int = 0) -> Block:
        self.leaf = Block(kind, number, number + 1, level=level, width=width)
        self.open[-1].children.append(self.leaf)
        return self.leaf

    def _add(self, leaf: Block, number: int, rest: str) -> None:
        leaf.lines.append(rest if leaf.lines else rest.lstrip(" "))
        leaf.end = number + 1

    def _close(self, depth: int) -> None:
        del self.open[depth:]
        self.leaf = None


def _list_for(entry: Block, parent: Block) -> Block:
    """The list that an entry goes on, or a new one."""
    last = parent.children[-1] if parent.children else None
    if last and last.type in LISTS and last.markup == entry.markup:
        return last
    kind = "ordered_list" if entry.markup in ".)" else "bullet_list"
    found = Block(kind, entry.first, entry.end, markup=entry.markup)
    parent.children.append(found)
    return found


def _expand(text: str) -> str:
    """The text with spaces for the tabs that it begins with."""
    rest = text.lstrip(" \t")
    return text[: len(text) - len(rest)].expandtabs(CODE_INDENT) + rest


def _outdent(line: str, width: int) -> str:
    return line[min(width, len(line) - len(line.lstrip(" "))) :]


def _without_closing(heading: str) -> str:
    """The text of a heading without the signs that may close it."""
    text = heading.strip()
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare.endswith(" ") else text


def _finish(block: Block) -> None:
    """Set the end of what holds other blocks, and take off the blank lines that end code."""
    if block.type == "code_block":
        while not block.lines[-1].strip():
            block.lines.pop()
    for child in block.children:
        _finish(child)
        block.end = max(block.end, child.end)
