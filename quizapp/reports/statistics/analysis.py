"""Item analysis: all figures of a quiz and its items from the marks of its attempts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from quizapp.reports.statistics import exposures, items, looks, quiz, rests
from quizapp.reports.statistics.model import Analysis, Asked, ItemFigures, Mark, Options, Reason

DEFAULT = Options()


def analyse(
    marks: Iterable[Mark], asked: Mapping[int, Asked] | None = None, options: Options = DEFAULT
) -> Analysis:
    """The figures of all items that somebody had, of the quiz, and what to look at.

    `asked` has the choice items whose choices are to be counted. No attempt has an item twice.
    """
    asked = asked or {}
    attempts = exposures.by_attempt(marks, options.left_out)
    picked, unreached = exposures.of_items(attempts, options.exposures)
    of_item, never = _by_item(picked), _by_item(unreached)
    compared = rests.compare(attempts[attempt] for attempt in {mark.attempt for mark in picked})
    forms = [attempts[attempt] for attempt in exposures.of_quiz(attempts, options.exposures)]
    of_quiz = quiz.figures(forms, options)
    weights, reason = _weights(forms, of_quiz.is_fixed, options)
    found = {}
    for item in sorted(of_item.keys() | never.keys()):
        one = items.figures(
            item, of_item.get(item, []), never.get(item, []), asked.get(item), compared, options
        )
        found[item] = _weighed(one, weights, reason)
    return Analysis(found, of_quiz, looks.find(found, asked, options))


def _by_item(marks: Iterable[Mark]) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        found[mark.item].append(mark)
    return found


def _weights(
    forms: list[list[Mark]], fixed: bool, options: Options
) -> tuple[dict[int, float | None], Reason]:
    """The effective weights, and why an item without one has none."""
    if len(forms) < max(2, options.discrimination_from):
        return {}, "too_few"
    if not fixed:
        return {}, "unequal_forms"
    weights = quiz.effective_weights(forms)
    return weights, "negative" if weights else "constant"


def _weighed(one: ItemFigures, weights: Mapping[int, float | None], reason: Reason) -> ItemFigures:
    weight = weights.get(one.item)
    why = dict(one.why) if weight is not None else {**one.why, "effective_weight": reason}
    return replace(one, effective_weight=weight, why=why)
