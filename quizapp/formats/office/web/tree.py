"""HTML of any quality becomes a tree, in time that grows with its length and no more.

The rules are those of browsers, as far as they matter for text: an unfinished tag or comment ends
with the file, end tags that are missing are supplied, those that close nothing are passed over.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_TAGS = 200_000
# Deeper elements are not opened, what they hold stands in those around them.
MAX_DEPTH = 120

VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
    *("source", "track", "wbr"),
}
_RAW = {"script", "style", "title", "textarea", "noscript", "template", "svg"}
_ATTRIBUTES = {
    *("alt", "aria-hidden", "checked", "class", "colspan", "data-src", "hidden", "href", "id"),
    *("name", "role", "rowspan", "src", "start", "style", "title", "type", "value"),
}
# Before these a paragraph ends.
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "center", "details", "dir", "div", "dl"),
    *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("header", "hr", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "ul"),
}
# A new element ends open ones of these names, unless it stands in one of the others.
_ENDS = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    **dict.fromkeys(("dt", "dd"), ({"dt", "dd"}, {"dl"})),
    **dict.fromkeys(("td", "th"), ({"td", "th"}, {"tr", "table"})),
    "tr": ({"tr", "td", "th"}, {"table"}),
    **dict.fromkeys(
        ("thead", "tbody", "tfoot"),
        ({"thead", "tbody", "tfoot", "caption", "tr", "td", "th"}, {"table"}),
    ),
}
_WALLS = {"table", "td", "th", "caption", "button"}
# What tells where the content is: no part that holds one of these is mere frame.
_CONTENT = {"main", "article", "h1"}
_MAX_WALK = 40

_MARK = re.compile(r"<(?:(?P<close>/?)(?P<name>[A-Za-z][^\s/>]{0,40})|(?P<comment>!--)|[!?/])")
_ATTRIBUTE = re.compile(r"[\s/]*(?:(?P<end>>)|(?P<name>[^\s/>][^\s/>=]*)(?P<equals>\s*=\s*)?)")
_UNQUOTED = re.compile(r"[^\s>]*")


@dataclass(eq=False, slots=True)
class Node:
    """An element; `holds` says that the main content, or a part of it, stands in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)
    holds: bool = False

    def get(self, name: str) -> str:
        """An attribute; "" where there is none."""
        return self.attributes.get(name, "")

    def walk(self) -> Iterator["Node"]:
        """This element and all below it, in the order of the page."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += [child for child in reversed(node.children) if isinstance(child, Node)]

    def outermost(self, name: str) -> list["Node"]:
        """The elements of this name, or with this role, that stand in no other of them."""
        found: list[Node] = []
        stack = [self]
        while stack:
            node = stack.pop()
            if node.name == name or node.get("role") == name:
                found.append(node)
            else:
                stack += [child for child in reversed(node.children) if isinstance(child, Node)]
        return found

    def words(self) -> Iterator[str]:
        """All that is said below the element, piece by piece."""
        stack: list[Node | str] = [self]
        while stack:
            part = stack.pop()
            if isinstance(part, str):
                yield part
            else:
                stack += reversed(part.children)

    @property
    def text(self) -> str:
        """All the words below the element."""
        return " ".join("".join(self.words()).split())

    def says_more_than(self, count: int) -> bool:
        """Whether there are more than so many characters of words below the element."""
        for part in self.words():
            count -= len(part.strip())
            if count < 0:
                return True
        return False


class TooLong(Exception):
    """There is more in the page than will be read."""


def parse(source: str) -> Node:
    """The tree of a page. Raises TooLong."""
    builder = _Builder()
    place, count = 0, 0
    while match := _MARK.search(source, place):
        builder.text(source[place : match.start()])
        count += 1
        if count > MAX_TAGS:
            raise TooLong
        name = (match["name"] or "").lower()
        if match["comment"]:
            place = _after(source, "-->", match.end())
        elif not name:
            place = _after(source, ">", match.end())
        else:
            attributes, place = _attributes(source, match.end())
            if match["close"]:
                builder.end(name)
            else:
                inner = ""
                if name in _RAW:
                    inner, place = _raw(source, name, place)
                builder.start(name, attributes, inner)
    builder.text(source[place:])
    return builder.root


def _after(source: str, sign: str, place: int) -> int:
    found = source.find(sign, place)
    return len(source) if found < 0 else found + len(sign)


def _attributes(source: str, place: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag that are of use, and where the tag ends."""
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(source, place):
        place = match.end()
        if match["end"]:
            return found, place
        value = ""
        if match["equals"]:
            quote = source[place : place + 1]
            if quote in ("'", '"') and quote:
                end = source.find(quote, place + 1)
                end = len(source) if end < 0 else end
                value, place = source[place + 1 : end], end + 1
            else:
                unquoted = _UNQUOTED.match(source, place)
                value = unquoted[0] if unquoted else ""
                place += len(value)
        name = match["name"].lower()
        if name in _ATTRIBUTES and name not in found:
            found[name] = html.unescape(value)
    return found, len(source)


def _raw(source: str, name: str, place: int) -> tuple[str, int]:
    """What stands in an element whose content is no HTML, and where its end tag begins."""
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, place)
    stop = end.start() if end else len(source)
    return source[place:stop], stop


class _Builder:
    """Puts elements where they belong; `open` are those that have not ended."""

    def __init__(self) -> None:
        self.root = Node("root")
        self.open = [self.root]
        self.counts: Counter[str] = Counter()
        self.unopened: Counter[str] = Counter()

    def text(self, text: str) -> None:
        """Add words."""
        if text:
            self.open[-1].children.append(html.unescape(text) if "&" in text else text)

    def start(self, name: str, attributes: dict[str, str], inner: str) -> None:
        """Open an element, after those that it ends."""
        if name in _ENDS:
            self._end_others(*_ENDS[name])
        elif name in _BLOCKS and self.counts["p"]:
            self._end_others({"p"}, _WALLS)
        node = Node(name, attributes)
        self.open[-1].children.append(node)
        if name in _CONTENT or attributes.get("role") == "main":
            for around in reversed(self.open):
                if around.holds:
                    break
                around.holds = True
            node.holds = True
        if name == "title":
            node.children.append(html.unescape(inner))
        if name in VOID:
            return
        if len(self.open) > MAX_DEPTH:
            self.unopened[name] += 1
            return
        self.open.append(node)
        self.counts[name] += 1

    def end(self, name: str) -> None:
        """Close the innermost element of this name, and those in it."""
        if self.unopened[name]:
            self.unopened[name] -= 1
            return
        if not self.counts[name]:
            return
        walls = set() if name in _WALLS or name in ("tr", "tbody", "thead", "tfoot") else _WALLS
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].name == name:
                self._close(place)
                return
            if self.open[place].name in walls:
                return

    def _end_others(self, names: set[str], walls: set[str]) -> None:
        lowest = 0
        for place in range(len(self.open) - 1, max(0, len(self.open) - _MAX_WALK), -1):
            if self.open[place].name in walls:
                break
            if self.open[place].name in names:
                lowest = place
        if lowest:
            self._close(lowest)

    def _close(self, place: int) -> None:
        for node in self.open[place:]:
            self.counts[node.name] -= 1
        del self.open[place:]
