"""Not there yet."""

from quizapp.formats.model import Bank, Unreadable


def is_aiken(text: str) -> bool:
    return False


def read_aiken(name: str, text: str) -> Bank | Unreadable:
    raise NotImplementedError
