"""What a key says in words or letters: `B`, `BD`, `A e C`, `Falso`, `B? D?`, an option's text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.formats.bank_options import FALSE, TRUE, bare

_SEVERAL = re.compile(r" ?(?:[,;/+&]|(?<= )(?:e|E|and)(?= )) ?")
_HINT = re.compile(r"\s*(?:([A-Za-z])|([1-9]\d{0,2}))\s?\?\s*[,;]?")
_EITHER = re.compile(r"([A-Za-z])(?: (?:ou|or) ([A-Za-z]))+ ?\??")
_TRUE_LETTERS, _FALSE_LETTERS = set("VCT"), set("FE")
_MAX_LETTERS = 60


@dataclass(frozen=True)
class Meant:
    """The options that a key names, 0 the first; `sure` unless it says that it is not."""

    indices: tuple[int, ...]
    sure: bool = True


def meant(value: str, options: Sequence[str]) -> Meant | None:
    """The options that a key's value means; None where it means none of them."""
    if value.strip() == "?":
        return Meant((), sure=False)
    hinted = _hinted(value)
    if hinted is not None:
        return Meant(hinted, sure=False) if hinted and hinted[-1] < len(options) else None
    texts = [bare(option) for option in options]
    same = [index for index, text in enumerate(texts) if text == bare(value)]
    if len(same) == 1:
        return Meant((same[0],))
    named = letters(value)
    found = truth(named, texts) or places(named)
    return Meant(found) if found and found[-1] < len(options) else None


def _hinted(value: str) -> tuple[int, ...] | None:
    """The options of a key that doubts itself: "B? D?", "B ou D"; None if it does not."""
    if _EITHER.fullmatch(value.strip()):
        return places([part for part in value.upper().split() if len(part.strip("?")) == 1])
    found: set[int] = set()
    position = 0
    while position < len(value):
        hint = _HINT.match(value, position)
        if not hint or len(found) > _MAX_LETTERS:
            return None
        found |= {int(hint[2]) - 1} if hint[2] else set(places([hint[1].upper()]))
        position = hint.end()
    return tuple(sorted(found)) or None


def hinting(indices: Sequence[int]) -> str:
    """The value of a key that only hints at options: "B? D?", or "?" at none."""
    return " ".join(f"{letter_of(index)}?" for index in indices) or "?"


def letter_of(index: int) -> str:
    """The letter of an option, 0 for A; its number behind Z."""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def letters(answer: str) -> list[str]:
    """The letters of an answer that is nothing but letters: "B", "BD", "a, c", "A e C"."""
    if len(answer) > _MAX_LETTERS:
        return []
    parts = _SEVERAL.split(answer.strip())
    if len(parts) == 1 and answer.isupper():
        parts = list(answer.strip())
    found = [part.strip().upper() for part in parts]
    return found if all(len(c) == 1 and "A" <= c <= "Z" for c in found) else []


def places(named: Sequence[str]) -> tuple[int, ...]:
    """The places that capital letters name, 0 for A."""
    return tuple(sorted({ord(letter[0]) - ord("A") for letter in named}))


def truth(named: Sequence[str], texts: Sequence[str]) -> tuple[int, ...]:
    """Where true and false are the options, V and C mean true, F and E false."""
    if len(named) != 1 or len(texts) != 2:
        return ()
    for meaning, words in ((_TRUE_LETTERS, TRUE), (_FALSE_LETTERS, FALSE)):
        if named[0] in meaning:
            return tuple(index for index, text in enumerate(texts) if text in words)
    return ()
