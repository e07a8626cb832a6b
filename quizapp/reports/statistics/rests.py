"""How well somebody did on the rest of a form, so that different forms can be compared.

The rest of an item in an attempt is the other items' marks, each less that item's mean, as a
share of the points to be had. For right minus mean is what differs between people who had
different items: mean equating, each form's mean being the sum of its items' means (Kolen &
Brennan 2014, Test Equating, ch. 2; items are drawn at random, so who had which does not depend
on who they are). It is then taken times the mean size of the rest: where all had the same items
it differs from the plain sum of the other marks by a constant, and no variance, covariance or
correlation differs at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from quizapp.reports.statistics.model import Mark
from quizapp.reports.statistics.moments import mean


@dataclass(frozen=True)
class Rests:
    """The items' mean fractions, and of each attempt the deviation from them and the points."""

    means: Mapping[int, float]
    deviations: Mapping[int, float]
    possible: Mapping[int, float]

    def of(self, item: int, marks: Sequence[Mark]) -> list[float | None]:
        """How far the rest of each mark's attempt is above the mean, as a share of its points.

        None where there is no rest. Rounded, so that equal rests are equal.
        """
        # Local names: this runs for every mark.
        mean, deviations, possible = self.means.get(item, 0.0), self.deviations, self.possible
        return [
            round((deviations[attempt] - points * ((fraction or 0.0) - mean)) / rest, 12)
            if (rest := possible[attempt] - points) > 0
            else None
            for _, _, attempt, _, points, fraction, *_ in marks
        ]


def compare(forms: Iterable[Sequence[Mark]]) -> Rests:
    """What these attempts' rests are made of; an unanswered item is 0, as in the score."""
    fractions: dict[int, list[float]] = defaultdict(list)
    forms = list(forms)
    for form in forms:
        for mark in form:
            fractions[mark.item].append(mark.fraction or 0.0)
    means = {item: mean(values) for item, values in fractions.items()}
    return Rests(
        means,
        {
            form[0].attempt: fsum(
                [mark.points * ((mark.fraction or 0.0) - means[mark.item]) for mark in form]
            )
            for form in forms
        },
        {form[0].attempt: fsum([mark.points for mark in form]) for form in forms},
    )
