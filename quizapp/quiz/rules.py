"""The rules of a quiz: who may start when, how one moves, what is scored how and seen when.

Pure: facts and the time come as arguments. A quiz keeps its rules as JSON in each revision; an
attempt keeps a copy as its terms, so that a changed rule never changes an open attempt.
"""

import math
from collections.abc import Mapping
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
class Rules:
    """The rules of a quiz. Scores are per cent, `delay_hours` lies between two attempts.

    `minima` maps a competency to the per cent needed in it. Without `consultation`, reader,
    search and practice are closed to the person meanwhile; `release` asks for a supervisor's code.
    """

    cut_score: float = 80.0
    cut_reason: str = ""
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
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            **plain,
            "opens_at": self.opens_at and self.opens_at.isoformat(),
            "closes_at": self.closes_at and self.closes_at.isoformat(),
            "minima": dict(self.minima),
            "review": {f.name: getattr(self.review, f.name) for f in fields(ReviewRules)},
            "policy": self.policy.to_json(),
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Rules":
        """The rules of a revision or an attempt; what it does not say is as by default."""
        known = {f.name for f in fields(cls)} - {"review", "policy", "opens_at", "closes_at"}
        return cls(
            **{name: value for name, value in given.items() if name in known},
            opens_at=_time(given.get("opens_at")),
            closes_at=_time(given.get("closes_at")),
            review=ReviewRules(**given.get("review", {})),
            policy=Policy.from_json(given.get("policy", {})),
        )

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


COUNTS, NAVIGATION, LAYOUT, WHEN = map(get_args, (Counts, Navigation, Layout, When))
REVIEWED = tuple(f.name for f in fields(ReviewRules))
