"""Errors that a user can cause: each carries a message in the reader's language."""

from typing import Any


class Refused(Exception):
    """A request that the rules turn down; `message` is translated text for the person."""

    status = 409
    code = "refused"  # for scripts

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


class Missing(Refused):
    """What was asked for is not there, or not for this person: the answer is the same."""

    status = 404
    code = "missing"

    def __init__(self) -> None:
        super().__init__("")


class Closed(Refused):
    """An attempt that was submitted: it cannot change any more."""

    code = "closed"


class Elsewhere(Refused):
    """Another window of the same person writes this attempt now."""

    code = "elsewhere"


class Invalid(Refused):
    """What was sent cannot be read or breaks a rule of its form."""

    status = 422
    code = "invalid"


class TooMany(Refused):
    """Too many tries in too short a time."""

    status = 429
