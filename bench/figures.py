"""Item analysis beside a bare pass over the same marks, at 12,000 to 240,000 marks.

It is one thread that computes, so processor time counts, and the ratio more than that.
"""

import random
from math import exp, fsum
from statistics import median
from time import process_time

from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.model import Asked, Mark, Options

ITEMS = 60
PEOPLE = (200, 2000, 4000)
ASKED = {item: Asked(4, frozenset({0})) for item in range(2 * ITEMS)}
OPTIONS = Options(cut_score=70)


def main(rounds: int) -> None:
    """Measure fixed forms of 60 items and forms of 60 drawn from 120, and print the table."""
    print(f"\nitem analysis, {ITEMS} items a person, median of {rounds} rounds, processor time")
    print(
        f"{'forms':<8}{'people':>8}{'marks':>9}{'seconds':>9}{'µs/mark':>9}{'bare':>8}{'ratio':>7}"
    )
    for name in ("fixed", "drawn"):
        for people in PEOPLE:
            marks = make(people, drawn=name == "drawn")
            own, bare = [], []
            for _ in range(rounds):
                bare.append(seconds(lambda marks=marks: plain(marks)))
                own.append(seconds(lambda marks=marks: analyse(marks, ASKED, OPTIONS)))
            ratio = median(a / b for a, b in zip(own, bare, strict=True))
            taken = median(own)
            print(
                f"{name:<8}{people:>8}{len(marks):>9}{taken:>9.2f}"
                f"{taken / len(marks) * 1e6:>9.1f}{median(bare):>8.3f}{ratio:>7.1f}",
                flush=True,
            )


def make(people: int, *, drawn: bool) -> list[Mark]:
    """The marks of so many people, one attempt each."""
    chance = random.Random(people)
    found = []
    for person in range(people):
        ability = chance.gauss(0.5, 1)
        form = chance.sample(range(2 * ITEMS), ITEMS) if drawn else range(ITEMS)
        for position, item in enumerate(form, start=1):
            right = chance.random() < 1 / (1 + exp(item % 5 - 2 - ability))
            chosen = (0,) if right else (chance.randint(1, 3),)
            spent = chance.randint(5_000, 90_000)
            found.append(Mark(person, item, person, position, 1, float(right), True, chosen, spent))
    return found


def plain(marks: list[Mark]) -> dict[int, float]:
    """The least there is to do: each person's total and each item's mean and variance."""
    of_item: dict[int, list[float]] = {}
    of_person: dict[int, list[float]] = {}
    for mark in marks:
        value = mark.points * (mark.fraction or 0.0)
        of_item.setdefault(mark.item, []).append(value)
        of_person.setdefault(mark.person, []).append(value)
    totals = {person: fsum(values) for person, values in of_person.items()}
    for values in of_item.values():
        mean = fsum(values) / len(values)
        fsum([(value - mean) ** 2 for value in values])
    return totals


def seconds(work: object) -> float:
    """How much processor time something takes."""
    assert callable(work)
    began = process_time()
    work()
    return process_time() - began
