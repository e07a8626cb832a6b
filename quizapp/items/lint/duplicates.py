"""Items that ask the same, within a bank and across a whole library, in nearly linear time.

An item's signature is a few dozen numbers that may be stored. Two items are compared only if they
share one of the rarer of a few hashes (the smallest of their pairs of words, as in MinHash:
Broder 1997), so a library of 100,000 items takes seconds.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from struct import calcsize, pack, unpack_from
from typing import TypeAlias
from zlib import crc32

from quizapp.items.lint.model import Question
from quizapp.items.lint.view import View
from quizapp.items.lint.words import content, fold, plain, words

# Stems alike by this share of their words, if their options agree by that one.
_STEMS = 0.8
_STEMS_OF_SAME_OPTIONS = 0.6
_STEMS_ALONE = 0.9
_OPTIONS = 0.75
_SAME_OPTIONS = 0.9
_MIN_STEM = 5
_MIN_QUESTION = 3
_RICH_OPTIONS = 8
# How many hashes stand for an item, and how many items may share one before it tells nothing.
_PAIRS = 5
_COMMON = 24
_SHARED = 2

# Stems that leave the question to the options: "Which of the following is true?"
_ASKS_BY_OPTIONS = re.compile(
    r"assinale|marque|alternativa|opc(?:ao|oes)|afirma|assertiva|corret|verdadeir|seguinte|abaixo"
    r"|following|statement|true|correct|choose|select|match|relacione|associe|ordene|ordem"
)

_HEAD = "<IIB4H"
Hashes: TypeAlias = "array[int]"


@dataclass(frozen=True, slots=True)
class Signature:
    """What is compared of an item: hashes of the words of its stem, its options and its key.

    `text` stands for the whole stem, `asked` for what asks: the stem alone, or with its options.
    """

    bank: str
    id: str
    text: int
    asked: int
    stem: Hashes
    options: Hashes
    key: Hashes
    sketch: Hashes
    asks_by_options: bool
    has_choices: bool

    def packed(self) -> bytes:
        """The signature as bytes to store; see `unpacked`."""
        parts = (self.stem, self.options, self.key, self.sketch)
        flags = self.asks_by_options + 2 * self.has_choices
        head = pack(_HEAD, self.text, self.asked, flags, *map(len, parts))
        return head + b"".join(pack(f"<{len(part)}I", *part) for part in parts)


def unpacked(bank: str, item: str, data: bytes) -> Signature:
    """The signature that was stored for an item."""
    text, asked, flags, *lengths = unpack_from(_HEAD, data)
    place, parts = calcsize(_HEAD), []
    for length in lengths:
        parts.append(array("I", unpack_from(f"<{length}I", data, place)))
        place += 4 * length
    stem, options, key, sketch = parts
    has_choices, asks_by_options = flags > 1, bool(flags & 1)
    return Signature(
        bank, item, text, asked, stem, options, key, sketch, asks_by_options, has_choices
    )


@dataclass(frozen=True, slots=True)
class Twin:
    """An item that asks what another one asks; `exact` if in the same words."""

    one: Signature
    other: Signature
    exact: bool


def signature(question: Question) -> Signature:
    """What is compared of an item."""
    return signature_of(View(question))


def signature_of(view: View) -> Signature:
    """What is compared of an item that is made ready already."""
    question = view.question
    said = content(view.stem.words)[:500]
    answers = [word for option in view.options for word in content(option.words)]
    for answer in question.answers:
        answers += content(words(fold(plain(answer))))
    key = [word for place in view.keys for word in content(view.options[place].words)]
    # A picture, a code or a formula is what it is by its signs, which are no words.
    if view.stem.is_code:
        said.append(question.stem)
    for place, option in enumerate(view.options):
        if option.is_code or not option.words:
            answers.append(option.plain)
            if place in view.keys:
                key.append(option.plain)
    asks_by_options = len(said) < _MIN_QUESTION or bool(_ASKS_BY_OPTIONS.search(view.stem.folded))
    text = question.stem if view.stem.is_code else view.stem.spaced
    asked = text
    if asks_by_options:
        asked += "".join(sorted(option.spaced for option in view.options))
    pairs = {crc32(f"{one} {two}".encode()) for one, two in pairwise(said)}
    rich = {crc32(o.spaced.encode()) for o in view.options if len(o.words) > 3}
    return Signature(
        bank=question.bank,
        id=question.id,
        text=crc32(text.encode()),
        asked=crc32(asked.encode()),
        stem=_hashes(said),
        options=_hashes(answers[:1000]),
        key=_hashes(key[:1000]),
        sketch=array("I", [*sorted(pairs)[:_PAIRS], *sorted(rich)[:2]]),
        asks_by_options=len(said) < _MIN_QUESTION
        or bool(_ASKS_BY_OPTIONS.search(view.stem.folded)),
        has_choices=view.has_choices or question.kind in ("ordering", "matching"),
    )


def _hashes(found: list[str]) -> Hashes:
    return array("I", sorted({crc32(word.encode()) for word in found}))


def duplicates(
    signatures: Sequence[Signature], library: Iterable[Signature] = ()
) -> Iterator[Twin]:
    """Each item that asks what an earlier one asks, or else one of the library.

    An item is named once, beside the first of its likes. The library passes by once and is not
    kept: it may come straight from where it is stored. What it has of the same bank is left out.
    """
    index, alone = _Index(), []
    for one in signatures:
        twin = index.first_like(one)
        if twin:
            yield Twin(one, *twin)
        else:
            alone.append(one)
        if not twin or not twin[1]:
            index.add(one)
    yield from _across(alone, library)


def _across(alone: list[Signature], library: Iterable[Signature]) -> Iterator[Twin]:
    first = next(library := iter(library), None)
    if first is None:
        return
    index = _Index()
    for one in alone:
        index.add(one)
    found: dict[int, Twin] = {}
    for other in chain([first], library):
        for one, exact in index.all_like(other):
            if one.bank and one.bank == other.bank:
                continue
            if id(one) not in found or (exact and not found[id(one)].exact):
                found[id(one)] = Twin(one, other, exact)
    yield from (found[id(one)] for one in alone if id(one) in found)


class _Index:
    """Signatures by their hashes. What many share tells nothing, and is not looked up."""

    def __init__(self) -> None:
        self.asked: dict[int, list[Signature]] = {}
        self.sketches: dict[int, list[Signature]] = {}

    def add(self, one: Signature) -> None:
        """Take a signature in."""
        self._put(self.asked, one.asked, one)
        for value in one.sketch:
            self._put(self.sketches, value, one)

    @staticmethod
    def _put(shelf: dict[int, list[Signature]], value: int, one: Signature) -> None:
        held = shelf.setdefault(value, [])
        if len(held) < _COMMON:
            held.append(one)

    def first_like(self, one: Signature) -> tuple[Signature, bool] | None:
        """The first that asks the same, in the same words if there is one such."""
        best = None
        for other, exact in self.all_like(one):
            if exact:
                return other, True
            best = best or (other, False)
        return best

    def all_like(self, one: Signature) -> Iterator[tuple[Signature, bool]]:
        """All that ask the same, and whether in the same words."""
        seen = set()
        for other in self.asked.get(one.asked, ()):
            if _is_same(one, other):
                seen.add(id(other))
                yield other, True
        # To share a single hash is chance, unless there are no more.
        enough = min(_SHARED, len(one.sketch))
        shared: dict[int, int] = {}
        for value in one.sketch:
            for other in self.sketches.get(value, ()):
                count = shared[id(other)] = shared.get(id(other), 0) + 1
                if count != enough or id(other) in seen:
                    continue
                if _is_same(one, other):
                    yield other, True
                elif _is_near(one, other):
                    yield other, False


def _is_same(one: Signature, other: Signature) -> bool:
    """Whether two stems have the same words, and ask by themselves or with like options or key."""
    return (
        one.text == other.text
        and one.stem == other.stem
        and (
            not one.asks_by_options
            or _likeness(one.options, other.options) >= _OPTIONS
            or _likeness(one.key, other.key) >= _OPTIONS
        )
    )


def _is_near(one: Signature, other: Signature) -> bool:
    if one.has_choices != other.has_choices:
        return False
    stems = _likeness(one.stem, other.stem)
    if stems < _STEMS_OF_SAME_OPTIONS:
        return False
    if not one.has_choices:
        is_long = min(len(one.stem), len(other.stem)) >= _MIN_STEM
        return is_long and stems >= _STEMS_ALONE and _agree(one.options, other.options)
    if not _agree(one.key, other.key):
        return False
    options = _likeness(one.options, other.options)
    if options >= _SAME_OPTIONS and len(one.options) >= _RICH_OPTIONS:
        return True
    return stems >= _STEMS and options >= _OPTIONS


def _agree(one: Hashes, other: Hashes) -> bool:
    """Whether two sets are much the same; one that is not known agrees with any."""
    return not one or not other or _likeness(one, other) >= _OPTIONS


def _likeness(one: Hashes, other: Hashes) -> float:
    """The share of what two sets have together that they have in common (Jaccard); empty ones 0."""
    if one == other:
        return 1.0 if one else 0.0
    small, large = sorted((len(one), len(other)))
    if 2 * small < large:
        return 0.0
    common = len(set(one).intersection(other))
    return common / (small + large - common)
