"""Whom a manager should see to first, and why: one line a person, the most pressing reason.

Who is away is not on the list: nothing is asked of them meanwhile.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    Boolean,
    Date,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from quizapp.certification import agreements, cycles, progress, status
from quizapp.certification.models import Certification, Enrolment, ProgramRevision
from quizapp.certification.progress import Path
from quizapp.db import UtcDateTime
from quizapp.people import audience, calendars
from quizapp.people.teams import Led
from quizapp.reports import begun, paths, people
from quizapp.reports.people import IN_TEAMS, Person
from quizapp.reports.scorings import IS_LATEST

# The most pressing first. failing: tried an exam that counts, and has not passed it.
Reason = Literal["overdue", "lapsed", "failing", "expiring", "not-begun"]
# What was tried before is no news: who has to pass is then overdue, or lapsed.
RECENT = timedelta(days=90)
REASONS: tuple[Reason, ...] = ("overdue", "lapsed", "failing", "expiring", "not-begun")


@dataclass(frozen=True, slots=True)
class Failing:
    """A quiz that somebody has tried and not passed: their last attempt, in per cent."""

    slug: str
    title: str
    attempt: str
    tries: int
    percent: float
    cut_score: float


@dataclass(frozen=True, slots=True)
class Line:
    """A person to see to, and the title of the program or quiz that it is about.

    `since` is the day it has been so, or until which there is time. `path`, and the day that was
    agreed on for its next step, are there once `with_paths` has looked.
    """

    person: Person
    reason: Reason
    title: str
    since: date | None = None
    enrolment: int | None = None
    is_revoked: bool = False
    failing: Failing | None = None
    path: Path | None = None
    agreed: date | None = None


@dataclass(frozen=True)
class Glance:
    """A team in figures: its people, who of them holds a certification today, who to see to."""

    team: Led
    people: int
    certified: int
    away: int
    counts: Mapping[Reason, int]


@dataclass(frozen=True)
class Attention:
    """Everybody to see to, the most pressing first, and the teams at a glance, by name."""

    lines: tuple[Line, ...]
    teams: tuple[Glance, ...]

    @property
    def counts(self) -> dict[Reason, int]:
        """How many there are for each reason, without those that nobody is there for."""
        return _counts(self.lines)


def of_teams(session: Session, leader: int, led: Sequence[Led], now: datetime) -> Attention:
    """Whom to see to in these teams of a leader. A handful of statements, however many people."""
    teams = [team.id for team in led]
    found = people.in_teams(session, teams, now)
    away = people.away(session, found)
    here = {one.id: one for one in found if one.id not in away}
    there = paths.programs_for(session, leader)
    first: dict[int, Line] = {}
    for line in (
        *_under_way(session, teams, here, there),
        *_ending(session, teams, here, there, now),
        *_failing(session, teams, here, leader, now),
    ):
        known = first.get(line.person.id)
        if known is None or _pressing(line) < _pressing(known):
            first[line.person.id] = line
    lines = sorted(first.values(), key=lambda line: (_pressing(line), people.by_name(line.person)))
    certified = _certified(session, teams, found)
    return Attention(tuple(lines), _glances(led, found, away, certified, lines))


def _pressing(line: Line) -> tuple[int, date]:
    return REASONS.index(line.reason), line.since or date.max


def _under_way(
    session: Session, teams: Sequence[int], here: Mapping[int, Person], there: Collection[int]
) -> Iterator[Line]:
    """What is overdue, or asked for and not begun; absence and holidays move a due day on."""
    rows = [
        row
        for row in session.execute(_ENROLLED, {"teams": teams})
        if row.user_id in here and row.program_id in there
    ]
    # What is open is not done: nothing has to be looked through to say that it is late.
    late = [row for row in rows if row.due_on and row.due_on < here[row.user_id].day]
    overdue = set()
    for row, due in _with_due(session, late):
        person = here[row.user_id]
        if due is not None and due < person.day:
            overdue.add(row.id)
            yield Line(person, "overdue", row.title, due, row.id)
    waiting = [row for row in rows if row.is_asked and row.id not in overdue]
    done = begun.of(session, [row.id for row in waiting])
    for row, due in _with_due(session, [row for row in waiting if row.id not in done]):
        yield Line(here[row.user_id], "not-begun", row.title, due, row.id)


def _with_due(session: Session, rows: Sequence[Any]) -> Iterator[tuple[Any, date | None]]:
    """Each of these enrolments and the day on which it is due, None where nobody knows it."""
    dated = [row for row in rows if row.due_on]
    asked = [
        (row.user_id, progress.given_on(row.zone, row.asked_at, row.since), row.due_on)
        for row in dated
    ]
    due = dict(zip(dated, calendars.due_for_many(session, asked), strict=True))
    return ((row, None if due.get(row) == calendars.UNKNOWN else due.get(row)) for row in rows)


_TEAMS: BindParameter[int] = bindparam("teams", expanding=True)
_ENROLLED = (
    text(
        f"""
    SELECT enrolment.id, enrolment.user_id, enrolment.program_id, revision.title,
           enrolment.since, enrolment.due_on, person.zone, assignment.at AS asked_at,
           enrolment.assignment_id IS NOT NULL AS is_asked
    FROM enrolment
    JOIN program_revision AS revision ON revision.id = enrolment.program_revision_id
    JOIN "user" AS person ON person.id = enrolment.user_id
    LEFT JOIN assignment ON assignment.id = enrolment.assignment_id
    WHERE enrolment.user_id IN ({IN_TEAMS}) AND enrolment.ended_at IS NULL
    ORDER BY enrolment.id
    """  # noqa: S608
    )
    .bindparams(_TEAMS)
    .columns(since=UtcDateTime, asked_at=UtcDateTime, due_on=Date, is_asked=Boolean)
)


@dataclass(frozen=True, slots=True)
class _Held:
    """A certification, what it is worth today, and the enrolment that renews it."""

    id: int
    program_id: int
    title: str
    valid_until: date | None
    renewal: int | None
    state: status.State

    @property
    def is_ready(self) -> bool:
        return self.state in status.READY


def _ending(
    session: Session,
    teams: Sequence[int],
    here: Mapping[int, Person],
    there: Collection[int],
    now: datetime,
) -> Iterator[Line]:
    """What has lapsed or expires, of each program by the certification that counts."""
    held: dict[int, list[_Held]] = {}
    rules = status.rules_of(session, session.scalars(select(ProgramRevision.id)).all())
    given = {"teams": teams, "latest": max((one.day for one in here.values()), default=date.min)}
    for row in session.execute(_HELD, given):
        person = here.get(row.user_id)
        if person is not None and row.program_id in there:
            act, ruled = "revoked" if row.is_revoked else None, rules[row.program_revision_id]
            state = status.state(row, act, person.day, False, ruled.warn_days)
            held.setdefault(person.id, []).append(
                _Held(row.id, row.program_id, row.title, row.valid_until, row.renewal, state)
            )
    expiring: dict[int, Line] = {}
    for user_id, several in held.items():
        for one in status.counting(several).values():
            about = one.title, one.valid_until, one.renewal
            # A lapsed one that nobody asks for again is history.
            if not one.is_ready and one.renewal:
                revoked = one.state == "revoked"
                yield Line(here[user_id], "lapsed", *about, is_revoked=revoked)
            elif one.state == "expiring":
                expiring[one.id] = Line(here[user_id], "expiring", *about)
    provisional = status.in_review(session, list(expiring), now)
    yield from (line for number, line in expiring.items() if number not in provisional)


# Without those before one that is valid for everybody today: by that one, or a newer one, its
# person stands. What had ended when it was recorded is history.
_HERE = text(f"certification.user_id IN ({IN_TEAMS})").bindparams(_TEAMS)
_NEWER = aliased(Certification)
_HELD = (
    select(
        Certification.id,
        Certification.user_id,
        Certification.program_id,
        Certification.valid_until,
        Certification.program_revision_id,
        ProgramRevision.title,
        Enrolment.id.label("renewal"),
        status.is_revoked().label("is_revoked"),
    )
    .join(ProgramRevision, ProgramRevision.id == Certification.program_revision_id)
    .outerjoin(
        Enrolment,
        (Enrolment.program_id == Certification.program_id)
        & (Enrolment.user_id == Certification.user_id)
        & Enrolment.ended_at.is_(None),
    )
    .where(
        _HERE,
        Certification.cycle >= cycles.FIRST,
        ~exists().where(
            _NEWER.user_id == Certification.user_id,
            _NEWER.program_id == Certification.program_id,
            _NEWER.cycle >= cycles.FIRST,
            tuple_(_NEWER.awarded_on, _NEWER.id)
            > tuple_(Certification.awarded_on, Certification.id),
            or_(_NEWER.valid_until.is_(None), _NEWER.valid_until >= bindparam("latest")),
            ~status.is_revoked(_NEWER),
        ),
    )
    .order_by(Certification.awarded_on.desc(), Certification.id.desc())
)


def _failing(
    session: Session,
    teams: Sequence[int],
    here: Mapping[int, Person],
    leader: int,
    now: datetime,
) -> Iterator[Line]:
    asked = {"teams": teams, "viewer": leader, "since": now - RECENT}
    for user_id, *about in session.execute(_FAILING, asked):
        if user_id in here:
            failing = Failing(*about)
            yield Line(here[user_id], "failing", failing.title, failing=failing)


# The last attempt of late, where it was not passed, nor (but where the last one counts) another.
# Those that were not passed are picked first, by scores alone: they are few.
_FAILING = text(
    f"""
    WITH failed AS MATERIALIZED (
        SELECT tried.user_id, tried.quiz_id, tried.last, tried.tries, score.percent
        FROM (
            SELECT user_id, quiz_id, max(id) AS last, count(*) AS tries FROM attempt
            WHERE user_id IN ({IN_TEAMS}) AND state = 'submitted' AND submitted_at >= :since
            GROUP BY user_id, quiz_id
        ) AS tried
        JOIN score ON score.attempt_id = tried.last AND {IS_LATEST}
        WHERE NOT score.passed
    )
    SELECT failed.user_id, quiz.slug, quiz.title, attempt.public_id, failed.tries, failed.percent,
           attempt.cut_score
    FROM failed
    JOIN attempt ON attempt.id = failed.last
    JOIN quiz ON quiz.id = failed.quiz_id
    LEFT JOIN bank ON bank.id = quiz.bank_id
    WHERE quiz.use = 'exam' AND quiz.published_at IS NOT NULL AND quiz.withdrawn_at IS NULL
      AND bank.retired_at IS NULL AND {audience.visible("quiz", "quiz.slug")}
      AND (quiz.counts = 'last' OR NOT EXISTS (
        SELECT 1 FROM attempt AS before
        JOIN score ON score.attempt_id = before.id AND {IS_LATEST}
        WHERE before.user_id = failed.user_id AND before.quiz_id = failed.quiz_id
          AND before.state = 'submitted' AND score.passed))
    ORDER BY quiz.id
    """  # noqa: S608
).bindparams(_TEAMS, bindparam("since", type_=UtcDateTime))


def _certified(session: Session, teams: Sequence[int], found: Sequence[Person]) -> set[int]:
    """Who of these people holds any certification on their day."""
    last = dict(iter(session.execute(_LAST_DAY, {"teams": teams})))
    return {one.id for one in found if one.id in last and one.day <= last[one.id]}


_LAST_DAY = (
    select(Certification.user_id, func.max(func.coalesce(Certification.valid_until, date.max)))
    .where(_HERE, ~status.is_revoked())
    .group_by(Certification.user_id)
)


def _glances(
    led: Sequence[Led],
    found: Sequence[Person],
    away: Collection[int],
    certified: Collection[int],
    lines: Sequence[Line],
) -> tuple[Glance, ...]:
    people_of = Counter(one.team_id for one in found)
    certified_of = Counter(one.team_id for one in found if one.id in certified)
    away_of = Counter(one.team_id for one in found if one.id in away)
    lines_of: dict[int, list[Line]] = {team.id: [] for team in led}
    for line in lines:
        lines_of[line.person.team_id].append(line)
    return tuple(
        Glance(
            team,
            people_of[team.id],
            certified_of[team.id],
            away_of[team.id],
            _counts(lines_of[team.id]),
        )
        for team in led
    )


def _counts(lines: Sequence[Line]) -> dict[Reason, int]:
    counted = Counter(line.reason for line in lines)
    return {reason: counted[reason] for reason in REASONS if counted[reason]}


def with_paths(session: Session, leader: int, lines: Sequence[Line], now: datetime) -> list[Line]:
    """The same lines with how far each is, for those that are shown."""
    numbers = [line.enrolment for line in lines if line.enrolment is not None]
    found = paths.of_enrolments(session, numbers, leader, now)
    by_number = {path.enrolment.id: path for path in found}
    days = agreements.of_people(session, [line.person.public_id for line in lines])
    shown = []
    for line in lines:
        path, on = by_number.get(line.enrolment or 0), None
        if path is not None:
            agreed = days.get((line.person.public_id, path.revision.program.slug))
            on = agreed.on if agreed and agreed.is_for(path, line.person.day) else None
        shown.append(replace(line, path=path, agreed=on))
    return shown
