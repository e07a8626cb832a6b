"""Items that stop before their end, as copies from other documents do."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from quizapp.items.lint.lengths import ENOUGH_OPTIONS, is_either
from quizapp.items.lint.model import Flaw
from quizapp.items.lint.view import Text, View
from quizapp.items.lint.words import words_of

_MIN_WORDS = 4
_MIN_ITEMS = 4
# Words in which no option ends; those that are also English or variables ("do", "a", "x e") may.
_DANGLING = words_of(
    "de da dos das ou para com que em os um uma uns umas por pelo pela pelos pelas ao aos seu sua"
    " seus suas cujo cuja sobre entre conforme quando porque nem mas the an and or because whose"
    " your their"
)
_BROKEN = re.compile(r"(?<=[^\W\d_])-$|\($")
_OPENED = ("-", "(")
_CLOSED = (".", "!", "?", ";", ":", "…", ")", '"', "”", "'")
# Letters in which no Portuguese word ends.
_NO_ENDING = tuple("bcdfghjkpqtv")
_PLURAL = ("s", "es", "is", "ns")
_CUT_WORD = 4


class Vocabulary:
    """The words of a bank, counted when they are first asked for."""

    def __init__(self, views: Sequence[View]) -> None:
        self.views = views

    @property
    def last(self) -> Text:
        """The text with which the bank ends."""
        return (self.views[-1].options or [self.views[-1].stem])[-1]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each word occurs."""
        texts = (text for view in self.views for text in (view.stem, *view.options))
        return Counter(word for text in texts for word in text.words)

    @cached_property
    def sorted(self) -> list[str]:
        """Each word once, in the order of its letters."""
        return sorted(self.counts)

    def is_piece(self, piece: str) -> bool:
        """Whether what occurs only once begins a longer word, other than its plural."""
        if self.counts[piece] != 1:
            return False
        place = bisect_right(self.sorted, piece)
        while place < len(self.sorted) and self.sorted[place].startswith(piece):
            if self.sorted[place].removeprefix(piece) not in _PLURAL:
                return True
            place += 1
        return False


def cut_off(view: View, vocabulary: Vocabulary) -> Iterator[Flaw]:
    """The first text of an item that stops in mid sentence."""
    if not view.stem.is_code and _is_open(view.stem.plain):
        yield Flaw("cut-off", None, {"text": _end(view.stem.plain)})
        return
    stopped = [place for place, option in enumerate(view.options) if _stops(option)]
    # Where most options stop in the same way, the stem goes on behind the gap that they fill.
    if stopped and 2 * len(stopped) < len(view.options):
        yield Flaw("cut-off", stopped[0], {"text": _end(view.options[stopped[0]].plain)})
        return
    place = _cut_word(view, vocabulary)
    if place is not None:
        yield Flaw("cut-off", place, {"text": _end(view.options[place].plain)})


def fewer_options(views: Sequence[View]) -> Iterator[tuple[int, Flaw]]:
    """The one item with fewer than three options, where it ends the bank or lacks its key."""
    choices = [(place, view) for place, view in enumerate(views) if view.has_choices]
    few = [
        (place, view)
        for place, view in choices
        if 0 < len(view.options) < ENOUGH_OPTIONS and not is_either(view)
    ]
    if len(few) == 1 and len(choices) > _MIN_ITEMS:
        place, view = few[0]
        if not view.keys or place == len(views) - 1:
            yield place, Flaw("cut-off", None, {"text": _end(view.options[-1].plain)})


def _is_open(text: str) -> bool:
    """Whether a parenthesis stays open (no interval's, `(0, 1]`), or a word is broken."""
    return (text.endswith(_OPENED) and bool(_BROKEN.search(text[-2:]))) or (
        "(" in text and text.count("(") > text.count(")") and "]" not in text and "[" not in text
    )


def _stops(option: Text) -> bool:
    if option.is_code or len(option.words) < _MIN_WORDS:
        return False
    if _is_open(option.plain):
        return True
    last = option.words[-1]
    # As it stands: "de", but no acronym "DE", and no "de." with which a sentence was closed.
    return last in _DANGLING and option.plain.rstrip(" ,").endswith(f" {last}")


def _cut_word(view: View, vocabulary: Vocabulary) -> int | None:
    """The option that lacks the full stop of all the others and ends in a piece of a word."""
    unclosed = [i for i, o in enumerate(view.options) if not o.plain.endswith(_CLOSED)]
    if len(unclosed) != 1 or len(view.options) < ENOUGH_OPTIONS:
        return None
    option = view.options[unclosed[0]]
    if option.is_code or len(option.words) < _MIN_WORDS or not option.words[-1].isalpha():
        return None
    piece = option.words[-1]
    # "conta" may well be no piece of "contato", unless the file stops there.
    is_last = option is vocabulary.last
    if len(piece) < _CUT_WORD or not (is_last or piece.endswith(_NO_ENDING)):
        return None
    return unclosed[0] if vocabulary.is_piece(piece) else None


def _end(text: str) -> str:
    return text if len(text) <= 40 else "…" + text[-40:]
