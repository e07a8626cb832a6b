"""A question of a Moodle file: its parts as Markdown, words and numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from math import isfinite
from xml.etree.ElementTree import Element, tostring

from quizapp.formats.amounts import share
from quizapp.formats.fragments import from_auto, from_html, from_html_inline, from_text, to_text
from quizapp.formats.images import with_images
from quizapp.formats.model import Severity
from quizapp.formats.moodle.files import Files
from quizapp.formats.moodle.findings import Findings
from quizapp.formats.moodle.sources import source_of
from quizapp.formats.safe_xml import line_of
from quizapp.formats.text import collapse, normalise

_PERCENT = re.compile(r"-?\d{1,4}(?:[.,]\d{0,20})?")
_LONGEST_NAME = 80
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:[.,]\d{0,40})?|[.,]\d{1,40})(?:[eE][+-]?\d{1,3})?")


class Question:
    """An element `<question>` with what was found in it so far."""

    def __init__(self, element: Element, kind: str, found: Findings) -> None:
        self.element = element
        self.type = kind
        self.found = found
        self.line = line_of(element)
        self.files = Files(element, found)
        text = element.find("questiontext")
        # Older files say no format; answers have that of their question.
        self.format = "" if text is None else text.get("format", "")

    def all(self, *names: str) -> Iterator[Element]:
        """The elements right below the question that have one of these names."""
        return (child for child in self.element if child.tag in names)

    def say(self, element: Element, code: str, severity: Severity = "warning", **args: str) -> None:
        """Something odd about a part of the question."""
        self.found.say(line_of(element), code, severity, **args)

    def value(self, name: str) -> str:
        """The words of a simple element, "" where there is none."""
        return label(self.element.find(name))

    def is_set(self, name: str, default: bool = False) -> bool:
        """What an element says of yes and no; one that stands there empty says yes."""
        element = self.element.find(name)
        if element is None:
            return default
        return raw_text(element).strip().lower() not in ("false", "0", "no")

    def part(self, name: str, quotes: bool = True) -> str:
        """The Markdown of the first element of this name."""
        element = next(self.all(name), None)
        return self.markdown(element, quotes) if element is not None else ""

    def markdown(self, element: Element, quotes: bool = False) -> str:
        """The Markdown of an element, in the format that it says."""
        text = raw_text(element)
        if not text.strip():
            return ""
        if source := source_of(text):
            return source
        place = partial(self.files.place, holder=element)
        match element.get("format", self.format).strip().lower():
            case "html":
                return from_html(text, place, quotes=quotes)
            case "plain_text":
                return from_text(text)
            case "markdown":
                return self._pictured(normalise(text).strip(), element)
            case _:
                return from_auto(text, place, quotes=quotes)

    def _pictured(self, markdown: str, element: Element) -> str:
        """Markdown with the names of its pictures, which the files have already."""
        names = dict[str, bytes]()
        for picture in re.findall(r"@@PLUGINFILE@@/[^\s()<>]{1,300}", markdown):
            if name := self.files.place(picture, element):
                names[picture] = self.found.images[name].data
        return with_images(markdown, names.get)[0] if names else markdown

    def side(self, element: Element) -> str:
        """The Markdown of one side of a pair, on one line."""
        text = raw_text(element)
        return source_of(text) or from_html_inline(text, partial(self.files.place, holder=element))

    def feedback(self, answer: Element) -> str:
        """The Markdown of what is said to an answer."""
        element = answer.find("feedback")
        return self.markdown(element) if element is not None else ""

    def share(self, answer: Element) -> float | None:
        """The fraction that an answer earns, -1..1; None where the file says something else."""
        text = answer.get("fraction", "0").strip() or "0"
        return _share(text)


@lru_cache(maxsize=256)
def _share(text: str) -> float | None:
    return share(text) if _PERCENT.fullmatch(text) else None


def raw_text(element: Element) -> str:
    """The text of an element as it stands in the file, with the tags of unescaped HTML in it."""
    holder = element.find("text")
    if holder is None:
        return element.text or ""
    inside = (tostring(child, "unicode", "html") for child in holder)
    return "".join([holder.text or "", *inside])


def label(element: Element | None) -> str:
    """A plain text such as a name or a tag, on one line."""
    text = collapse(normalise(raw_text(element))) if element is not None else ""
    return to_text(text) if "</" in text else text


def words(element: Element | None) -> str:
    """The words of an element with HTML, on one line."""
    return to_text(raw_text(element)) if element is not None else ""


def number(text: str) -> float | None:
    """A number as Moodle writes it; a comma is a decimal one."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if isfinite(value) else None


def made_name(question: Element) -> str:
    """What a question is called that has no name of its own: its id and its first words."""
    shown = f"{label(question.find('idnumber'))} {words(question.find('questiontext'))}"
    return shown[:_LONGEST_NAME].strip()
