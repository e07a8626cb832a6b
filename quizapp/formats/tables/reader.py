"""Not there yet."""

from quizapp.formats.archive import Archive
from quizapp.formats.model import Bank, Unreadable


def is_csv(name: str, text: str) -> bool:
    return False


def read_csv(name: str, text: str) -> Bank | Unreadable:
    raise NotImplementedError


def read_xlsx(name: str, data: bytes, archive: Archive) -> Bank | Unreadable:
    raise NotImplementedError
