"""Markdown becomes blocks and the elements that they are shown as.

The blocks are found by our own rules, what is inside them by Python-Markdown.
"""

import re
import threading
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown

from quizapp.formats.elements import LINE, build, lay_out, readable
from quizapp.formats.inline import Inline
from quizapp.formats.links import References, define
from quizapp.formats.lists import prepare
from quizapp.formats.marks import TAGS
from quizapp.formats.structure import Block, structure
from quizapp.formats.text import PLACEHOLDER, without_signs

_GAP = re.compile(
    rf"\\.|<(?=/?[A-Z])(?!/?(?:{TAGS})[\s/>])(?=/?[A-Z][A-Z0-9-]*[\s/>])",
    re.IGNORECASE,
)
# Those that nothing but their own end closes: the time to sanitise them grows with their depth.
_NESTING_TAG = re.compile(
    r"<(/?)(?:a|abbr|b|blockquote|center|cite|code|del|details|div|dl|em|font|i|ins|kbd|mark|ol|pre|q"
    r"|s|samp|small|span|strong|sub|summary|sup|table|u|ul|var)\b",
    re.IGNORECASE,
)
_MAX_TAG_DEPTH = 200


@dataclass(frozen=True)
class Blocks:
    """A parsed text: its blocks and their elements, the letters of lettered entries by their
    line, and whether the text was too deep to be parsed."""

    root: Block
    elements: dict[Block, Element]
    letters: dict[int, str] = field(default_factory=dict)
    too_deep: bool = False

    @property
    def page(self) -> Element:
        """The element that holds all others."""
        return self.elements[self.root]


class _Parsers(threading.local):
    """Python-Markdown keeps what it reads in itself: every thread has its own."""

    def __init__(self) -> None:
        self.plain = Markdown(extensions=[Inline(with_tags=False)])
        self.with_html = Markdown(extensions=[Inline(with_tags=True)])


_parsers = _Parsers()


def parse(source: str, html: bool = False, references: References | None = None) -> Blocks:
    """The blocks of a text; `references` are the link definitions of the document around it."""
    references = {} if references is None else references
    root, letters, too_deep = _read(source, html)
    if too_deep or (html and _has_deep_tags(source)):
        root, letters = _literal(source), {}
        return Blocks(root, _elements(root, html, references), letters, too_deep=True)
    _define(root, references)
    return Blocks(root, _elements(root, html, references), letters)


def parse_inline(source: str, html: bool = False) -> Element:
    """The element of one line of text, in which nothing is a block."""
    text = re.sub(r"\n[ \t]+", "\n", without_signs(source).strip())
    page = Element("div")
    line = SubElement(page, LINE)
    line.text = readable(_keep_gaps(text) if html else text)
    for processor in _parser(html, {}).treeprocessors:
        processor.run(page)
    return page


def outline(source: str, html: bool = False) -> tuple[Block, References]:
    """The blocks of a document, their text left alone, and its link definitions."""
    root, _, _ = _read(source, html)
    references: References = {}
    if html:
        _define(root, references)
    return root, references


def closed(text: str) -> str:
    """The text with an end for the code that begins in it and does not end."""
    if "```" not in text and "~~~" not in text:
        return text
    root, _ = outline(text)
    last = root.children[-1] if root.children else root
    return f"{text}\n{last.markup}" if last.type == "fence" and last.is_open else text


def _read(source: str, html: bool) -> tuple[Block, dict[int, str], bool]:
    source = without_signs(source)
    prepared, letters = prepare(_keep_gaps(source) if html else source)
    root, too_deep = structure(prepared.split("\n"), html)
    return root, letters, too_deep


def _has_deep_tags(source: str) -> bool:
    """Whether more tags stand in each other, or are left open, than any page means."""
    if source.count("<") <= _MAX_TAG_DEPTH:
        return False
    depth = 0
    for tag in _NESTING_TAG.finditer(source):
        depth = max(depth + (-1 if tag[1] else 1), 0)
        if depth > _MAX_TAG_DEPTH:
            return True
    return False


def _keep_gaps(source: str) -> str:
    """The source with a sign of ours for the `<` of what is no tag; an escaped one is none."""
    return _GAP.sub(lambda match: match[0] if match[0][0] == "\\" else PLACEHOLDER, source)


def _literal(source: str) -> Block:
    """The lines of a text, of which none is more than words."""
    root = Block("root", 0)
    for paragraph in re.split(r"\n\s*\n", source.strip()):
        root.children.append(Block("literal", 0, lines=paragraph.split("\n")))
    return root


def _define(block: Block, references: References) -> None:
    """Take the definitions of links out of a block."""
    for child in block.children:
        _define(child, references)
        if child.type == "definition":
            define(child.text, references)
    block.children = [child for child in block.children if child.type != "definition"]


def _elements(root: Block, html: bool, references: References) -> dict[Block, Element]:
    parser = _parser(html, references)
    elements = build(root, parser)
    for processor in parser.treeprocessors:
        processor.run(elements[root])
    lay_out(elements[root])
    return elements


def _parser(html: bool, references: References) -> Markdown:
    parser = _parsers.with_html if html else _parsers.plain
    parser.references = {}  # reset() empties them, and those of a document serve many sections
    parser.reset()
    parser.references = references
    return parser
