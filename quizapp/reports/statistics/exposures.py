"""Which marks count: reached or not, and which of a person's exposures to an item."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from quizapp.reports.statistics.model import Exposures, Mark


def by_attempt(marks: Iterable[Mark], left_out: frozenset[int]) -> dict[int, list[Mark]]:
    """The marks of each attempt, the oldest attempt first, each in the order of its form."""
    found: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.item not in left_out:
            found[mark.attempt].append(mark)
    for form in found.values():
        form.sort(key=lambda mark: (mark.position, mark.item))
    return dict(sorted(found.items()))


def reached(form: Sequence[Mark]) -> int:
    """The last position of an attempt that was answered or seen, 0 for none.

    What is unanswered before it is blank; what is unanswered after it was not reached.
    """
    return max(
        [mark.position for mark in form if mark.fraction is not None or mark.seen], default=0
    )


def percent(form: Sequence[Mark]) -> float:
    """The score of an attempt in per cent; unanswered is 0."""
    possible = fsum([mark.points for mark in form])
    got = fsum([mark.points * (mark.fraction or 0.0) for mark in form])
    return 100 * got / possible if possible else 0.0


def of_items(
    attempts: Mapping[int, Sequence[Mark]], which: Exposures
) -> tuple[list[Mark], list[Mark]]:
    """The marks that count for the items, and those that were never reached.

    One of each person and item unless all are asked for; where a person reached an item in no
    attempt, the first one is among the unreached.
    """
    scores = _scores(attempts, which)
    picked: dict[tuple[int, int], Mark] = {}
    every: list[Mark] = []
    unreached: list[Mark] = []
    for attempt, form in attempts.items():
        last = reached(form)
        for mark in form:
            if mark.position > last:
                unreached.append(mark)
            elif which == "all":
                every.append(mark)
            else:
                place = (mark.person, mark.item)
                before = picked.get(place)
                if before is None or _replaces(which, scores, attempt, before.attempt):
                    picked[place] = mark
    if which == "all":
        return every, unreached
    never: dict[tuple[int, int], Mark] = {}
    for mark in unreached:
        if (mark.person, mark.item) not in picked:
            never.setdefault((mark.person, mark.item), mark)
    return list(picked.values()), list(never.values())


def of_quiz(attempts: Mapping[int, Sequence[Mark]], which: Exposures) -> list[int]:
    """The attempts that count for the quiz: one of each person unless all are asked for."""
    if which == "all":
        return list(attempts)
    scores = _scores(attempts, which)
    picked: dict[int, int] = {}
    for attempt, form in attempts.items():
        person = form[0].person
        if person not in picked or _replaces(which, scores, attempt, picked[person]):
            picked[person] = attempt
    return sorted(picked.values())


def _scores(attempts: Mapping[int, Sequence[Mark]], which: Exposures) -> dict[int, float]:
    if which != "best":
        return {}
    return {attempt: percent(form) for attempt, form in attempts.items()}


def _replaces(which: Exposures, scores: Mapping[int, float], new: int, old: int) -> bool:
    """Whether a later attempt takes the place of an earlier one."""
    return which == "last" or (which == "best" and scores[new] > scores[old])
