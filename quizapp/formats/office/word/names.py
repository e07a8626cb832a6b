"""Names in WordprocessingML, which has two namespaces for the same words."""

from functools import lru_cache
from xml.etree.ElementTree import Element

RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
_OFF = ("0", "false", "off", "none")


@lru_cache(maxsize=2048)
def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def child(element: Element | None, *path: str) -> Element | None:
    """The first element below, by local names from level to level."""
    for name in path:
        if element is None:
            return None
        element = next((found for found in element if local(found.tag) == name), None)
    return element


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """An attribute in the element's own namespace, or in none."""
    if element is None:
        return default
    space = element.tag[: element.tag.rfind("}") + 1]
    return element.get(space + name, element.get(name, default))


def value(element: Element | None, *path: str) -> str:
    """The `val` of the element below; "" where there is none."""
    return attribute(child(element, *path), "val")


def number(text: str, default: int = 0) -> int:
    """A whole number as Word writes it, cut to what fits a page."""
    digits = text.removeprefix("-").partition(".")[0]
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 9:
        return default
    return -int(digits) if text.startswith("-") else int(digits)


def switch(element: Element | None, name: str) -> bool | None:
    """Whether a property is on; None where nothing is said about it."""
    found = child(element, name)
    return None if found is None else attribute(found, "val", "1").lower() not in _OFF


def relation(element: Element, name: str) -> str:
    """The id of a relationship that an attribute names."""
    return next(
        (element.get(space + name, "") for space in RELATIONS if element.get(space + name)), ""
    )
