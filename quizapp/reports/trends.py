"""How teams do over time: people certified, and exams passed of those submitted, week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Date, Integer, bindparam, text
from sqlalchemy.orm import Session

from quizapp.certification.facts import chunks
from quizapp.db import UtcDateTime
from quizapp.people import audience, calendars
from quizapp.people.teams import Led
from quizapp.reports import people
from quizapp.reports.scorings import IS_LATEST

WEEKS = 12
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days that end on `ends`, today or a whole number of weeks before.

    `certified` is how many of today's people held a certification on that day; `passed` of
    `submitted` are exams of those days.
    """

    ends: date
    certified: int
    submitted: int
    passed: int


@dataclass(frozen=True)
class Trend:
    """The last weeks of so many people, the oldest first."""

    people: int
    weeks: tuple[Week, ...]


def of_teams(session: Session, leader: int, led: Sequence[Led], now: datetime) -> Trend:
    """The last weeks of who works in these teams of a leader today."""
    today = calendars.day_of(None, now)
    ends = [today - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    ids = [one.id for one in people.of_teams(session, [team.id for team in led], now)]
    certified: list[set[int]] = [set() for _ in ends]
    tried = [[0, 0] for _ in ends]
    edges = [_midnight(day + DAY) for day in (ends[0] - timedelta(weeks=1), *ends)]
    asked = {"viewer": leader, **{f"edge{n}": edge for n, edge in enumerate(edges)}}
    for some in chunks(ids):
        for user_id, first, last in _held(session, tuple(some), ends[0]):
            for n, day in enumerate(ends):
                if first <= day and (last is None or day <= last):
                    certified[n].add(user_id)
        counts = session.execute(_TRIED, {**asked, "people": tuple(some)}).one()
        for n, week in enumerate(tried):
            week[0] += counts[2 * n] or 0
            week[1] += counts[2 * n + 1] or 0
    weeks = zip(ends, certified, tried, strict=True)
    return Trend(len(ids), tuple(Week(day, len(held), *some) for day, held, some in weeks))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), calendars.zone_of(None))


def _held(
    session: Session, user_ids: tuple[int, ...], since: date
) -> list[tuple[int, date, date | None]]:
    """From when to when each certification was valid; a revoked one until the day before."""
    found = []
    for row in session.execute(_HELD, {"people": user_ids, "since": since}):
        last = row.valid_until
        if row.revoked_at is not None:
            revoked = calendars.day_of(None, row.revoked_at) - timedelta(days=1)
            last = min(last or revoked, revoked)
        found.append((row.user_id, row.awarded_on, last))
    return found


_HELD = (
    text(
        """
    SELECT certification.user_id, certification.awarded_on, certification.valid_until,
           CASE WHEN act.act = 'revoked' THEN act.at END AS revoked_at
    FROM certification
    LEFT JOIN certification_act AS act ON act.certification_id = certification.id
        AND NOT EXISTS (
            SELECT 1 FROM certification_act AS later
            WHERE later.certification_id = act.certification_id AND later.id > act.id)
    WHERE certification.user_id IN :people
      AND (certification.valid_until IS NULL OR certification.valid_until >= :since)
    """
    )
    .bindparams(bindparam("people", expanding=True), bindparam("since", type_=Date))
    .columns(user_id=Integer, awarded_on=Date, valid_until=Date, revoked_at=UtcDateTime)
)
# Counted by the database, which has them by the thousand: two figures a week.
_FIGURES = ", ".join(
    f"""sum(CASE WHEN {week} THEN 1 ELSE 0 END), sum(CASE WHEN {week} AND score.passed
        THEN 1 ELSE 0 END)"""
    for week in (
        f"attempt.submitted_at >= :edge{n} AND attempt.submitted_at < :edge{n + 1}"
        for n in range(WEEKS)
    )
)
_TRIED = text(
    f"""
    SELECT {_FIGURES}
    FROM attempt JOIN quiz ON quiz.id = attempt.quiz_id AND quiz.use = 'exam'
    JOIN score ON score.attempt_id = attempt.id AND {IS_LATEST}
    WHERE attempt.user_id IN :people AND attempt.state = 'submitted'
      AND attempt.submitted_at >= :edge0 AND {audience.visible("quiz", "quiz.slug")}
    """  # noqa: S608
).bindparams(
    bindparam("people", expanding=True),
    *(bindparam(f"edge{n}", type_=UtcDateTime) for n in range(WEEKS + 1)),
)
