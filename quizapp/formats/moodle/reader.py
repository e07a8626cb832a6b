"""Not there yet."""

from xml.etree.ElementTree import Element

from quizapp.formats.model import Bank, Unreadable


def read_moodle(name: str, root: Element) -> Bank | Unreadable:
    raise NotImplementedError
