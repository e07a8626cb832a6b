"""What the lint reads and what it finds: items in plain values, findings as codes and arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.items.kinds import Kind
from quizapp.items.lint.codes import Severity


@dataclass(frozen=True, slots=True)
class Option:
    """One option, in Markdown; `right` is null while the item has no key."""

    text: str
    right: bool | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One item as the lint reads it, its options in the order of the source.

    `answers` are what it takes other than options: accepted texts, numbers, pairs.
    `explanation` is whatever tells why, a feedback too. `accepted` are codes that are quiet here.
    """

    id: str
    stem: str
    kind: Kind = "single"
    line: int = 1
    options: tuple[Option, ...] = ()
    answers: tuple[str, ...] = ()
    explanation: str = ""
    sources: tuple[str, ...] = ()
    accepted: frozenset[str] = frozenset()
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw; `item` is empty where it is the bank's, `option` counts from 0."""

    item: str
    line: int
    code: str
    severity: Severity
    option: int | None = None
    args: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What a rule says of the item it looked at."""

    code: str
    option: int | None = None
    args: Mapping[str, str | int] = field(default_factory=dict)
