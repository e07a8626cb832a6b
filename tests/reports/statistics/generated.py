"""Marks of people who never lived, the same at every run."""

import math
import random
from collections.abc import Sequence

from quizapp.reports.statistics.model import Mark


def right_or_wrong(
    people: int = 120, items: int = 8, seed: int = 1, again: bool = False
) -> list[Mark]:
    """A fixed form of right and wrong with one unanswered place in twenty."""
    chance, abilities = _people(people, seed, again)
    return [
        mark
        for person, ability in enumerate(abilities)
        for mark in _sitting(chance, person, ability, range(items), blank=0.05)
    ]


def partial(people: int = 150, items: int = 10, seed: int = 2, again: bool = False) -> list[Mark]:
    """A fixed form of quarters, for 1 to 3 points, whose last items some do not reach."""
    chance, abilities = _people(people, seed, again)
    found = []
    for person, ability in enumerate(abilities):
        last = items - max(0, int(chance.gauss(-1, 2)))
        sitting = _sitting(chance, person, ability, range(items), blank=0.03, steps=4)
        found += [
            mark._replace(points=1 + mark.item % 3)
            if mark.position <= last
            else mark._replace(points=1 + mark.item % 3, fraction=None, seen=False)
            for mark in sitting
        ]
    return found


def pooled(
    people: int = 200, items: int = 15, form: int = 6, seed: int = 3, again: bool = False
) -> list[Mark]:
    """Forms drawn from a pool of items as easy as hard, halves and wholes, some unanswered."""
    chance, abilities = _people(people, seed, again)
    return [
        mark
        for person, ability in enumerate(abilities)
        for mark in _sitting(
            chance, person, ability, chance.sample(range(items), form), blank=0.04, steps=2
        )
    ]


def _people(people: int, seed: int, again: bool) -> tuple[random.Random, list[float]]:
    """What to draw from, and the abilities; `again` they are the same people on another day."""
    chance = random.Random(seed)
    abilities = [chance.gauss(0.5, 1) for _ in range(people)]
    return random.Random(f"{seed} again") if again else chance, abilities


def _sitting(
    chance: random.Random,
    person: int,
    ability: float,
    form: Sequence[int],
    *,
    blank: float,
    steps: int = 1,
) -> list[Mark]:
    """An attempt; odd items give parts of a mark where there are steps."""
    found = []
    for position, item in enumerate(form, start=1):
        knows = 1 / (1 + math.exp((item % 5 - 2) * 0.7 - ability))
        parts = steps if item % 2 else 1
        fraction = sum(chance.random() < knows for _ in range(parts)) / parts
        is_blank = chance.random() < blank
        found.append(Mark(person, item, person, position, 1, None if is_blank else fraction, True))
    return found
