"""How teams do over time: people certified, and exams passed of those submitted, week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import BindParameter, Date, bindparam, text
from sqlalchemy.orm import Session

from quizapp.db import UtcDateTime
from quizapp.people import audience, calendars
from quizapp.people.teams import Led
from quizapp.reports.people import IN_TEAMS
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
    teams = {"teams": [team.id for team in led]}
    days = {f"day{n}": day for n, day in enumerate(ends)}
    # Of the week n from edge n to edge n + 1.
    edges = {
        f"edge{n}": _midnight(day + DAY)
        for n, day in enumerate((ends[0] - timedelta(weeks=1), *ends))
    }
    people = session.execute(_PEOPLE, teams).scalar_one()
    certified = session.execute(_CERTIFIED, {**teams, **days, **edges}).one()
    rows = session.execute(_TRIED, {**teams, **edges, "viewer": leader})
    tried = {week: (submitted, passed) for week, submitted, passed in rows}
    return Trend(
        people,
        tuple(Week(day, certified[n] or 0, *tried.get(n, (0, 0))) for n, day in enumerate(ends)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), calendars.zone_of(None))


# All is counted by the database, which has it by the thousand.
_TEAMS: BindParameter[int] = bindparam("teams", expanding=True)
_EDGES = [bindparam(f"edge{n}", type_=UtcDateTime) for n in range(WEEKS + 1)]
_PEOPLE = text(f"SELECT count(*) FROM ({IN_TEAMS}) AS person").bindparams(_TEAMS)  # noqa: S608
# A certification that was revoked counts until the day before.
_WAS_HELD = ", ".join(
    f"""max(CASE WHEN certification.awarded_on <= :day{n}
            AND (certification.valid_until IS NULL OR certification.valid_until >= :day{n})
            AND (act.at IS NULL OR act.at >= :edge{n + 1}) THEN 1 ELSE 0 END) AS week{n}"""
    for n in range(WEEKS)
)
_CERTIFIED = text(
    f"""
    SELECT {", ".join(f"sum(week{n})" for n in range(WEEKS))} FROM (
        SELECT {_WAS_HELD} FROM certification
        LEFT JOIN certification_act AS act
          ON act.certification_id = certification.id AND act.act = 'revoked' AND NOT EXISTS (
            SELECT 1 FROM certification_act AS later
            WHERE later.certification_id = act.certification_id AND later.id > act.id)
        WHERE certification.user_id IN ({IN_TEAMS})
          AND (certification.valid_until IS NULL OR certification.valid_until >= :day0)
        GROUP BY certification.user_id) AS person
    """  # noqa: S608
).bindparams(_TEAMS, *_EDGES[1:], *(bindparam(f"day{n}", type_=Date) for n in range(WEEKS)))
_WEEK = " ".join(f"WHEN attempt.submitted_at < :edge{n + 1} THEN {n}" for n in range(WEEKS))
_TRIED = text(
    f"""
    SELECT CASE {_WEEK} END AS week, count(*), sum(CASE WHEN score.passed THEN 1 ELSE 0 END)
    FROM attempt JOIN quiz ON quiz.id = attempt.quiz_id AND quiz.use = 'exam'
    JOIN score ON score.attempt_id = attempt.id AND {IS_LATEST}
    WHERE attempt.user_id IN ({IN_TEAMS}) AND attempt.state = 'submitted'
      AND attempt.submitted_at >= :edge0 AND attempt.submitted_at < :edge{WEEKS}
      AND {audience.visible("quiz", "quiz.slug")}
    GROUP BY week
    """  # noqa: S608
).bindparams(_TEAMS, *_EDGES)
