"""Blocks become the elements of a page, what is inside them still to be read."""

import re
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.tables import TableProcessor
from markdown.util import AtomicString

from quizapp.formats.inline import RAW, SPECIAL
from quizapp.formats.structure import LISTS, Block

# A paragraph of its own that is shown as a mere line; sanitising takes the element off.
LINE = "x-line"

_BOX = re.compile(r"\[([ xX]?)\]\s+(?=\S)")
_TABLE_TAGS = {"table", "thead", "tbody", "tr"}
_CONTAINERS = {"blockquote", "ul", "ol", *_TABLE_TAGS}
# Longer than any paragraph, or fuller of marks: such a text stays as it is.
_MAX_LENGTH = 20_000
_MAX_MARKS = 600
_MARKS = re.compile(r"\*+|_+|~+|`+|[\\\[<&]")
_MAX_CELLS = 50_000


def build(root: Block, md: Markdown) -> dict[Block, Element]:
    """The elements of the blocks; the root's holds all others."""
    builder = _Builder(TableProcessor(md.parser, {"use_align_attribute": True}))
    page = builder.elements[root] = Element("div")
    for child in root.children:
        builder.add(child, page, "p")
    return builder.elements


class _Builder:
    def __init__(self, tables: TableProcessor) -> None:
        self.tables = tables
        self.elements: dict[Block, Element] = {}

    def add(self, block: Block, parent: Element, paragraph: str) -> None:
        """Add a block to its parent's element; `paragraph` is what paragraphs become there."""
        if block.type in LISTS:
            self._add_list(block, parent)
        elif block.type == "blockquote":
            quote = self.elements[block] = SubElement(parent, "blockquote")
            for child in block.children:
                self.add(child, quote, "p")
        elif block.type == "table":
            self._add_table(block, parent)
        else:
            self.elements[block] = _leaf(block, parent, paragraph)

    def _add_list(self, block: Block, parent: Element) -> None:
        found = self.elements[block] = SubElement(
            parent, "ol" if block.type == "ordered_list" else "ul"
        )
        paragraph = LINE if _is_tight(block) else "p"
        for entry in block.children:
            item = self.elements[entry] = SubElement(found, "li")
            for child in entry.children:
                if child.type == "paragraph":
                    child.lines[0] = _with_box(child.lines[0])
                self.add(child, item, paragraph)

    def _add_table(self, block: Block, parent: Element) -> None:
        columns = block.lines[0].count("|") + 1
        if columns * len(block.lines) > _MAX_CELLS or not self.tables.test(parent, block.text):
            self.elements[block] = _leaf(block, parent, "p")
            return
        self.tables.run(parent, [block.text])
        table = self.elements[block] = parent[-1]
        for cell in table.iter():
            cell.text = readable(cell.text or "")
        if len(block.lines) == 2:
            table.remove(table[1])


def _is_tight(block: Block) -> bool:
    """Whether no blank line stands between the entries of a list, or between the blocks of one."""
    families = [block.children, *(entry.children for entry in block.children)]
    return all(
        after.first <= before.end for family in families for before, after in pairwise(family)
    )


def _with_box(line: str) -> str:
    """The line with a sign in the place of a task's box."""
    box = _BOX.match(line)
    return ("☑ " if box[1].strip() else "☐ ") + line[box.end() :] if box else line


def _leaf(block: Block, parent: Element, paragraph: str) -> Element:
    if block.type == "hr":
        return SubElement(parent, "hr")
    if block.type == "html_block":
        return SubElement(parent, RAW, source=block.text)
    if block.type in ("fence", "code_block"):
        element = SubElement(parent, "pre")
        SubElement(element, "code").text = AtomicString(
            "".join(f"{line}\n" for line in block.lines)
        )
        return element
    element = SubElement(parent, "p" if block.type == "heading" else paragraph)
    if block.type == "heading":
        # Inside of a quote or an entry it opens no section.
        element.set("class", "heading")
    text = "\n".join(line.lstrip() for line in block.lines).rstrip()
    element.text = AtomicString(text) if block.type == "literal" else readable(text)
    return element


def readable(text: str) -> str:
    """The text, marked as finished where there is nothing to be read in it, or too much."""
    if not SPECIAL.search(text):
        return AtomicString(text)
    too_long = len(text) > _MAX_LENGTH or len(_MARKS.findall(text)) > _MAX_MARKS
    return AtomicString(text) if too_long else text


def lay_out(root: Element) -> None:
    """Put every block on a line of its own."""
    for element in root.iter():
        if element.tag == "li":
            starts_with_line = len(element) and element[0].tag == LINE
            element.text = None if starts_with_line or not len(element) else "\n"
            for child in element:
                child.tail = "\n"
            if len(element) and element[-1].tag == LINE:
                element[-1].tail = None
        elif element.tag in _CONTAINERS:
            element.text = "\n"
            for child in element:
                child.tail = "\n"
