"""Our HTML as elements that QTI 2.1 allows in its bodies."""

from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

from quizapp.formats.images import FOLDER
from quizapp.formats.links import PICTURES

_BLOCKS = "blockquote dd div dl dt hr li ol p pre ul caption table tbody td tfoot th thead tr"
_WORDS = "a abbr b br cite code em i img kbd q samp small span strong sub sup var"
_KEPT = frozenset(f"{_BLOCKS} {_WORDS}".split())
# What shows nearly the same.
_INSTEAD = {"details": "div", "summary": "p", "mark": "em", "ins": "em", "u": "em"}
_EMPTY = frozenset({"br", "hr", "img"})
_ATTRIBUTES = {"a": ("href",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan")}


def fill(element: Element, html: str) -> None:
    """Add what HTML shows to an element."""
    _Builder(element).feed(html)


class _Builder(HTMLParser):
    """Builds elements from HTML that is known to be well formed."""

    def __init__(self, element: Element) -> None:
        super().__init__()
        self.open = [element]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        name = tag if tag in _KEPT else _INSTEAD.get(tag, "span")
        element = SubElement(self.open[-1], name)
        if name == "img":
            source = values.get("src", "")
            if source.startswith(PICTURES):
                source = f"{FOLDER}/{source.removeprefix(PICTURES)}"
            element.attrib = {"src": source, "alt": values.get("alt", "")}
        for key in _ATTRIBUTES.get(name, ()):
            if key in values:
                element.set(key, values[key])
        if name not in _EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        parent = self.open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data
