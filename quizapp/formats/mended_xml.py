"""XML that a program wrote with faults, mended where it is plain what was meant.

Mended are the declaration, entities that only HTML knows, a bare `&` or `<`, old encodings and
end tags. Where an end tag had to be guessed, an element `MARK` stands in the tree: what holds it
may not be as its author meant it, and readers leave such a question out.
"""

import re
from collections import Counter
from html.entities import html5
from xml.etree.ElementTree import Element

from quizapp.formats.decoding import decode
from quizapp.formats.model import Problem, Unreadable
from quizapp.formats.safe_xml import parse_xml

MARK = "mended-here"

_DECLARATION = re.compile(r"\s*(?:<\?xml[^<>]{0,200}>)?")
_START = re.compile(r"""<([A-Za-z_][\w:.-]*)(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>""")
_END = re.compile(r"</([A-Za-z_][\w:.-]*)\s*>")
_ENTITY = re.compile(r"&(?:(#\d{1,7};|#x[0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)|(\w{1,32};))?")
# What is copied as it is, up to its end; a document type too, so that it is refused.
_ASIDE = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "<!": ">"}


def parse_mended(data: bytes) -> tuple[Element, list[Problem]] | Problem:
    """The tree of an XML file and what was mended in it, or why it is not read."""
    root = parse_xml(data)
    if not isinstance(root, Problem):
        return root, []
    decoded = decode("", data) if root.code == "xml-invalid" else None
    if decoded is None or isinstance(decoded, Unreadable):
        return root
    text, problems = decoded
    again = parse_xml(_Mender(text).mend().encode())
    if isinstance(again, Problem):
        return again if again.code != "xml-invalid" else root
    if not problems:
        problems = [Problem(root.line, root.column, "warning", "xml-mended")]
    return again, problems


class _Mender:
    """Copies a text as XML and keeps the open elements in mind."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.open: list[str] = []
        self.names: Counter[str] = Counter()
        # Ends that do not come any more: looking for them again takes too long.
        self.missing: set[str] = set()

    def mend(self) -> str:
        """The text as XML without a declaration, each line where it was."""
        declaration = _DECLARATION.match(self.text)
        place = declaration.end() if declaration else 0
        self.out.append("\n" * self.text.count("\n", 0, place))
        while (sign := self.text.find("<", place)) >= 0:
            self.out.append(_ENTITY.sub(_entity, self.text[place:sign]))
            place = self._take(sign)
        self.out.append(_ENTITY.sub(_entity, self.text[place:]) if self.open else "")
        self._close(len(self.open))
        return "".join(self.out)

    def _take(self, place: int) -> int:
        """Copy what begins with a `<`; where it ends."""
        for mark, end in _ASIDE.items():
            if self.text.startswith(mark, place):
                return self._copy(place, end)
        if tag := _START.match(self.text, place):
            if not tag[0].endswith("/>"):
                self.open.append(tag[1])
                self.names[tag[1]] += 1
            self.out.append(_ENTITY.sub(_entity, tag[0]))
            return tag.end()
        if tag := _END.match(self.text, place):
            self._end(tag[1])
            return tag.end()
        self.out.append("&lt;")
        return place + 1

    def _copy(self, place: int, end: str) -> int:
        found = -1 if end in self.missing else self.text.find(end, place)
        if found < 0:
            self.missing.add(end)
            self.out.append("&lt;")
            return place + 1
        self.out.append(self.text[place : found + len(end)])
        return found + len(end)

    def _end(self, name: str) -> None:
        if not self.names[name]:
            self.out.append(f"<{MARK}/>" if self.open else "")
            return
        while self.open[-1] != name:
            self._close(1)
        self.names[self.open.pop()] -= 1
        self.out.append(f"</{name}>")

    def _close(self, count: int) -> None:
        """Close elements whose end is missing."""
        for _ in range(count):
            name = self.open.pop()
            self.names[name] -= 1
            self.out.append(f"<{MARK}/></{name}>")


def _entity(match: re.Match[str]) -> str:
    known, named = match.groups()
    if known:
        return match[0]
    characters = html5.get(named or "", "")
    if not characters:
        return f"&amp;{named or ''}"
    return "".join(f"&#{ord(character)};" for character in characters)
