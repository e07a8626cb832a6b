"""How often each option was chosen, by how well people did on the rest."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from quizapp.reports.statistics.model import Asked, Choice, Mark


def group(rests: Sequence[float], groups: int) -> list[int]:
    """The score group of each, 0 the weakest; who did equally well is in the same group.

    By the middle of their rank: groups are as equal in size as ties let them be.
    """
    ranked, n = sorted(rests), len(rests)
    place = {
        rest: groups * (bisect_left(ranked, rest) + bisect_right(ranked, rest)) // (2 * n)
        for rest in set(rests)
    }
    return [place[rest] for rest in rests]


def count(
    asked: Asked, marks: Sequence[Mark], grouped: Sequence[int], groups: int
) -> tuple[tuple[Choice, ...], tuple[int, ...], tuple[int, ...]]:
    """The choices, the sizes of the groups, and how many left it blank in each.

    `marks` are those that say what was chosen, `grouped` has each one's group; without groups
    (0) there are totals alone.
    """
    of_option = [[0] * max(1, groups) for _ in range(asked.options)]
    sizes, blank = [0] * max(1, groups), [0] * max(1, groups)
    said = [(mark.chosen, mark.fraction is None) for mark in marks]
    for (place, (chosen, is_blank)), many in Counter(zip(grouped, said, strict=True)).items():
        sizes[place] += many
        blank[place] += many * is_blank
        for option in chosen or ():
            if 0 <= option < asked.options:
                of_option[option][place] += many
    choices = tuple(
        Choice(option, option in asked.key, sum(counts), tuple(counts) if groups else ())
        for option, counts in enumerate(of_option)
    )
    return choices, tuple(sizes) if groups else (), tuple(blank) if groups else ()
