"""A cut score set by judges, in the light form of Angoff's method.

Each judge estimates for every item how many of ten barely ready agents get it right (Angoff
1971, in Thorndike, Educational Measurement, pp. 508-600). A form's cut score is the sum of its
items' mean estimates, weighted by their points, as a per cent of its points: so forms drawn
from pools each get theirs, by the items they hold. Three judges are the least.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import median
from typing import Literal, NamedTuple

LEAST = 3
# Of ten agents: judges so far apart on an item should talk about it.
WIDE = 5
# A judge is far off beyond 3.5 by the modified z score (Iglewicz & Hoaglin 1993, How to Detect
# and Handle Outliers), where that is ten points of a hundred at least.
FAR_Z = 3.5
FAR_POINTS = 10.0


class Estimate(NamedTuple):
    """How many of ten barely ready agents get the item right, by one judge: 0..10."""

    judge: int
    item: int
    of_ten: float


@dataclass(frozen=True)
class Judged:
    """What the judges say of an item, of ten agents; `sd` between judges, None for one judge.

    `is_wide`: they are so far apart that they should talk about it.
    """

    item: int
    judges: int
    mean: float
    lowest: float
    highest: float
    sd: float | None
    is_wide: bool


@dataclass(frozen=True)
class CutScore:
    """The cut score of one form in per cent, None with a `reason`.

    `missing` are the items that fewer than three judged. `by_judge` is what each who judged
    all of the form would set, `far` who is far from the others; `sd` is between these judges,
    `standard_error` = sd / sqrt(judges) that of the cut score with other judges of the kind
    (Cizek & Bunch 2007, Standard Setting).
    """

    percent: float | None
    reason: Literal["no_items", "too_few_judges"] | None
    missing: tuple[int, ...]
    by_judge: Mapping[int, float]
    far: tuple[int, ...]
    sd: float | None
    standard_error: float | None


def judged(estimates: Iterable[Estimate]) -> dict[int, Judged]:
    """The items that somebody judged; a judge's last word on an item counts."""
    return {item: _judged(item, list(said.values())) for item, said in _by_item(estimates).items()}


def _by_item(estimates: Iterable[Estimate]) -> dict[int, dict[int, float]]:
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for judge, item, of_ten in estimates:
        if not 0 <= of_ten <= 10:
            raise ValueError(f"{of_ten} of ten agents")
        found[item][judge] = of_ten
    return found


def _judged(item: int, said: Sequence[float]) -> Judged:
    lowest, highest = min(said), max(said)
    return Judged(
        item,
        len(said),
        fsum(said) / len(said),
        lowest,
        highest,
        _sd(said),
        highest - lowest >= WIDE,
    )


def _sd(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    mean = fsum(values) / len(values)
    return sqrt(fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def cut_score(form: Mapping[int, float], estimates: Iterable[Estimate]) -> CutScore:
    """The cut score of a form, given as the points of its items.

    Points times the chance that an item is drawn give that of the mean form of a pool.
    Raises ValueError for an estimate that is not 0..10.
    """
    by_item = _by_item(estimates)
    total = fsum(form.values())
    missing = tuple(sorted(item for item in form if len(by_item.get(item, ())) < LEAST))
    judges = sorted({judge for item in form for judge in by_item.get(item, ())})
    by_judge = {
        judge: fsum(by_item[item][judge] * 10 * points for item, points in form.items()) / total
        for judge in judges
        if total > 0 and all(judge in by_item.get(item, ()) for item in form)
    }
    cuts = list(by_judge.values())
    sd = _sd(cuts)
    percent = None
    if total > 0 and not missing:
        means = {item: fsum(by_item[item].values()) / len(by_item[item]) for item in form}
        percent = fsum(means[item] * 10 * points for item, points in form.items()) / total
    return CutScore(
        percent,
        "no_items" if total <= 0 else "too_few_judges" if missing else None,
        missing,
        by_judge,
        _far(by_judge) if len(by_judge) >= LEAST else (),
        sd,
        None if sd is None else sd / sqrt(len(cuts)),
    )


def _far(by_judge: Mapping[int, float]) -> tuple[int, ...]:
    """The judges who are far from the middle, by the spread of the others about it."""
    middle = median(by_judge.values())
    apart = {judge: abs(cut - middle) for judge, cut in by_judge.items()}
    spread = median(apart.values())
    return tuple(
        judge
        for judge, distance in apart.items()
        if distance >= FAR_POINTS and 0.6745 * distance > FAR_Z * spread
    )
