"""QTI as a tree of plain names: no namespaces, and those of version 3 as they were in version 2."""

from collections.abc import Iterator
from math import isfinite
from xml.etree.ElementTree import Element

from quizapp.formats.mended_xml import MARK
from quizapp.formats.safe_xml import local_name

_VERSION_3 = "qti-"
# Every item of a section has its title as a part of its category.
_MAX_TITLE = 200


def simplify(root: Element) -> Element:
    """The tree with `choiceInteraction` for `qti-choice-interaction`, attributes likewise."""
    for element in root.iter():
        name = local_name(element)
        element.tag = _camel(name.removeprefix(_VERSION_3)) if name.startswith(_VERSION_3) else name
        if any("}" in key or "-" in key for key in element.attrib):
            element.attrib = {
                _camel(key.rpartition("}")[2]): value for key, value in element.attrib.items()
            }
    return root


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def text_of(element: Element | None) -> str:
    """All text in an element, one space apart; nothing for None."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def children(element: Element | None, name: str) -> list[Element]:
    """The direct children of a name."""
    return [] if element is None else element.findall(name)


def within(element: Element, *names: str) -> Iterator[Element]:
    """All elements of these names below an element, in the file's order."""
    return (found for found in element.iter() if found.tag in names)


def is_broken(element: Element) -> bool:
    """Whether its tags had to be guessed."""
    return next(element.iter(MARK), None) is not None


def number_of(text: str | None) -> float | None:
    """A finite number as XML writes it, or with a decimal comma."""
    try:
        value = float((text or "").strip().replace(",", "."))
    except ValueError:
        return None
    return value if isfinite(value) else None


def title_of(element: Element) -> str:
    """The title of a section, short enough to be part of a path."""
    return " ".join(element.get("title", "").split())[:_MAX_TITLE].strip()
