"""What is analysed and what comes of it: marks in, figures out.

Shares, facilities and correlations are 0..1 or -1..1, scores per cent, times milliseconds. A
figure that cannot be said is None, and `why` has the reason by the figure's name: too_few,
constant (all the same), one_item, unequal_forms, no_cut_score, unreliable (no reliability above
0), negative (a covariance).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

Exposures = Literal["first", "best", "last", "all"]
Reason = Literal[
    "too_few", "constant", "one_item", "unequal_forms", "no_cut_score", "unreliable", "negative"
]
Level = Literal["act", "look", "know"]


class Mark(NamedTuple):
    """What one attempt got for one item.

    Attempt ids rise with time. `position` is the place on the form, from 1. `fraction` is 0..1,
    None where nothing was answered; then `seen` tells whether it was shown all the same.
    `chosen` has the options' source indices, () for a blank, None where there are none to choose
    or where it was asked in other words: then it is in no count of choices. `spent` is in
    milliseconds, None where it is not known.
    """

    person: int
    item: int
    attempt: int
    position: int
    points: float
    fraction: float | None
    seen: bool = False
    chosen: tuple[int, ...] | None = None
    spent: int | None = None


@dataclass(frozen=True)
class Asked:
    """The options of a choice item: how many, which are right, whether several are chosen."""

    options: int
    key: frozenset[int]
    several: bool = False


@dataclass(frozen=True)
class Options:
    """What is analysed, and from how many first exposures what is said.

    `exposures` chooses among the attempts in which a person was shown an item, and for the
    quiz among a person's attempts; best is the attempt with the best score, the earliest of
    equals. `cut_score` is per cent. `left_out` are the items that were voided or granted: they
    count nowhere. `groups` is how many groups by score the choices are counted in.
    """

    exposures: Exposures = "first"
    cut_score: float | None = None
    left_out: frozenset[int] = frozenset()
    facility_from: int = 30
    discrimination_from: int = 100
    groups: int = 3
    bins: int = 10
    confidence: float = 0.95


@dataclass(frozen=True)
class Interval:
    """A confidence interval, ends included."""

    low: float
    high: float


@dataclass(frozen=True)
class Spread:
    """Quartiles of so many values."""

    n: int
    lower: float
    median: float
    upper: float


@dataclass(frozen=True)
class Choice:
    """How often an option was chosen, in all and by score group, the weakest group first."""

    option: int
    is_key: bool
    count: int
    by_group: tuple[int, ...]


@dataclass(frozen=True)
class ItemFigures:
    """What is known of an item from its `n` exposures that were reached.

    `n` is `right` + `partly` + `wrong` + `blank`; a blank counts as 0, `unreached` are apart.
    `earned` is the sum of the fractions 0..1.
    Marks are in points, as sd, variances and covariances are. `interval` is the facility's,
    `discrimination_interval` the discrimination's. `efficiency` and `effective_weight` are
    shares (1 is 100%). `group_sizes` and `blank_by_group` go with the groups of `choices`.
    """

    item: int
    points: float
    n: int
    right: int
    partly: int
    wrong: int
    blank: int
    unreached: int
    earned: float
    facility: float | None = None
    interval: Interval | None = None
    sd: float | None = None
    mark_variance: float | None = None
    rest_variance: float | None = None
    covariance: float | None = None
    covariance_max: float | None = None
    discrimination: float | None = None
    discrimination_interval: Interval | None = None
    efficiency: float | None = None
    effective_weight: float | None = None
    point_biserial: float | None = None
    choices: tuple[Choice, ...] = ()
    group_sizes: tuple[int, ...] = ()
    blank_by_group: tuple[int, ...] = ()
    spent: Spread | None = None
    why: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class Bin:
    """How many scores lie from `low` to below `high` per cent; the last one has its end too."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Consistency:
    """How far the decision to pass rests on the person and not on chance.

    `agreement` is the share of people whom a second, equal attempt would decide alike, `kappa`
    how much of that is beyond chance (None where all would pass or fail). `accuracy` is the
    share whom the decision puts where their true score is; `false_pass` and `false_fail` are
    the rest. `reliability` and `length` (in right-or-wrong items) are what it was computed from.
    """

    agreement: float
    kappa: float | None
    accuracy: float
    false_pass: float
    false_fail: float
    reliability: float
    length: float


@dataclass(frozen=True)
class QuizFigures:
    """What is known of a quiz from `attempts` by `people`, one each unless all were asked for.

    Scores, their mean, quartiles, sd and standard errors are per cent. `is_fixed`: every attempt
    had the same items for the same points, so that `alpha` can be said (KR-20 where no mark is
    partial). `standard_error` is of a person's score, `passed` of `attempts` are at or above
    the cut score.
    """

    attempts: int
    people: int
    items: int
    is_fixed: bool
    bins: tuple[Bin, ...]
    spread: Spread | None = None
    mean: float | None = None
    sd: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    passed: int | None = None
    pass_interval: Interval | None = None
    alpha: float | None = None
    is_kr20: bool = False
    standard_error: float | None = None
    consistency: Consistency | None = None
    why: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """Something to look at in an item, as a code with arguments (see looks.CODES).

    `level`: act (most likely a mistake), look (may be one), know (said as information).
    """

    code: str
    item: int
    level: Level
    args: Mapping[str, Any]


@dataclass(frozen=True)
class Analysis:
    """All that is said about a quiz; `looks` has the most pressing first."""

    items: Mapping[int, ItemFigures]
    quiz: QuizFigures
    looks: tuple[Look, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "items": [asdict(figures) for figures in self.items.values()],
            "quiz": asdict(self.quiz),
            "looks": [asdict(look) for look in self.looks],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Analysis":
        """The same again from what was kept."""
        return cls(
            {one["item"]: _item(one) for one in kept["items"]},
            _quiz(kept["quiz"]),
            tuple(Look(**one) for one in kept["looks"]),
        )


def _item(kept: Mapping[str, Any]) -> ItemFigures:
    choices = (Choice(**one | {"by_group": tuple(one["by_group"])}) for one in kept["choices"])
    return ItemFigures(
        **{
            **kept,
            "interval": _made(Interval, kept["interval"]),
            "discrimination_interval": _made(Interval, kept["discrimination_interval"]),
            "choices": tuple(choices),
            "group_sizes": tuple(kept["group_sizes"]),
            "blank_by_group": tuple(kept["blank_by_group"]),
            "spent": _made(Spread, kept["spent"]),
        }
    )


def _quiz(kept: Mapping[str, Any]) -> QuizFigures:
    return QuizFigures(
        **{
            **kept,
            "bins": tuple(Bin(**one) for one in kept["bins"]),
            "spread": _made(Spread, kept["spread"]),
            "pass_interval": _made(Interval, kept["pass_interval"]),
            "consistency": _made(Consistency, kept["consistency"]),
        }
    )


def _made(kind: type[Any], kept: Mapping[str, Any] | None) -> Any:
    return None if kept is None else kind(**kept)
