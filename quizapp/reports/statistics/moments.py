"""Means, variances, correlations and their intervals, for lists of numbers.

Sums are exact until they are rounded (fsum), so that no figure depends on the order in which
people or items come.
"""

from collections.abc import Sequence
from functools import cache
from math import atanh, fsum, sqrt, tanh
from statistics import NormalDist, quantiles

from quizapp.reports.statistics.model import Interval, Spread

# Below this a variance is the noise of rounding.
NOTHING = 1e-12


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; of something."""
    return fsum(values) / len(values)


def centred(values: Sequence[float]) -> list[float]:
    """The deviations from the mean."""
    middle = mean(values)
    return [value - middle for value in values]


def covariance(x: Sequence[float], y: Sequence[float]) -> float:
    """The sample covariance (n - 1) of two centred lists."""
    return fsum([a * b for a, b in zip(x, y, strict=True)]) / (len(x) - 1)


def correlation(cov: float, x_variance: float, y_variance: float) -> float | None:
    """Pearson's correlation, None where one of the two is constant."""
    if x_variance < NOTHING or y_variance < NOTHING:
        return None
    return max(-1.0, min(1.0, cov / sqrt(x_variance * y_variance)))


@cache
def z_of(confidence: float) -> float:
    """How many standard errors an interval of this confidence reaches to either side."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: float, n: int, confidence: float) -> Interval:
    """The score interval of a share (Wilson 1927, JASA 22, 209-212).

    Also for means of partial credit, where it is rather too wide than too narrow: no variable
    of 0..1 with mean p has more variance than p(1 - p), which is that of right and wrong.
    """
    z, share = z_of(confidence), successes / n
    middle = share + z * z / (2 * n)
    reach = z * sqrt(max(0.0, share * (1 - share)) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return Interval(
        min(share, max(0.0, (middle - reach) / scale)),
        max(share, min(1.0, (middle + reach) / scale)),
    )


def fisher(r: float, n: int, confidence: float) -> Interval:
    """The interval of a correlation by Fisher's z (Fisher 1921, Metron 1, 3-32)."""
    if abs(r) >= 1 or n <= 3:
        return Interval(r, r) if n > 3 else Interval(-1.0, 1.0)
    reach = z_of(confidence) / sqrt(n - 3)
    return Interval(tanh(atanh(r) - reach), tanh(atanh(r) + reach))


def spread(values: Sequence[float]) -> Spread:
    """The quartiles of something, ends included (Hyndman & Fan's type 7)."""
    if len(values) == 1:
        return Spread(1, values[0], values[0], values[0])
    lower, middle, upper = quantiles(values, n=4, method="inclusive")
    return Spread(len(values), lower, middle, upper)


def skewness(values: Sequence[float]) -> float | None:
    """G1 (Joanes & Gill 1998, The Statistician 47, 183-189), None for fewer than 3 or equals."""
    n, deviations = len(values), centred(values)
    second = fsum([d * d for d in deviations]) / n
    if n < 3 or second < NOTHING:
        return None
    third = fsum([d**3 for d in deviations]) / n
    return third / (second * sqrt(second)) * sqrt(n * (n - 1)) / (n - 2)


def kurtosis(values: Sequence[float]) -> float | None:
    """G2, the excess (Joanes & Gill 1998), None for fewer than 4 or equals."""
    n, deviations = len(values), centred(values)
    second = fsum([d * d for d in deviations]) / n
    if n < 4 or second < NOTHING:
        return None
    excess = fsum([d**4 for d in deviations]) / n / second**2 - 3
    return ((n + 1) * excess + 6) * (n - 1) / ((n - 2) * (n - 3))
