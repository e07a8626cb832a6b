"""Not there yet."""

from quizapp.formats.model import Bank, Procedure, Unreadable


def is_json(text: str) -> bool:
    return False


def read_json(name: str, text: str) -> Bank | Procedure | Unreadable:
    raise NotImplementedError
