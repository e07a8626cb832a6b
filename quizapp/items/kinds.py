"""The kinds of item there are, by the names that files, rows and code share."""

from typing import Literal, get_args

Kind = Literal[
    "single",
    "multiple",
    "true_false",
    "ordering",
    "matching",
    "short_answer",
    "numeric",
    "scenario",
    "essay",
    "description",
]
Use = Literal["exam", "practice"]
Difficulty = Literal["easy", "medium", "hard"]

KINDS: tuple[Kind, ...] = get_args(Kind)
CHOICE: frozenset[Kind] = frozenset({"single", "multiple", "true_false"})
SCORABLE: frozenset[Kind] = CHOICE | {"ordering", "matching", "short_answer", "numeric"}
