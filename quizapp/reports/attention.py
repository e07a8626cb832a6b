"""Whom a manager should see to first, and why: one line a person, the most pressing reason.

Who is away is not on the list: nothing is asked of them meanwhile.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Boolean, Date, bindparam, text
from sqlalchemy.orm import Session

from quizapp.certification import agreements, progress, status
from quizapp.certification.facts import chunks
from quizapp.certification.progress import Path
from quizapp.certification.status import Holding
from quizapp.db import UtcDateTime
from quizapp.formats.text import alphabetical
from quizapp.people import audience, calendars
from quizapp.people.teams import Led
from quizapp.reports import paths, people
from quizapp.reports.begun import IS_BEGUN, NAMES
from quizapp.reports.people import Person
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
    held: Holding | None = None
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
    found = people.of_teams(session, [team.id for team in led], now)
    away = people.away(session, found)
    here = [one for one in found if one.id not in away]
    ids = [one.id for one in here]
    held = status.holdings(session, [one.id for one in found], now)
    there = paths.programs_for(session, leader)
    under_way = _under_way(session, here, there)
    failing = _failing(session, ids, leader, now)
    lines = []
    for person in here:
        reasons = _reasons(
            person,
            under_way.get(person.id, ()),
            [one for one in held[person.id] if one.program_id in there],
            failing.get(person.id, ()),
        )
        if first := min(reasons, key=_pressing, default=None):
            lines.append(first)
    lines.sort(key=lambda line: (*_pressing(line), alphabetical(line.person.name)))
    certified = {user_id for user_id, several in held.items() if any(h.is_ready for h in several)}
    return Attention(
        tuple(lines), tuple(_glance(team, found, away, certified, lines) for team in led)
    )


def _glance(
    team: Led,
    found: Sequence[Person],
    away: Collection[int],
    certified: Collection[int],
    lines: Sequence[Line],
) -> Glance:
    own = {one.id for one in found if one.team_id == team.id}
    return Glance(
        team,
        len(own),
        len(own & set(certified)),
        len(own & set(away)),
        _counts([line for line in lines if line.person.team_id == team.id]),
    )


def _counts(lines: Sequence[Line]) -> dict[Reason, int]:
    counted = Counter(line.reason for line in lines)
    return {reason: counted[reason] for reason in REASONS if counted[reason]}


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """An open enrolment; `due_on` is moved on by absence and holidays."""

    id: int
    program_id: int
    title: str
    is_asked: bool
    is_begun: bool
    due_on: date | None


def _under_way(
    session: Session, here: Sequence[Person], there: Collection[int]
) -> dict[int, list[_UnderWay]]:
    """What is under way in the programs that are there for the leader, by person."""
    rows = [
        row
        for some in chunks([one.id for one in here])
        for row in session.execute(_ENROLLED, {"people": tuple(some)})
        if row.program_id in there
    ]
    # What is open is not done: nothing has to be looked through to say that it is late.
    asked = [
        (row.user_id, progress.given_on(row.zone, row.asked_at, row.since), row.due_on)
        for row in rows
        if row.due_on
    ]
    moved = iter(calendars.due_for_many(session, asked))
    found: dict[int, list[_UnderWay]] = {}
    for row in rows:
        due = next(moved) if row.due_on else None
        found.setdefault(row.user_id, []).append(
            _UnderWay(row.id, row.program_id, row.title, row.is_asked, row.is_begun, due)
        )
    return found


_ENROLLED = (
    text(
        f"""
    {NAMES}
    SELECT enrolment.id, enrolment.user_id, enrolment.program_id, revision.title,
           enrolment.since, enrolment.due_on, person.zone, assignment.at AS asked_at,
           enrolment.assignment_id IS NOT NULL AS is_asked, {IS_BEGUN} AS is_begun
    FROM enrolment
    JOIN program_revision AS revision ON revision.id = enrolment.program_revision_id
    JOIN "user" AS person ON person.id = enrolment.user_id
    LEFT JOIN assignment ON assignment.id = enrolment.assignment_id
    WHERE enrolment.user_id IN :people AND enrolment.ended_at IS NULL
    ORDER BY enrolment.id
    """  # noqa: S608
    )
    .bindparams(bindparam("people", expanding=True))
    .columns(
        since=UtcDateTime, asked_at=UtcDateTime, due_on=Date, is_asked=Boolean, is_begun=Boolean
    )
)


def _reasons(
    person: Person,
    under_way: Sequence[_UnderWay],
    held: Sequence[Holding],
    failing: Sequence[Failing],
) -> Iterator[Line]:
    by_program = {one.program_id: one for one in under_way}
    for one in under_way:
        due = None if one.due_on == calendars.UNKNOWN else one.due_on
        if due is not None and due < person.day:
            yield Line(person, "overdue", one.title, due, one.id)
        elif one.is_asked and not one.is_begun:
            yield Line(person, "not-begun", one.title, due, one.id)
    # What is under way does not continue what was history.
    for award in status.counting(one for one in held if not one.is_history).values():
        renewal = by_program.get(award.program_id)
        number = renewal.id if renewal else None
        # A lapsed one that nobody asks for again is history.
        if award.state in ("expired", "revoked") and renewal:
            yield Line(person, "lapsed", award.title, award.valid_until, number, award)
        elif award.state == "expiring":
            yield Line(person, "expiring", award.title, award.valid_until, number, award)
    for exam in failing:
        yield Line(person, "failing", exam.title, failing=exam)


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


def _pressing(line: Line) -> tuple[int, date]:
    return REASONS.index(line.reason), line.since or date.max


def _failing(
    session: Session, user_ids: Sequence[int], leader: int, now: datetime
) -> dict[int, list[Failing]]:
    found: dict[int, list[Failing]] = {}
    asked = {"viewer": leader, "since": now - RECENT}
    for some in chunks(user_ids):
        for user_id, *failing in session.execute(_FAILING, {**asked, "people": tuple(some)}):
            found.setdefault(user_id, []).append(Failing(*failing))
    return found


# The last attempt of late, where it was not passed, nor (but where the last one counts) another.
_FAILING = text(
    f"""
    SELECT attempt.user_id, quiz.slug, quiz.title, attempt.public_id, tried.tries,
           score.percent, attempt.cut_score
    FROM (
        SELECT user_id, quiz_id, max(number) AS last, count(*) AS tries FROM attempt
        WHERE user_id IN :people AND state = 'submitted' AND submitted_at >= :since
        GROUP BY user_id, quiz_id
    ) AS tried
    JOIN attempt ON attempt.user_id = tried.user_id AND attempt.quiz_id = tried.quiz_id
        AND attempt.number = tried.last
    JOIN quiz ON quiz.id = attempt.quiz_id
    LEFT JOIN bank ON bank.id = quiz.bank_id
    JOIN score ON score.attempt_id = attempt.id AND {IS_LATEST}
    WHERE NOT score.passed AND quiz.use = 'exam'
      AND quiz.published_at IS NOT NULL AND quiz.withdrawn_at IS NULL
      AND bank.retired_at IS NULL AND {audience.visible("quiz", "quiz.slug")}
      AND (quiz.counts = 'last' OR NOT EXISTS (
        SELECT 1 FROM attempt AS before
        JOIN score ON score.attempt_id = before.id AND {IS_LATEST}
        WHERE before.user_id = attempt.user_id AND before.quiz_id = attempt.quiz_id
          AND before.state = 'submitted' AND score.passed))
    """  # noqa: S608
).bindparams(bindparam("people", expanding=True), bindparam("since", type_=UtcDateTime))
