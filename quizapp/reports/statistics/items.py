"""The figures of one item.

Facility is the mean mark by the possible one; discrimination the correlation between the mark
and the rest of the quiz (Lord & Novick 1968, Statistical Theories of Mental Test Scores, ch. 15;
the item itself is not in the rest, else few items would seem to tell people apart); efficiency
the covariance of the two by the greatest that these very marks could have (as in Moodle's quiz
statistics); point-biserial the correlation with the whole score.
"""

from collections import Counter
from collections.abc import Sequence
from math import fsum, sqrt
from typing import Any

from quizapp.reports.statistics import choices
from quizapp.reports.statistics.model import Asked, ItemFigures, Mark, Options, Reason
from quizapp.reports.statistics.moments import (
    NOTHING,
    centred,
    correlation,
    covariance,
    fisher,
    mean,
    spread,
    wilson,
)
from quizapp.reports.statistics.rests import Rests

_FACILITY = ("facility", "interval", "sd", "mark_variance")
_DISCRIMINATION = (
    "rest_variance",
    "covariance",
    "covariance_max",
    "discrimination",
    "discrimination_interval",
    "efficiency",
    "point_biserial",
)


def figures(
    item: int,
    marks: Sequence[Mark],
    unreached: Sequence[Mark],
    asked: Asked | None,
    rests: Rests,
    options: Options,
) -> ItemFigures:
    """The figures of an item from the marks that count, its effective weight left open."""
    n = len(marks)
    standing = rests.of(item, marks)
    points = _points(marks or unreached)
    fractions = [mark.fraction or 0.0 for mark in marks]
    found: dict[str, Any] = {}
    why: dict[str, Reason] = {}
    if n >= max(1, options.facility_from):
        found |= _facility(fractions, points, options.confidence)
        if n == 1:
            why |= dict.fromkeys(("sd", "mark_variance"), "too_few")
    else:
        why |= dict.fromkeys(_FACILITY, "too_few")
    if n >= max(2, options.discrimination_from):
        found |= _discrimination(marks, standing, points, rests, options, why)
    else:
        why |= dict.fromkeys(_DISCRIMINATION, "too_few")
    found |= _chosen(marks, standing, asked, options, why) if asked else {}
    spent = [mark.spent for mark in marks if mark.spent is not None]
    if len(spent) >= max(1, options.facility_from):
        found["spent"] = spread(spent)
    else:
        why["spent"] = "too_few"
    counts = Counter([mark.fraction for mark in marks])
    blank = counts.pop(None, 0)
    right = sum(many for fraction, many in counts.items() if fraction and fraction >= 1)
    partly = sum(many for fraction, many in counts.items() if fraction and 0 < fraction < 1)
    return ItemFigures(
        item,
        points,
        n,
        right,
        partly,
        n - right - partly - blank,
        blank,
        len(unreached),
        fsum(fractions),
        **found,
        why=why,
    )


def _points(marks: Sequence[Mark]) -> float:
    """What the item is worth: mostly, the most where it is undecided."""
    return max(Counter([mark.points for mark in marks]).items(), key=lambda one: (one[1], one[0]))[
        0
    ]


def _facility(fractions: Sequence[float], points: float, confidence: float) -> dict[str, Any]:
    n, deviations = len(fractions), centred(fractions)
    variance = points**2 * covariance(deviations, deviations) if n > 1 else None
    return {
        "facility": mean(fractions),
        "interval": wilson(fsum(fractions), n, confidence),
        "sd": None if variance is None else sqrt(variance),
        "mark_variance": variance,
    }


def _discrimination(
    marks: Sequence[Mark],
    standing: Sequence[float | None],
    points: float,
    rests: Rests,
    options: Options,
    why: dict[str, Reason],
) -> dict[str, Any]:
    """How the item goes with the rest; where that or the item is constant nothing can be said."""
    pairs = [(mark, rest) for mark, rest in zip(marks, standing, strict=True) if rest is not None]
    if len(pairs) < max(2, options.discrimination_from):
        why |= dict.fromkeys(_DISCRIMINATION, "too_few" if pairs else "one_item")
        return {}
    own = [points * (mark.fraction or 0.0) for mark, _ in pairs]
    size = mean([rests.possible[mark.attempt] - mark.points for mark, _ in pairs])
    x, y = centred(own), centred([size * share for _, share in pairs])
    x_variance, y_variance = covariance(x, x), covariance(y, y)
    together = covariance(x, y)
    most = covariance(sorted(x), sorted(y))
    r = correlation(together, x_variance, y_variance)
    found: dict[str, Any] = {
        "rest_variance": y_variance,
        "covariance": together,
        "covariance_max": most,
    }
    if r is None:
        why |= dict.fromkeys(
            ("discrimination", "discrimination_interval", "efficiency", "point_biserial"),
            "constant",
        )
        return found
    found["discrimination"] = r
    found["discrimination_interval"] = fisher(r, len(pairs), options.confidence)
    if most > NOTHING:
        found["efficiency"] = together / most
    else:
        why["efficiency"] = "constant"
    total = _totals([mark for mark, _ in pairs], rests)
    found["point_biserial"] = correlation(
        covariance(x, total), x_variance, covariance(total, total)
    )
    if found["point_biserial"] is None:
        why["point_biserial"] = "constant"
    return found


def _totals(marks: Sequence[Mark], rests: Rests) -> list[float]:
    """The whole scores, made comparable as the rests are, centred."""
    return centred(
        [rests.deviations[mark.attempt] / rests.possible[mark.attempt] for mark in marks]
    )


def _chosen(
    marks: Sequence[Mark],
    standing: Sequence[float | None],
    asked: Asked,
    options: Options,
    why: dict[str, Reason],
) -> dict[str, Any]:
    """The choices; by group only where there are enough people and a rest to group them by."""
    pairs = zip(marks, standing, strict=True)
    known = [(mark, rest) for mark, rest in pairs if mark.chosen is not None]
    ranked = [rest for _, rest in known if rest is not None]
    groups = options.groups
    if len(known) < max(1, options.facility_from):
        groups, why["group_sizes"] = 0, "too_few"
    elif len(ranked) < len(known):
        groups, why["group_sizes"] = 0, "one_item"
    grouped = choices.group(ranked, groups) if groups else [0] * len(known)
    found, sizes, blank = choices.count(asked, [mark for mark, _ in known], grouped, groups)
    return {"choices": found, "group_sizes": sizes, "blank_by_group": blank}
