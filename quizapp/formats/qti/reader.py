"""Not there yet."""

from xml.etree.ElementTree import Element

from quizapp.formats.archive import Archive
from quizapp.formats.model import Bank, Problem, Unreadable


def is_qti(root: Element) -> bool:
    return False


def read_qti(name: str, root: Element) -> Bank | Unreadable:
    raise NotImplementedError


def read_package(name: str, archive: Archive) -> Bank | Unreadable:
    return Unreadable((Problem(1, 1, "error", "format-unsupported", {"format": ".zip"}),))
