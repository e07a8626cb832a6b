"""Which item of a file is which item that is there already."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from quizapp.content import items
from quizapp.content.banks import Place
from quizapp.content.models import Item
from quizapp.formats import model
from quizapp.formats.text import fold

ALIKE = 0.75  # of stem and options: above it, an item without an id is taken for the same
CLOSEST = 5  # that share the most words are compared letter by letter; all would be n * m
COMMON = 50  # a word in more items than this says little


def match(
    sources: Sequence[model.Item], before: Sequence[Place], known: dict[str, Item]
) -> list[Item | None]:
    """For each item of a file the item it is a state of, or None for a new one.

    An id in the text decides. Without one, the same question is the same item, then the
    most alike of those left: so a mended typo or a new order makes no second item.
    """
    found: list[Item | None] = [known.get(s.id) if s.id_given else None for s in sources]
    taken = {item.id for item in found if item}
    free = {place.item.id: place for place in before if place.item.id not in taken}
    open_ = [i for i, s in enumerate(sources) if not s.id_given]
    if not free or not open_:
        return found
    by_hash: dict[str, list[Place]] = defaultdict(list)
    for place in free.values():
        by_hash[place.revision.asked_hash].append(place)
    for i in list(open_):
        same = by_hash[items.asked_hash(sources[i])]
        if same:
            found[i] = free.pop(same.pop(0).item.id).item
            open_.remove(i)
    near = _Near(free.values())
    for i in open_:
        best = near.take(_asked_text(sources[i]))
        if best:
            found[i] = best.item
    return found


def free_uid(wanted: str, taken: set[str]) -> str:
    """The id wanted, or the next number of its kind that nothing had before."""
    if wanted not in taken:
        return wanted
    prefix = re.sub(r"\d+$", "", wanted)
    numbers = [
        int(found[1]) for uid in taken if (found := re.fullmatch(re.escape(prefix) + r"(\d+)", uid))
    ]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"


class _Near:
    """Finds the item most like a text, each item once."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places: dict[int, tuple[Place, str]] = {}
        self._with: dict[str, list[int]] = defaultdict(list)
        for place in places:
            text = _shown_text(place)
            self._places[place.item.id] = place, text
            for word in _words(text):
                self._with[word].append(place.item.id)

    def take(self, text: str) -> Place | None:
        shared: Counter[int] = Counter()
        for word in _words(text):
            ids = self._with.get(word, ())
            if len(ids) <= max(COMMON, len(self._places) // 10):
                shared.update(id_ for id_ in ids if id_ in self._places)
        close = [
            (_alike(text, self._places[id_][1]), id_) for id_, _ in shared.most_common(CLOSEST)
        ]
        score, id_ = max(close, default=(0.0, 0))
        return self._places.pop(id_)[0] if score >= ALIKE else None


def _words(text: str) -> set[str]:
    return set(fold(text).split())


def _asked_text(item: model.Item) -> str:
    return "\n".join([item.stem, *(option.text for option in item.options)])


def _shown_text(place: Place) -> str:
    options = place.revision.content["options"]
    return "\n".join([place.revision.stem, *(option["text"] for option in options)])


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=len(one) + len(other) > 4000)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
