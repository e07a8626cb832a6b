"""Elements as plain text: every word that a reader sees, a block a line."""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import nh3

from quizapp.formats.elements import LINE
from quizapp.formats.inline import RAW
from quizapp.formats.text import PLACEHOLDER

# The attribute of an entry that keeps its mark, "2." or "b)"; sanitising takes it off.
MARK = "mark"

_BREAK_TAG = re.compile(r"<br\b", re.IGNORECASE)


def plain(element: Element, marks: bool = True) -> str:
    """The text below an element; without marks, without the numbers and bullets of lists."""
    return "\n".join(_lines(element, marks)).replace(PLACEHOLDER, "<")


def substance(element: Element) -> str:
    """What a hash covers: the words below an element, and the names of the pictures there."""
    pictures = (image.get("src", "") for image in element.iter("img"))
    return " ".join((plain(element, marks=False), *pictures))


def _lines(element: Element, marks: bool) -> Iterator[str]:
    for child in element:
        if child.tag in ("p", LINE):
            yield from inline(child).split("\n")
        elif child.tag == "li":
            yield from _entry(child, marks)
        elif child.tag == "pre":
            yield from "".join(child.itertext()).rstrip("\n").split("\n")
        elif child.tag == RAW:
            yield from filter(
                None, map(str.strip, _without_tags(child.get("source", "")).split("\n"))
            )
        elif child.tag == "tr":
            yield " | ".join(map(inline, child))
        else:
            yield from _lines(child, marks)


def _entry(item: Element, marks: bool) -> Iterator[str]:
    mark = item.get(MARK, "-") + " " if marks else ""
    lines = list(_lines(item, marks)) or [""]
    yield (mark + lines[0]).rstrip()
    for line in lines[1:]:
        yield "  " + line if marks else line


def inline(element: Element) -> str:
    """The text of a paragraph or heading; a link's target follows it where it says more."""
    parts = [_joined(element.text)]
    for child in element:
        parts.append(_inline(child))
        tail = _joined(child.tail)
        parts.append(tail.lstrip(" ") if parts[-1] == "\n" else tail)
    return "".join(parts)


def _inline(element: Element) -> str:
    if element.tag == "br":
        return "\n"
    if element.tag == RAW:
        return "\n" if _BREAK_TAG.match(element.get("source", "")) else ""
    if element.tag == "img":
        return element.get("alt", "")
    if element.tag == "a":
        return _link(inline(element), element.get("href", ""), element.get("title", ""))
    return inline(element)


def _joined(text: str | None) -> str:
    """The lines of a paragraph as one: a line break of the source is none on the page."""
    return (text or "").replace("\n", " ")


def _link(text: str, href: str, title: str) -> str:
    target = unquote(href.removeprefix("mailto:"))
    said = href.startswith("tel:") or target.removeprefix("https://") in (text, text.strip("/"))
    more = ", ".join(part for part in ("" if said or target == text else target, title) if part)
    return f"{text} ({more})" if more else text


def _without_tags(source: str) -> str:
    return html.unescape(nh3.clean(source, tags=set()))
