"""The key of a choice, however the file says it: points for options become an item's fractions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import compress

from quizapp.formats.bank_options import is_true_false
from quizapp.formats.bank_raw import RawOption
from quizapp.formats.model import KeyState, Option
from quizapp.items.kinds import Kind

# More is no question that a person answers, and rules are worked out for each option.
MAX_OPTIONS = 100


@dataclass(frozen=True)
class Choice:
    """An option as the file has it."""

    id: str
    text: str
    feedback: str = ""
    pinned: bool = False


@dataclass(frozen=True)
class Key:
    """A fraction for each option, or none; `doubt` are the options that the file hints at."""

    fractions: tuple[float, ...] = ()
    doubt: tuple[int, ...] = ()
    is_doubtful: bool = False

    @property
    def state(self) -> KeyState:
        """Whether the file gives the key."""
        if self.fractions:
            return "given"
        return "doubtful" if self.is_doubtful else "missing"


def key_of_points(points: Sequence[float], several: bool, are_shares: bool = False) -> Key:
    """The key by points: the best of a single choice is 1, the right ones of several share 1.

    Points that are shares already, because we wrote them, stay what they are.
    """
    whole = sum(point for point in points if point > 0) if several else max(points, default=0.0)
    if whole <= 0:
        return Key()
    if are_shares or abs(whole - 1) < 1e-6:
        whole = 1.0
    return Key(tuple(min(max(point / whole, -1.0), 1.0) + 0.0 for point in points))


def key_of_places(places: Collection[int], count: int) -> Key:
    """The key of which it is only said which options are right."""
    return Key(tuple(1 / len(places) if place in places else 0.0 for place in range(count)))


def best(points: Sequence[float]) -> set[int]:
    """The places of the options with the most points, if any has some."""
    most = max(points, default=0.0)
    return {place for place, point in enumerate(points) if point == most > 0}


def positive(points: Sequence[float]) -> set[int]:
    """The places of the options that bring points."""
    return set(compress(range(len(points)), (point > 0 for point in points)))


def without_blanks(choices: Sequence[Choice], key: Key) -> tuple[list[Choice], Key]:
    """The options that show something or are right, and the key for them.

    Some editors write the rows that were left empty as options too.
    """
    if key.is_doubtful or all(choice.text for choice in choices):
        return list(choices), key
    fractions = key.fractions or (0.0,) * len(choices)
    kept = [
        bool(choice.text) or fraction > 0
        for choice, fraction in zip(choices, fractions, strict=True)
    ]
    return list(compress(choices, kept)), Key(tuple(compress(key.fractions, kept)))


def options_of(choices: Sequence[Choice], key: Key) -> tuple[Option, ...]:
    """The options with what their key gives each."""
    fractions: Sequence[float | None] = key.fractions or [None] * len(choices)
    return tuple(
        Option(choice.text, fraction, choice.feedback, choice.pinned)
        for choice, fraction in zip(choices, fractions, strict=True)
    )


def kind_of(options: Sequence[Option], several: bool) -> Kind:
    """Whether options are true and false, one to choose, or several."""
    if several:
        return "multiple"
    raw = [RawOption(option.text, 1, keyed=bool(option.fraction)) for option in options]
    return "true_false" if is_true_false(raw) else "single"
