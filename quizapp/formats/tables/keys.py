"""What the cells of a key column mean: letters, words, or numbers that begin at 0 or at 1.

Whether the first option is 0 or 1 is decided over the whole table: a 0 anywhere shows the one, the
count of an item's options as a number the other. Where nothing shows it, every key is doubtful.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.formats.bank_keys import letter_of
from quizapp.formats.bank_options import bare, truth
from quizapp.formats.model import Item, Problem
from quizapp.formats.tables.options import split_options

_AND = re.compile(r"\s*(?:[,;/|&+\n]|(?<=\s)(?:e|and)(?=\s))\s*")
_LETTER = re.compile(r"[(\[]?([A-Za-z])[)\].:]?")
_LETTERS = re.compile(r"[A-J]{2,10}")
_WITH_WORDS = re.compile(r"\(?([A-Ja-j])(?:[).:]|\s[-–—])\s+(?=\S)")
_NUMBER = re.compile(r"\d{1,3}")
_CALLED = re.compile(
    r"(?:letra|alternativa|op[cç][aã]o|option|answer|resposta|choice|item)s?:?\s+(?=\w{1,2}\b)",
    re.IGNORECASE,
)
_MAX_KEY = 2_000
# By so many signs an option may be longer than the key that repeats it: full stops, emphasis.
_MAX_MORE = 12
_SHORT = {"c": True, "t": True, "e": False}


@dataclass
class Question:
    """An item to choose from as a row has it, its key not read yet.

    `texts` are its options as they are written, which a key may repeat; `marked` are those with a
    mark of their own; `counts_from_one` where the row itself numbers its options; `line` and
    `column` are those of the key's cell.
    """

    item: Item
    texts: list[str]
    key: str
    marked: tuple[int, ...]
    line: int
    column: int
    counts_from_one: bool = False


@dataclass(frozen=True)
class _Reading:
    """The options that a key means by its words and by its letters, and its numbers as written.

    It is odd where it has a letter, and words that are those of no option.
    """

    words: tuple[int, ...] = ()
    letters: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    is_odd: bool = False


def with_keys(questions: Sequence[Question], first: int | None) -> tuple[list[Item], list[Problem]]:
    """The items with their keys, given, missing or doubtful, and what is odd about these.

    `first` is the number of the first option, 0 or 1, where the table's header tells it.
    """
    readings = [_read(question) for question in questions]
    base = _base(questions, readings) if first is None else first
    items: list[Item] = []
    problems: list[Problem] = []
    for question, reading in zip(questions, readings, strict=True):
        item, found = _keyed(question, reading, 1 if question.counts_from_one else base)
        items.append(item)
        problems += found
    unsure = [problem for problem in problems if problem.code == "key-number-doubtful"]
    if unsure:
        args: dict[str, str | int] = {"count": len(unsure)}
        problems.insert(0, replace(unsure[0], code="key-numbers-from", args=args))
    return items, problems


def _read(question: Question) -> _Reading:
    texts = question.texts
    key = _CALLED.sub("", question.key[:_MAX_KEY]).strip()
    truths = [truth_of(text) for text in texts] if len(texts) == 2 else []
    if truths.count(True) == 1 == truths.count(False) and (word := truth_of(key)) is not None:
        return _Reading((truths.index(word),))
    words = _by_words(key, texts)
    parts = list(key) if _LETTERS.fullmatch(key) else [part for part in _AND.split(key) if part]
    letters = [_LETTER.fullmatch(part) for part in parts]
    if parts and all(letters):
        return _Reading(words, tuple(sorted({place_of(match[1]) for match in letters if match})))
    if parts and all(_NUMBER.fullmatch(part) for part in parts):
        return _Reading(words, (), tuple(sorted(set(map(int, parts)))))
    if not words and (match := _WITH_WORDS.match(key)):
        words = _by_words(key[match.end() :], texts)
        return _Reading(words, (place_of(match[1]),), is_odd=not words)
    return _Reading(words)


def place_of(letter: str) -> int:
    """The place of an option by its letter, 0 for A."""
    return ord(letter.upper()) - ord("A")


def truth_of(text: str) -> bool | None:
    """What `Verdadeiro`, `V`, `Certo`, `C` and the like say, as the two options or as the key."""
    word = bare(text)
    return _SHORT[word] if word in _SHORT else truth(word)


def _by_words(key: str, texts: Sequence[str]) -> tuple[int, ...]:
    """The options that a key repeats, one or several; nothing if any part is none of them."""
    for parts in ([key], split_options(key)):
        found = {_same(part, texts) for part in parts}
        if None not in found:
            return tuple(sorted(place for place in found if place is not None))
    return ()


def _same(words: str, texts: Sequence[str]) -> int | None:
    """The one option of these words; accents and case count only where they have to."""
    longest = len(words) + _MAX_MORE
    near = [(place, text) for place, text in enumerate(texts) if len(text) <= longest]
    for same in (str.strip, bare) if near and words else ():
        wanted = same(words)
        found = [place for place, text in near if same(text) == wanted]
        if len(found) == 1:
            return found[0]
    return None


def _base(questions: Sequence[Question], readings: Sequence[_Reading]) -> int | None:
    """Whether numbers begin at 0 or at 1, as the table shows; None where it does not."""
    said = [
        (reading.numbers, len(question.item.options))
        for question, reading in zip(questions, readings, strict=True)
        if reading.numbers and not reading.words and not question.counts_from_one
    ]
    has_zero = any(0 in numbers for numbers, _ in said)
    has_count = any(count in numbers for numbers, count in said)
    return None if has_zero == has_count else int(has_count)


def _keyed(question: Question, reading: _Reading, base: int | None) -> tuple[Item, list[Problem]]:
    """The item with the one key that its row gives, or in doubt between several."""
    item, marked = question.item, question.marked
    said = _within({reading.words, reading.letters}, len(item.options))
    counted = _within(_counted(reading.numbers, base), len(item.options))
    meanings = said | counted | ({marked} if marked else set())
    hinted = tuple(sorted({place for places in meanings for place in places}))
    is_unsure = bool(counted) and base is None
    args: dict[str, str | int] = {"number": item.number, "key": question.key[:80]}
    if not hinted:
        return item, [_not_found(question)] if question.key else []
    if len(meanings) == 1 and not reading.is_odd and not is_unsure:
        return _with_options(item, hinted), []
    code = "key-says-two"
    if is_unsure and not reading.words and not marked:
        code = "key-number-doubtful"
    args["options"] = ", ".join(map(letter_of, hinted))
    problem = Problem(question.line, question.column, "warning", code, args)
    return replace(item, key="doubtful", doubt=hinted), [problem]


def _counted(numbers: tuple[int, ...], base: int | None) -> set[tuple[int, ...]]:
    """The places that numbers mean, counted from the base, or from both where it is not known."""
    firsts = (0, 1) if base is None else (base,)
    return {tuple(number - first for number in numbers) for first in firsts}


def _within(meanings: set[tuple[int, ...]], count: int) -> set[tuple[int, ...]]:
    """The meanings that point to options that there are."""
    return {places for places in meanings if places and min(places) >= 0 and max(places) < count}


def _with_options(item: Item, keyed: tuple[int, ...]) -> Item:
    share = 1 / len(keyed)
    options = tuple(
        replace(option, fraction=share if place in keyed else 0.0)
        for place, option in enumerate(item.options)
    )
    kind = "multiple" if item.kind == "single" and len(keyed) > 1 else item.kind
    return replace(item, kind=kind, key="given", options=options)


def _not_found(question: Question) -> Problem:
    """The warning of a key that is none of the options, or that two of them have."""
    args: dict[str, str | int] = {"item": question.item.number, "option": question.key[:80]}
    same = sum(bare(text) == bare(question.key) for text in question.texts)
    code = "key-option-ambiguous" if same > 1 else "key-option-missing"
    return Problem(question.line, question.column, "warning", code, args)
