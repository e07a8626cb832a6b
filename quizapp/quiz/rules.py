"""The rules of a quiz: who may start when, how one moves, what is scored how and seen when.

Pure: facts and the time come as arguments. A quiz keeps its rules as JSON in each revision; an
attempt keeps a copy as its terms, so that a changed rule never changes an open attempt.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Literal, get_args

from quizapp.items.scoring import Policy

Counts = Literal["best", "last", "first"]
Navigation = Literal["free", "sequential"]
Layout = Literal["one", "all"]
When = Literal["submit", "close", "passed", "never"]
Refusal = Literal["not-open", "closed", "no-attempts-left", "too-soon"]

# Never shown: the line may be slow, the agent's clock is not the server's.
GRACE = timedelta(seconds=15)
# So long after the end an answer is still kept for a trainer: a line that was down comes back.
LATEST = timedelta(hours=24)
# A certification with fewer says little about a person.
FEWEST_ITEMS = 20


@dataclass(frozen=True)
class ReviewRules:
    """When a submitted attempt shows what: at once, after the closing time, to who passed."""

    score: When = "submit"
    responses: When = "submit"
    right: When = "passed"
    key: When = "passed"
    explanations: When = "passed"


# Practice hides nothing: it is there to learn from.
OPEN_REVIEW = ReviewRules(right="submit", key="submit", explanations="submit")


@dataclass(frozen=True)
class CutBy:
    """What judges said of a quiz's items: each form has the cut score of those it holds.

    `said` maps an item ("bank#id") to the sum of their estimates, each of ten agents, and to how
    many judges gave one. `panel` is the public id of theirs.
    """

    panel: str
    said: Mapping[str, tuple[int, int]]

    def of(self, form: Iterable[tuple[str, Fraction | int]], default: float) -> float:
        """The cut score of a form, given as its items with their points, in per cent.

        An item that nobody judged counts with the `default`, the quiz's own. Cut after the
        decimal that pages show and never rounded up: 66.7 would ask for three of three.
        """
        # Added up by how many judges there were: mostly whole numbers, which are fast.
        tens_by: dict[int, Fraction | int] = {}
        unjudged: Fraction | int = 0
        total: Fraction | int = 0
        for name, points in form:
            tens, judges = self.said.get(name, (0, 0))
            if judges:
                tens_by[judges] = tens_by.get(judges, 0) + tens * points
            else:
                unjudged += points
            total += points
        reached = unjudged * Fraction(str(default)) if unjudged else Fraction()
        for judges, tens_ in tens_by.items():
            reached += Fraction(10 * tens_, judges)
        return math.floor(10 * reached / total) / 10 if total else default

    def only(self, names: Iterable[str]) -> "CutBy":
        """What they said of these items alone."""
        wanted = set(names)
        return CutBy(self.panel, {name: of for name, of in self.said.items() if name in wanted})

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"panel": self.panel, "said": {name: list(of) for name, of in self.said.items()}}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "CutBy":
        """What `to_json` wrote."""
        said = {name: (int(tens), int(judges)) for name, (tens, judges) in given["said"].items()}
        return cls(given["panel"], said)


@dataclass(frozen=True)
class Rules:
    """The rules of a quiz. Scores are per cent, `delay_hours` lies between two attempts.

    With `cut_by` each form has a cut score of its own; `cut_score` is then that of the mean form.
    `minima` maps a competency to the per cent needed in it. Without `consultation`, reader,
    search and practice are closed to the person meanwhile; `release` asks for a supervisor's code.
    """

    cut_score: float = 80.0
    cut_reason: str = ""
    cut_by: CutBy | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    minutes: int | None = None
    attempts: int | None = None
    delay_hours: int = 0
    counts: Counts = "best"
    navigation: Navigation = "free"
    layout: Layout = "one"
    consultation: bool = True
    release: bool = False
    access_code: str = ""
    minima: Mapping[str, float] = field(default_factory=dict)
    exposure_limit: int | None = 200
    review: ReviewRules = field(default_factory=ReviewRules)
    policy: Policy = field(default_factory=Policy)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; times in ISO 8601."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "cut_by"}
        return {
            **plain,
            # Left out where there is none: a state from before says the same then.
            **({"cut_by": self.cut_by.to_json()} if self.cut_by else {}),
            "opens_at": self.opens_at and self.opens_at.isoformat(),
            "closes_at": self.closes_at and self.closes_at.isoformat(),
            "minima": dict(self.minima),
            "review": {f.name: getattr(self.review, f.name) for f in fields(ReviewRules)},
            "policy": self.policy.to_json(),
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Rules":
        """The rules of a revision or an attempt; what it does not say is as by default."""
        known = {f.name for f in fields(cls)} - _MADE
        return cls(
            **{name: value for name, value in given.items() if name in known},
            cut_by=CutBy.from_json(given["cut_by"]) if given.get("cut_by") else None,
            opens_at=_time(given.get("opens_at")),
            closes_at=_time(given.get("closes_at")),
            review=ReviewRules(**given.get("review", {})),
            policy=Policy.from_json(given.get("policy", {})),
        )

    def cut_of(self, form: Iterable[tuple[str, int]]) -> float:
        """The cut score in per cent of a form: its items ("bank#id") with their points."""
        return self.cut_by.of(form, self.cut_score) if self.cut_by else self.cut_score

    def points_needed(self, points: int) -> int:
        """The fewest points of a form, of so many, that reach the cut score ("7 de 8")."""
        return needed(self.cut_score, points)

    def with_cut(self, cut_score: float) -> "Rules":
        """The same with this cut score; another one takes the place of the judges'."""
        kept = self.cut_by if cut_score == self.cut_score else None
        return replace(self, cut_score=cut_score, cut_by=kept)

    def deadline(self, started_at: datetime) -> datetime | None:
        """When an attempt started now ends: after its minutes, at the closing time at most."""
        ends = [] if self.minutes is None else [started_at + timedelta(minutes=self.minutes)]
        if self.closes_at is not None:
            ends.append(self.closes_at)
        return min(ends, default=None)

    def with_allowance(self, extra_minutes: int, extra_attempts: int) -> "Rules":
        """These rules for somebody who was given more."""
        return replace(
            self,
            minutes=None if self.minutes is None else self.minutes + extra_minutes,
            attempts=None if self.attempts is None else self.attempts + extra_attempts,
        )

    def refusal(self, now: datetime, taken: int, last_ended_at: datetime | None) -> Refusal | None:
        """Why nobody with so many attempts may start now, or None."""
        if self.opens_at is not None and now < self.opens_at:
            return "not-open"
        if self.closes_at is not None and now >= self.closes_at:
            return "closed"
        if self.attempts is not None and taken >= self.attempts:
            return "no-attempts-left"
        next_at = self.next_start(last_ended_at)
        return "too-soon" if next_at is not None and now < next_at else None

    def next_start(self, last_ended_at: datetime | None) -> datetime | None:
        """When the delay after the last attempt is over."""
        if last_ended_at is None or not self.delay_hours:
            return None
        return last_ended_at + timedelta(hours=self.delay_hours)

    def shows(self, what: str, now: datetime, *, passed: bool) -> bool:
        """Whether a submitted attempt shows this part of its review (a ReviewRules name)."""
        when: When = getattr(self.review, what)
        match when:
            case "submit":
                return True
            case "close":
                return self.closes_at is not None and now >= self.closes_at
            case "passed":
                return passed
            case _:
                return False


def needed(cut_score: float, points: int) -> int:
    """The fewest points of a form that reach the cut score ("7 de 8")."""
    return math.ceil(Fraction(str(cut_score)) * points / 100)


def is_over(deadline_at: datetime | None, at: datetime) -> bool:
    """Whether what arrived then came after the deadline and its grace."""
    return deadline_at is not None and at > deadline_at + GRACE


def seconds_left(deadline_at: datetime | None, at: datetime) -> int | None:
    """Whole seconds until the deadline, 0 after it; None without one."""
    return None if deadline_at is None else max(0, int((deadline_at - at).total_seconds()))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# What is no plain value in JSON.
_MADE = {"review", "policy", "opens_at", "closes_at", "cut_by"}
COUNTS, NAVIGATION, LAYOUT, WHEN = map(get_args, (Counts, Navigation, Layout, When))
REVIEWED = tuple(f.name for f in fields(ReviewRules))
