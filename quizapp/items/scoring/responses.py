"""Whether a raw response says anything, and whether it says all."""

from collections.abc import Mapping
from typing import Any

from quizapp.items.scoring.numbers import number

Value = Mapping[str, Any]


def is_blank(kind: str, response: Value | None) -> bool:
    """Whether a response says nothing at all."""
    if response is None:
        return True
    match kind:
        case "ordering":
            return all(position is None for position in response["positions"])
        case "matching":
            return all(match is None for match in response["matches"])
        case "short_answer" | "numeric":
            return not response["text"].strip()
        case _:
            return not response["selected"]


def is_complete(kind: str, response: Value | None) -> bool:
    """Whether nothing is left to give: every place filled, each position used once."""
    if response is None or is_blank(kind, response):
        return False
    match kind:
        case "ordering":
            positions = response["positions"]
            return sorted(p or 0 for p in positions) == list(range(1, len(positions) + 1))
        case "matching":
            return None not in response["matches"]
        case "numeric":
            return number(response["text"]) is not None
        case _:
            return True
