"""The rules of a program: what is done in which order, for how long an award is valid.

Pure: days come as arguments. A program keeps its rules as JSON in each revision.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

StepKind = Literal["read", "quiz"]

WARN_DAYS = (60, 30, 7)


@dataclass(frozen=True)
class Step:
    """A procedure to read, or one section of it by `anchor`, or a quiz to pass."""

    kind: StepKind
    slug: str
    anchor: str = ""


@dataclass(frozen=True)
class Validity:
    """For how long an award is valid: so many months, or up to a (day, month) of every year."""

    months: int | None = None
    until: tuple[int, int] | None = None

    def end(self, awarded_on: date, warned: timedelta) -> date | None:
        """The last valid day of an award; the same day of the month, or the month's last.

        By a fixed day, the first one for which the warning has not begun when it is awarded:
        who renews in December what ends on 31/12 has renewed it for the year that follows.
        """
        if self.months is not None:
            years, month = divmod(awarded_on.month - 1 + self.months, 12)
            return _clamped(awarded_on.year + years, month + 1, awarded_on.day)
        if self.until is None:
            return None
        day, month = self.until
        year = awarded_on.year
        while (end := _clamped(year, month, day)) - awarded_on <= warned:
            year += 1
        return end


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class ProgramRules:
    """The rules of a program; `minutes` are printed as its hours, `queues` whom it makes ready.

    `warn_days` are how many days before its end a certification's person is told; the longest
    of these is when the renewal opens.
    """

    minutes: int | None
    in_order: bool
    validity: Validity | None
    warn_days: tuple[int, ...] = WARN_DAYS
    queues: tuple[str, ...] = ()

    def valid_until(self, awarded_on: date) -> date | None:
        """The last day on which what is awarded on this day is valid; None for ever."""
        return self.validity.end(awarded_on, self._warned) if self.validity else None

    def renews_on(self, valid_until: date) -> date:
        """The day on which the renewal of what is valid so long opens."""
        return valid_until - self._warned

    @property
    def _warned(self) -> timedelta:
        return timedelta(days=max(self.warn_days, default=0))

    def to_json(self) -> dict[str, Any]:
        """The rules as they are stored."""
        validity = self.validity
        return {
            "minutes": self.minutes,
            "in_order": self.in_order,
            "validity": validity
            and {"months": validity.months, "until": validity.until and list(validity.until)},
            "warn_days": list(self.warn_days),
            "queues": list(self.queues),
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "ProgramRules":
        """The rules as they were stored."""
        validity = None
        if kept := given["validity"]:
            until = kept["until"]
            validity = Validity(kept["months"], (until[0], until[1]) if until else None)
        return cls(
            given["minutes"],
            given["in_order"],
            validity,
            tuple(given["warn_days"]),
            tuple(given["queues"]),
        )
