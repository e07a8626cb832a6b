"""The fields of a JSON object, each taken as what it has to be; what is none of it is noted."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from quizapp.formats.text import normalise

_Word = TypeVar("_Word", bound=str)

# Nobody mends more of them at once.
_MAX_NOTES = 100


@dataclass(frozen=True)
class Note:
    """Something wrong, by the path to where it stands."""

    where: str
    code: str
    args: dict[str, str | int]


@dataclass
class Fields:
    """An object and the path to it; all objects of a text share their notes."""

    values: dict[str, object]
    path: str
    notes: list[Note] = field(default_factory=list)

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def note(self, name: str, expected: str) -> None:
        """Say that a field is to be something else."""
        path = self.at(name)
        self.say(Note(path, "json-value", {"path": path, "expected": expected}))

    def require(self, *names: str) -> None:
        """Say which fields are missing."""
        for name in names:
            if name not in self.values:
                self.say(Note(self.path, "json-missing", {"path": self.at(name)}))

    def only(self, names: Iterable[str]) -> None:
        """Say which fields mean nothing."""
        for name in self.values.keys() - set(names):
            self.say(Note(self.at(name), "json-unknown", {"path": self.at(name)}))

    def say(self, note: Note) -> None:
        """Note something."""
        if len(self.notes) < _MAX_NOTES:
            self.notes.append(note)

    def text(self, name: str) -> str:
        """A text, normalised; "" where there is none."""
        value = self.values.get(name, "")
        if isinstance(value, str):
            return normalise(value)
        self.note(name, "string")
        return ""

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.values.get(name, [])
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(normalise(entry) for entry in value)
        self.note(name, "string[]")
        return ()

    def word(self, name: str, known: Sequence[_Word], default: _Word) -> _Word:
        """One of the words known."""
        value = self.values.get(name, default)
        if value in known and isinstance(value, str):
            return cast(_Word, value)
        self.note(name, " | ".join(f'"{word}"' for word in known))
        return default

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.values.get(name, False)
        if isinstance(value, bool):
            return value
        self.note(name, "true | false")
        return False

    def number(self, name: str, low: float = -math.inf, high: float = math.inf) -> float | None:
        """A number within bounds, or null."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                found = float(value)
            except OverflowError:
                found = math.inf
            if math.isfinite(found) and low <= found <= high:
                return found
        bounds = f" {low:g}..{high:g}" if math.isfinite(high) else ""
        self.note(name, f"number{bounds}")
        return None

    def wholes(self, name: str, below: int) -> tuple[int, ...]:
        """A list of different whole numbers from 0 to below a bound."""
        value = self.values.get(name, [])
        if isinstance(value, list) and all(_is_whole(n) and 0 <= n < below for n in value):
            return tuple(sorted(set(value)))
        self.note(name, f"integer[] 0..{below - 1}")
        return ()

    def objects(self, name: str) -> list["Fields"]:
        """A list of objects."""
        value = self.values.get(name, [])
        found: list[Fields] = []
        for index, entry in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(entry, dict) or not isinstance(value, list):
                self.note(name, "object[]")
                return []
            found.append(Fields(entry, f"{self.at(name)}[{index}]", self.notes))
        return found


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
