"""How consistent the decision to pass is, from one attempt of each person.

Livingston & Lewis (1995, Journal of Educational Measurement 32, 179-197): the score is taken as
that of so many equal right-or-wrong items as would be just as reliable (the effective length),
true scores as a beta distribution, errors as binomial. It needs only mean, variance and
reliability of the per cents, so it holds for partial credit, for unequal points and for forms
drawn from pools. To draw each person's own answers again instead (the bootstrap of Brennan & Wan
2004, CASMA Research Report 7) takes an observed score for a true one, which is too sure in short
quizzes: 74% for a real agreement of 65% with eight items (docs/item-analysis.md).

Two departures: the beta has two parameters, since the four need moments that hundreds of people
do not give; and the length is not rounded, as a binomial tail is an incomplete beta function,
which takes any length.
"""

from collections.abc import Callable, Sequence
from math import ceil, cosh, exp, gcd, lgamma, log, pi, sinh, tanh

from quizapp.reports.statistics.beta import incomplete_beta
from quizapp.reports.statistics.model import Consistency
from quizapp.reports.statistics.moments import NOTHING

# More reliable than this no quiz is; beyond it the length would be endless.
MOST_RELIABLE = 0.999
NODES = 60
REACH = 3.2


def boundary(points: Sequence[float], cut: float, *, is_whole: bool) -> float:
    """The share of a form's points that divides passing from failing, `cut` being a share.

    Where marks are right or wrong (`is_whole`) a form gives only some scores: it is midway
    between the last that fails and the first that passes. With partial credit it is the cut.
    """
    if not is_whole or any(value != int(value) for value in points):
        return cut
    step = gcd(*(int(value) for value in points))
    total = sum(points)
    return (ceil(cut * total / step - 1e-9) - 0.5) * step / total


def estimate(
    mean: float, variance: float, reliability: float, cut: float, border: float
) -> Consistency | None:
    """From mean and variance (by n) of the scores, all as shares; None where reliability is
    not above 0 or nothing varies.

    `cut` is what a true score is held against, `border` what an observed one is.
    """
    if reliability <= 0 or variance < NOTHING:
        return None
    reliability = min(reliability, MOST_RELIABLE)
    true_variance = reliability * variance
    room = mean * (1 - mean)
    length = (room - true_variance) / (variance - true_variance)
    concentration = room / true_variance - 1
    a, b = mean * concentration, (1 - mean) * concentration
    need = border * length

    def passes(p: float) -> float:
        return 1.0 if border <= 0 else incomplete_beta(need + 0.5, length - need + 0.5, p)

    below = _expected(a, b, 0.0, cut, passes)
    above = _expected(a, b, cut, 1.0, passes)
    weight = below[0] + above[0]
    passing = (below[1] + above[1]) / weight
    both = (below[2] + above[2]) / weight
    agreement = 1 - 2 * passing + 2 * both
    by_chance = passing**2 + (1 - passing) ** 2
    false_pass = below[1] / weight
    false_fail = (above[0] - above[1]) / weight
    return Consistency(
        _share(agreement),
        (agreement - by_chance) / (1 - by_chance) if by_chance < 1 - 1e-9 else None,
        _share(1 - false_pass - false_fail),
        _share(false_pass),
        _share(false_fail),
        reliability,
        length,
    )


def _share(value: float) -> float:
    return max(0.0, min(1.0, value))


def _expected(
    a: float, b: float, low: float, high: float, passes: Callable[[float], float]
) -> tuple[float, float, float]:
    """The beta's weight between two shares, and that times passing once and passing twice.

    By tanh-sinh quadrature (Takahasi & Mori 1974), for which a density without end at 0 or 1
    is no trouble.
    """
    whole = once = twice = 0.0
    if high <= low:
        return whole, once, twice
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    for node in range(-NODES, NODES + 1):
        t = REACH * node / NODES
        edge = exp(-pi * sinh(abs(t)))  # how near to the end, without loss of digits
        near = edge / (1 + edge)
        p = low + (high - low) * (near if t < 0 else 1 - near)
        rest = (1 - high) + (high - low) * (near if t > 0 else 1 - near)
        slope = pi / 2 * cosh(t) * (high - low) * (1 - tanh(pi / 2 * sinh(t)) ** 2) / 2
        if p <= 0 or rest <= 0 or slope <= 0:
            continue
        weight = slope * exp(scale + (a - 1) * log(p) + (b - 1) * log(rest))
        chance = passes(p)
        whole, once, twice = whole + weight, once + weight * chance, twice + weight * chance**2
    return whole, once, twice
