"""Links as they are written, and addresses and phone numbers in running text."""

import html
import re
from abc import abstractmethod
from re import Match
from urllib.parse import quote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor, UnescapeTreeprocessor
from markdown.util import AtomicString

from quizapp.formats.images import FOLDER, NAME
from quizapp.formats.marks import DEFINITION, TITLE

# Every alternative begins with a literal or is bounded, so that no line costs more than its length.
_LINK = re.compile(
    r"(?<![\w@/.+-])(?:"
    r"(?P<url>https?://[^\s<>\"'“”]+)"
    r"|(?P<www>(?:www\.|t\.me/|wa\.me/)[^\s<>\"'“”]+)"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"
    r"|(?P<free>0[3589]00[ .-]?\d{3}[ .-]?\d{4}(?!\d))"
    r"|(?P<phone>(?:\+55 ?)?\(0?\d\d\) ?(?:9[ .]?)?\d{4}[ .-]?\d{4}(?!\d))"
    r"|(?P<abroad>\+55 ?\d\d ?(?:9[ .]?)?\d{4}[ .-]?\d{4}(?!\d))"
    r")"
)
_TRAILING = ".,;:!?)]}*_"
_LABEL = r"(?P<label>[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*){0,20})\]"
_BARE = r"[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*"
_AFTER = (
    rf"(?:\(\s*(?:<(?P<angle>[^<>\n]*)>|(?P<bare>{_BARE}))(?:\s+{TITLE})?\s*(?P<end>\))"
    r"|\[(?P<ref>[^\[\]]*)(?P<ref_end>\]))?"
)
# Only the bracket is taken, so that where it opens no link the next one is looked at.
_WRITTEN = rf"\[(?={_LABEL}{_AFTER})"
_ADDRESS = (
    r"<(?:(?P<url>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)|(?P<mail>[\w.+-]{1,64}@[\w.-]{1,250}))>"
)
# Where pages find the pictures that texts name.
PICTURES = "/images/"
_HARMFUL = re.compile(r"\s*(?:javascript|vbscript|file|data):", re.IGNORECASE)
_SAFE = "!#$%&'()*+,/:;=?@[]~"

# A link's target and title, by its name.
References = dict[str, tuple[str, str]]
_Found = tuple[Element | str | None, int | None, int | None]


class _Written(InlineProcessor):
    """`[text](target "title")`, or a name that is defined elsewhere in the document."""

    def __init__(self, md: Markdown, before: str = "") -> None:
        super().__init__(before + _WRITTEN, md)
        self.unescaped = UnescapeTreeprocessor(md).unescape

    def handleMatch(self, m: Match[str], data: str) -> _Found:  # type: ignore[override]
        """The link, or nothing where no target is given, or a harmful one."""
        found = self._target(m, data)
        if not found or _HARMFUL.match(found[0]):
            return None, None, None
        target, title, end = found
        return self._link(m["label"], target, title), m.start(), end

    def _target(self, m: Match[str], data: str) -> tuple[str, str, int] | None:
        if m["end"]:
            target = m["angle"] if m["angle"] is not None else m["bare"]
            title = m["double"] or m["single"] or m["round"] or ""
            return self._plain(target), self._plain(title), m.end("end")
        if data[m.start() - 1 : m.start()] == "]":
            return None  # the name of what stands before it
        names: References = self.md.references
        found = names.get(_name(self._plain(m["ref"] or m["label"])))
        end = m.end("ref_end") if m["ref_end"] else m.end("label") + 1
        return (*found, end) if found else None

    def _plain(self, text: str) -> str:
        return html.unescape(self.unescaped(self.unescape(text)))

    @abstractmethod
    def _link(self, label: str, target: str, title: str) -> Element | str:
        """What is shown for a link of this kind."""


class Links(_Written):
    """A link; what stands in its text is read on."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        super().__init__(md, r"(?<!!)")

    def _link(self, label: str, target: str, title: str) -> Element:
        link = element_of(target, label)
        link.text = label
        if title:
            link.set("title", title)
        return link


class Images(_Written):
    """A picture of ours; any other is a link with its description: none comes from elsewhere."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md, "!")

    def _link(self, label: str, target: str, title: str) -> Element | str:
        if NAME.fullmatch(target):
            source = PICTURES + target.removeprefix(f"{FOLDER}/")
            return Element("img", src=source, alt=self.unescape(label), loading="lazy")
        link = element_of(target, self.unescape(label) or target)
        inline = self.md.treeprocessors["inline"]
        return str(link.text) if "a" in getattr(inline, "ancestors", ()) else link


class Autolinks(InlineProcessor):
    """An address between angle brackets."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        super().__init__(_ADDRESS, md)

    def handleMatch(self, m: Match[str], data: str) -> _Found:  # type: ignore[override]
        """The link, unless it could harm."""
        address = self.unescape(m["url"] or m["mail"])
        if _HARMFUL.match(address):
            return None, None, None
        return element_of(address if m["url"] else f"mailto:{address}", address), m.start(), m.end()


class Addresses(Treeprocessor):
    """Puts a link around every address in text that stands in no link yet."""

    def run(self, root: Element) -> None:
        """Look at all texts but those of links and code."""
        for element in list(root.iter()):
            if element.tag in ("a", "code"):
                continue
            children: list[Element] = []
            for child in list(element):
                children.append(child)
                if child.tail:
                    child.tail, links = _split(child.tail)
                    children += links
            if element.text:
                element.text, links = _split(element.text)
                children[:0] = links
            if len(children) > len(element):
                element[:] = children


def define(definition: str, found: References) -> None:
    """Add the link that a line defines to those found, unless its name is taken."""
    if match := DEFINITION.match(definition):
        title = match["double"] or match["single"] or match["round"] or ""
        target = match["angle"] if match["angle"] is not None else match["bare"]
        found.setdefault(_name(match["label"]), (_as_read(target), _as_read(title)))


def _as_read(text: str) -> str:
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))


def _name(label: str) -> str:
    return " ".join(label.split()).casefold()


def element_of(target: str, text: str) -> Element:
    """The element of a link."""
    link = Element("a", href=quote(target, safe=_SAFE))
    link.text = AtomicString(text)
    return link


def address_of(text: str) -> str | None:
    """The target that the renderer finds in a text that is nothing but an address or number."""
    match = _LINK.fullmatch(text)
    return _target(str(match.lastgroup), text) if match else None


def _split(text: str) -> tuple[str, list[Element]]:
    """The text before the first address, and the links with the text after each."""
    links: list[Element] = []
    before, end = "", 0
    for match in _LINK.finditer(text):
        address = match[0] if match["phone"] or match["free"] else match[0].rstrip(_TRAILING)
        between = text[end : match.start()]
        if links:
            links[-1].tail = between
        else:
            before = between
        links.append(element_of(_target(str(match.lastgroup), address), address))
        end = match.start() + len(address)
    if not links:
        return text, []
    links[-1].tail = text[end:]
    return before, links


def _target(kind: str, address: str) -> str:
    if kind == "url":
        return address
    if kind == "www":
        return "https://" + address
    if kind == "mail":
        return "mailto:" + address
    digits = re.sub(r"\D", "", address)
    if kind == "free":
        return "tel:" + digits
    return "tel:+55" + digits.removeprefix("55" if address.startswith("+") else "0")
