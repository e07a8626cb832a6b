"""Who may work which queue today, who may not and why, and who is about to stop being ready.

A person is ready for a queue by a certification, valid on their own day, of a program that makes
ready for it; one is enough. Concerned by a queue is whoever is under way in such a program or was
certified by one. Who is away today does not work it, certified or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp.certification import facts, status
from quizapp.certification.models import Enrolment
from quizapp.certification.progress import Path
from quizapp.certification.status import Holding
from quizapp.formats.text import alphabetical
from quizapp.people.teams import Led
from quizapp.reports import begun, paths, people
from quizapp.reports.people import Person

# ready, then why not: away (certified, but not there today), overdue, revoked, expired,
# under-way (something is done), not-begun.
State = Literal["ready", "away", "overdue", "revoked", "expired", "under-way", "not-begun"]
STATES: tuple[State, ...] = (
    "ready",
    "away",
    "overdue",
    "revoked",
    "expired",
    "under-way",
    "not-begun",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person and a queue.

    `until` is the last valid day of the certification that counts, or was; `back` the last day
    away. `path` is what is under way towards the queue, where somebody is not ready or not for
    long.
    """

    person: Person
    state: State
    held: Holding | None
    path: Path | None
    back: date | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the person may work the queue today."""
        return self.state == "ready"

    @property
    def ends_soon(self) -> bool:
        """Whether the person may work it, and not for long: it expires, or its key may change."""
        return self.is_ready and self.held is not None and self.held.state != "valid"

    @property
    def until(self) -> date | None:
        """The last valid day of what is held, or was."""
        return self.held.valid_until if self.held else None

    @property
    def days_left(self) -> int | None:
        """How many days more it is valid, today not counted."""
        return (self.until - self.person.day).days if self.is_ready and self.until else None

    @property
    def program(self) -> str:
        """The title of the program that it is about."""
        if self.held and (self.is_ready or self.state == "away" or self.path is None):
            return self.held.title
        return self.path.revision.title if self.path else ""


@dataclass(frozen=True)
class Queue:
    """A queue and all whom it concerns, by name."""

    name: str
    standings: tuple[Standing, ...]

    @property
    def ready(self) -> list[Standing]:
        """Who may work it today."""
        return [one for one in self.standings if one.is_ready]

    @property
    def soon(self) -> list[Standing]:
        """Who may work it and is about to stop being ready, the first to stop first."""
        found = [one for one in self.standings if one.ends_soon]
        return sorted(found, key=lambda one: one.until or date.max)

    @property
    def others(self) -> list[Standing]:
        """Who may not."""
        return [one for one in self.standings if not one.is_ready]


@dataclass(frozen=True, slots=True)
class Count:
    """A team and a queue in figures: whom it concerns, who may work it, who is about to stop."""

    people: int = 0
    ready: int = 0
    soon: int = 0


@dataclass(frozen=True, slots=True)
class _Aim:
    """An open enrolment and the queues that it leads to."""

    enrolment: int
    queues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """What is under way, and whether anything of it was done."""

    path: Path
    is_begun: bool

    @property
    def order(self) -> tuple[bool, bool, date, int]:
        """Of several that lead to a queue the first says how its person stands."""
        path = self.path
        return not path.is_overdue, not self.is_begun, path.due_on or date.max, path.enrolment.id


def of_teams(session: Session, leader: int, led: Sequence[Led], now: datetime) -> list[Queue]:
    """The queues that concern people of these teams of a leader, by name.

    A handful of statements. What is held counts wherever its program belongs; what is under way
    where the program is there for the leader.
    """
    found = people.of_teams(session, [team.id for team in led], now)
    held = status.holdings(session, [one.id for one in found], now)
    aims = _aims(session, list(held), leader)
    wanted = _leading_to(aims, held)
    done = begun.of(session, wanted)
    ways: dict[int, list[_Way]] = {user_id: [] for user_id in held}
    for path in paths.of_enrolments(session, wanted, leader, now):
        is_begun = path.enrolment.id in done or any(step.done for step in path.steps)
        ways[path.enrolment.user_id].append(_Way(path, is_begun))
    return _queues(session, found, held, aims, ways)


def in_figures(
    session: Session, leader: int, led: Sequence[Led], now: datetime
) -> tuple[list[str], dict[tuple[int, str], Count]]:
    """The queues by name, and by team (its id) and queue how many: for teams of many people."""
    found = people.of_teams(session, [team.id for team in led], now)
    held = status.holdings(session, [one.id for one in found], now)
    queues = _queues(session, found, held, _aims(session, list(held), leader), {})
    counts: dict[tuple[int, str], Count] = {}
    for queue in queues:
        for one in queue.standings:
            place = one.person.team_id, queue.name
            before = counts.get(place, Count())
            counts[place] = Count(
                before.people + 1, before.ready + one.is_ready, before.soon + one.ends_soon
            )
    return [queue.name for queue in queues], counts


def _queues(
    session: Session,
    found: Sequence[Person],
    held: Mapping[int, Sequence[Holding]],
    aims: Mapping[int, Sequence[_Aim]],
    ways: Mapping[int, Sequence[_Way]],
) -> list[Queue]:
    away = people.away(session, found)
    queues: dict[str, list[Standing]] = {}
    for person in found:
        several = held[person.id]
        concerned = {name for one in several for name in one.queues}
        concerned |= {name for aim in aims.get(person.id, ()) for name in aim.queues}
        for name in concerned:
            standing = _standing(person, name, several, ways.get(person.id, ()), away)
            queues.setdefault(name, []).append(standing)
    return [Queue(name, tuple(queues[name])) for name in sorted(queues, key=alphabetical)]


def _aims(session: Session, user_ids: Sequence[int], leader: int) -> dict[int, list[_Aim]]:
    there = paths.programs_for(session, leader)
    rows = [
        row
        for some in facts.chunks(sorted(user_ids))
        for row in session.execute(_OPEN, {"people": some})
        if row.program_id in there
    ]
    rules = status.rules_of(session, {row.program_revision_id for row in rows})
    found: dict[int, list[_Aim]] = {}
    for row in rows:
        aim = _Aim(row.id, rules[row.program_revision_id].queues)
        found.setdefault(row.user_id, []).append(aim)
    return found


_OPEN = select(
    Enrolment.id, Enrolment.user_id, Enrolment.program_id, Enrolment.program_revision_id
).where(Enrolment.user_id.in_(bindparam("people", expanding=True)), Enrolment.ended_at.is_(None))


def _leading_to(
    aims: Mapping[int, Sequence[_Aim]], held: Mapping[int, Sequence[Holding]]
) -> list[int]:
    """What is under way towards a queue for which its person is not ready, or not for long."""
    wanted = []
    for user_id, several in aims.items():
        aimed = {name for aim in several for name in aim.queues}
        unsafe = {
            name
            for name in aimed
            if all(one.state != "valid" for one in _counting(held[user_id], name))
        }
        wanted += [aim.enrolment for aim in several if unsafe.intersection(aim.queues)]
    return wanted


def _counting(held: Sequence[Holding], queue: str) -> list[Holding]:
    """Of each program the certification by which its person stands in a queue.

    What it has renewed says no more until when the person may work there.
    """
    return list(status.counting(one for one in held if queue in one.queues).values())


def _standing(
    person: Person,
    queue: str,
    held: Sequence[Holding],
    under_way: Sequence[_Way],
    away: dict[int, date | None],
) -> Standing:
    ways = (one for one in under_way if queue in one.path.rules.queues)
    way = min(ways, key=lambda one: one.order, default=None)
    # What had ended before it was recorded says how things stand only where nothing else does.
    own = [one for one in _counting(held, queue) if not (one.is_history and way)]
    # What lasts counts, then what lasts longest; without any, what was awarded last.
    ready = sorted(
        (one for one in own if one.is_ready),
        key=lambda one: (one.state != "valid", -(one.valid_until or date.max).toordinal()),
    )
    best = next(iter(ready or own), None)
    is_away = person.id in away
    return Standing(
        person,
        _state(bool(ready), is_away, best, way),
        best,
        way.path if way else None,
        away.get(person.id),
    )


def _state(is_ready: bool, is_away: bool, held: Holding | None, way: _Way | None) -> State:
    if is_ready:
        return "away" if is_away else "ready"
    if way is not None and way.path.is_overdue:
        return "overdue"
    if held is not None:
        return "revoked" if held.state == "revoked" else "expired"
    return "under-way" if way is not None and way.is_begun else "not-begun"
