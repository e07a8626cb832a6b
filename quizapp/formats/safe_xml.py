"""XML as trees whose elements know their line; no file makes the parser look elsewhere."""

import re
from typing import cast
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from quizapp.formats.model import Problem

MAX_BYTES = 25 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 500_000
# Those of one tag are all in memory before anybody can count them.
MAX_ATTRIBUTES = 500_000

_SAYS_UTF_16 = re.compile(
    rb"""(?:\xef\xbb\xbf)?<\?xml[^>]{1,99}encoding=["']utf-16""", re.IGNORECASE
)


class _Placed(Element):
    """An element that knows the line of its opening tag."""

    __slots__ = ("line",)
    line: int


class _TooLarge(Exception):
    """There is more in the file than will be read."""


class _Builder:
    """Builds the tree as expat finds it, and counts."""

    def __init__(self) -> None:
        self.tree = TreeBuilder(element_factory=_Placed)
        self.data = self.tree.data
        self.depth = 0
        self.count = 0
        # Set when there is one: parser and target know each other.
        self.parser: XMLParser | None = None

    @property
    def line(self) -> int:
        return self.parser.parser.CurrentLineNumber if self.parser else 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise _TooLarge
        cast(_Placed, self.tree.start(tag, attributes)).line = self.line

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.tree.end(tag)

    def close(self) -> Element:
        return self.tree.close()


def parse_xml(data: bytes) -> Element | Problem:
    """The root element of an XML file, or the reason why it is not read.

    Limits: 25 MB, 100 levels, 500,000 elements and attributes; no document type, no entities of
    the file's own.
    """
    if len(data) > MAX_BYTES or data.count(b"=") > MAX_ATTRIBUTES:
        return Problem(1, 1, "error", "xml-too-large")
    builder = _Builder()
    # A file that was decoded on the way here may still say what it was before.
    encoding = "utf-8" if _SAYS_UTF_16.match(data) else None
    parser = builder.parser = XMLParser(target=builder, encoding=encoding, forbid_dtd=True)
    try:
        # All at once: fed by pieces, expat reads a long token again for each piece.
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        line, column = error.position
        return Problem(max(line, 1), column + 1, "error", "xml-invalid")
    except DefusedXmlException:
        return Problem(builder.line, 1, "error", "xml-dtd")
    except _TooLarge:
        return Problem(builder.line, 1, "error", "xml-too-large")
    except (LookupError, ValueError):  # an encoding that is none, or has more than single bytes
        return Problem(1, 1, "error", "xml-invalid")
    return root


def line_of(element: Element) -> int:
    """The line of the source on which an element begins; 1 for one that comes from no file."""
    return element.line if isinstance(element, _Placed) else 1


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
