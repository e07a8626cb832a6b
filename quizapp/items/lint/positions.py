"""Where the keys of a bank stand."""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import exp, log

from quizapp.items.lint.model import Flaw
from quizapp.items.lint.view import View

# Nearly always: seven of ten; and so rarely by chance that one honest bank in a hundred has it.
_MIN_ITEMS = 5
_MIN_SHARE = 0.7
_MAX_CHANCE = 0.01


def key_position(views: Sequence[View]) -> Iterator[Flaw]:
    """The key in one place throughout a bank.

    Items with a choice of two stand for themselves: there the place is the answer (true, true…).
    """
    single = [view for view in views if len(view.keys) == 1 and len(view.options) > 1]
    for group in (
        [view for view in single if len(view.options) == 2],
        [view for view in single if len(view.options) > 2],
    ):
        flaw = _one_place(group)
        if flaw:
            yield flaw


def _one_place(views: list[View]) -> Flaw | None:
    total = len(views)
    if total < _MIN_ITEMS:
        return None
    place, count = Counter(view.keys[0] + 1 for view in views).most_common(1)[0]
    mean = sum(1 / len(view.options) for view in views) / total
    places = max(len(view.options) for view in views)
    if count < _MIN_SHARE * total or places * _at_least(count, total, mean) > _MAX_CHANCE:
        return None
    return Flaw("key-position", None, {"place": place, "count": count, "total": total})


def _at_least(count: int, total: int, chance: float) -> float:
    """How likely so many hits or more are at most (Chernoff's bound of the binomial)."""
    share = count / total
    divergence = share * log(share / chance)
    if share < 1:
        divergence += (1 - share) * log((1 - share) / (1 - chance))
    return exp(-total * divergence)
