"""The figures of a whole quiz: its scores, how reliable they are, how consistent passing is."""

from collections import Counter
from collections.abc import Sequence
from math import floor, fsum, sqrt
from typing import Any

from quizapp.reports.statistics import consistency, exposures
from quizapp.reports.statistics.model import Bin, Consistency, Mark, Options, QuizFigures, Reason
from quizapp.reports.statistics.moments import (
    NOTHING,
    centred,
    covariance,
    kurtosis,
    mean,
    skewness,
    spread,
    wilson,
)

Form = Sequence[Mark]
_SCORES = ("spread", "mean", "sd", "skewness", "kurtosis", "pass_interval")
_RELIABILITY = ("alpha", "standard_error", "consistency")
# A score that is the cut score but for the noise of adding up passes.
NOISE = 1e-9


def figures(forms: Sequence[Form], options: Options) -> QuizFigures:
    """The figures of a quiz from the attempts that count."""
    scores = [exposures.percent(form) for form in forms]
    cut, n = options.cut_score, len(forms)
    passed = None if cut is None else sum(score >= cut - NOISE for score in scores)
    fixed, is_whole = is_fixed(forms), _is_right_or_wrong(forms)
    found: dict[str, Any] = {}
    why: dict[str, Reason] = {}
    if n >= max(1, options.facility_from):
        found |= _scores(scores, why)
        if passed is not None:
            found["pass_interval"] = wilson(passed, n, options.confidence)
    else:
        why |= dict.fromkeys(_SCORES, "too_few")
    if n >= max(2, options.discrimination_from):
        found |= _reliability(forms, scores, fixed, cut, is_whole, why)
    else:
        why |= dict.fromkeys(_RELIABILITY, "too_few")
    if cut is None:
        why |= dict.fromkeys(("passed", "pass_interval", "consistency"), "no_cut_score")
    return QuizFigures(
        n,
        len({form[0].person for form in forms}),
        len({mark.item for form in forms for mark in form}),
        fixed,
        _bins(scores, options.bins),
        passed=passed,
        is_kr20=fixed and is_whole,
        **found,
        why=why,
    )


def is_fixed(forms: Sequence[Form]) -> bool:
    """Whether every attempt had the same items for the same points."""
    return len({frozenset((mark.item, mark.points) for mark in form) for form in forms}) == 1


def _is_right_or_wrong(forms: Sequence[Form]) -> bool:
    return {mark.fraction for form in forms for mark in form} <= {None, 0, 1}


def _bins(scores: Sequence[float], bins: int) -> tuple[Bin, ...]:
    counts = [0] * bins
    for score in scores:
        counts[min(bins - 1, floor(score * bins / 100 + NOISE))] += 1
    return tuple(
        Bin(100 * place / bins, 100 * (place + 1) / bins, count)
        for place, count in enumerate(counts)
    )


def _scores(scores: Sequence[float], why: dict[str, Reason]) -> dict[str, Any]:
    found: dict[str, Any] = {"spread": spread(scores), "mean": mean(scores)}
    if len(scores) > 1:
        deviations = centred(scores)
        found["sd"] = sqrt(covariance(deviations, deviations))
    else:
        why["sd"] = "too_few"
    for name, shape, least in (("skewness", skewness, 3), ("kurtosis", kurtosis, 4)):
        found[name] = shape(scores)
        if found[name] is None:
            why[name] = "too_few" if len(scores) < least else "constant"
    return found


def _reliability(
    forms: Sequence[Form],
    scores: Sequence[float],
    fixed: bool,
    cut: float | None,
    is_whole: bool,
    why: dict[str, Reason],
) -> dict[str, Any]:
    """Alpha for a fixed form; the standard error and the decision's consistency for all."""
    deviations = centred(scores)
    variance = covariance(deviations, deviations)
    if variance < NOTHING:
        why |= dict.fromkeys(_RELIABILITY, "constant")
        return {}
    found: dict[str, Any] = {}
    if fixed:
        reliability = alpha(forms)
        if reliability is None:
            why |= dict.fromkeys(_RELIABILITY, "one_item")
            return {}
        found["alpha"] = reliability
        found["standard_error"] = sqrt(variance * max(0.0, 1 - reliability))
    else:
        why["alpha"] = "unequal_forms"
        error = error_variance(forms)
        if error is None:
            why |= dict.fromkeys(("standard_error", "consistency"), "one_item")
            return found
        reliability = 1 - error / variance
        found["standard_error"] = sqrt(error)
    if cut is not None:
        found["consistency"] = _consistency(forms, scores, reliability, cut / 100, is_whole)
        if found["consistency"] is None:
            why["consistency"] = "unreliable"
    return found


def alpha(forms: Sequence[Form]) -> float | None:
    """Cronbach's alpha of a fixed form (Cronbach 1951, Psychometrika 16, 297-334), None for one
    item or equal scores.

    With marks of right and wrong it is KR-20 (Kuder & Richardson 1937, Psychometrika 2,
    151-160). Unanswered is 0, as in the score.
    """
    of_item, totals = _columns(forms)
    total, k = covariance(totals, totals), len(of_item)
    if k < 2 or total < NOTHING:
        return None
    parts = [covariance(x, x) for x in of_item.values()]
    return k / (k - 1) * (1 - fsum(parts) / total)


def _columns(forms: Sequence[Form]) -> tuple[dict[int, list[float]], list[float]]:
    """Each item's marks and the totals of a fixed form, all centred."""
    of_item: dict[int, list[float]] = {mark.item: [] for mark in forms[0]}
    for form in forms:
        for mark in form:
            of_item[mark.item].append(mark.points * (mark.fraction or 0.0))
    totals = [fsum(marks) for marks in zip(*of_item.values(), strict=True)]
    return {item: centred(marks) for item, marks in of_item.items()}, centred(totals)


def error_variance(forms: Sequence[Form]) -> float | None:
    """The mean error variance of scores (per cent, squared) on forms drawn at random.

    Another draw might have been easier: that is error too, where there is one cut score. So
    each person's error is that of the mean of a sample of items (Lord 1957, Educational and
    Psychological Measurement 17, 510-521, for right and wrong; Brennan 1998, Applied
    Psychological Measurement 22, 307-331, for all marks), as a ratio where points differ
    (Cochran 1977, Sampling Techniques, ch. 6). Where parts of the form are drawn apart, it is
    rather too high than too low. None where no form has two items.
    """
    errors = []
    for form in forms:
        n, possible = len(form), fsum(mark.points for mark in form)
        if n < 2 or possible <= 0:
            continue
        share = exposures.percent(form) / 100
        squares = fsum([(mark.points * ((mark.fraction or 0.0) - share)) ** 2 for mark in form])
        errors.append(100**2 * n / (n - 1) * squares / possible**2)
    return mean(errors) if errors else None


def _consistency(
    forms: Sequence[Form],
    scores: Sequence[float],
    reliability: float,
    cut: float,
    is_whole: bool,
) -> Consistency | None:
    shares = [score / 100 for score in scores]
    deviations = centred(shares)
    kinds = Counter(tuple(sorted([mark.points for mark in form])) for form in forms)
    borders = fsum(
        [
            many * consistency.boundary(points, cut, is_whole=is_whole)
            for points, many in kinds.items()
        ]
    )
    return consistency.estimate(
        mean(shares),
        fsum([d * d for d in deviations]) / len(shares),
        reliability,
        cut,
        borders / len(forms),
    )


def effective_weights(forms: Sequence[Form]) -> dict[int, float | None]:
    """How much each item of a fixed form has in the differences between scores, as a share.

    100 x sqrt(covariance with the total) / the sum of these, as in Moodle's quiz statistics;
    None for a negative covariance, which has no part in the sum. Empty where nothing varies.
    """
    of_item, totals = _columns(forms)
    together = {item: covariance(marks, totals) for item, marks in of_item.items()}
    roots = {item: sqrt(cov) for item, cov in together.items() if cov >= 0}
    whole = fsum(roots.values())
    if whole * whole < NOTHING:
        return {}
    return {item: roots[item] / whole if item in roots else None for item in together}
