"""The company's teams and people, and what has to be kept about each while time passes."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from quizapp.company import names
from quizapp.evidence import chain
from quizapp.evidence.chain import Fact
from quizapp.people.models import Absence, Membership, Team, User

# Of twenty teams so many do this; a company of few teams has the first ones.
WORK = (
    ("Suporte N1", "suporte-n1"),
    ("Suporte N2", "suporte-n2"),
    ("Suporte N1", "suporte-n1"),
    ("Financeiro", "financeiro"),
    ("Retenção", "retencao"),
    ("Suporte N1", "suporte-n1"),
)
TRAINERS = 3


@dataclass(frozen=True)
class Away:
    """First and last day away; None while nobody knows it."""

    kind: str
    first: date
    last: date | None

    def is_on(self, day: date) -> bool:
        """Whether it is one of these days."""
        return self.first <= day and (self.last is None or self.last >= day)


@dataclass
class Crew:
    """A team of agents, and the program of its work besides everybody's."""

    id: int
    public_id: str
    name: str
    program: str


@dataclass
class Taken:
    """What a person did in one quiz: how often, until when, and their last pass."""

    number: int = 0
    ended_at: datetime | None = None
    passed_at: datetime | None = None
    passed_by: str = ""


@dataclass
class Agent:
    """A person who answers: `ability` and `pace` as answers.Temper has it, `zeal` 0..1."""

    id: int
    public_id: str
    name: str
    crew: Crew
    ability: float
    pace: float
    zeal: float
    hired_at: datetime
    left_at: datetime | None
    away: list[Away]
    seen: set[int] = field(default_factory=set)
    taken: dict[str, Taken] = field(default_factory=dict)
    # When they last said so, by the procedure and the section's hash.
    read: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def is_here(self, at: datetime) -> bool:
        """Whether the person has come, and has neither left nor is away for now."""
        has_come = self.hired_at < at and (self.left_at is None or self.left_at > at)
        return has_come and not any(one.is_on(at.date()) for one in self.away)


def opaque(chance: random.Random) -> str:
    """An id like people.models.opaque_id, but the same each time."""
    return f"{chance.getrandbits(64):016x}"


def found(session: Session, chance: random.Random, count: int, began: datetime) -> list[Crew]:
    """Add the teams."""
    rows = []
    for n in range(count):
        work, program = WORK[n % len(WORK)]
        rows.append((opaque(chance), f"{work} – equipe {n + 1:02}", program))
    ids = session.execute(
        insert(Team).returning(Team.id, sort_by_parameter_order=True),
        [{"public_id": one, "name": name, "created_at": began} for one, name, _ in rows],
    ).scalars()
    facts = [Fact("team.added", chain.SYSTEM, one, began, {"name": name}) for one, name, _ in rows]
    chain.extend(session, facts)
    return [Crew(id_, *row) for id_, row in zip(ids, rows, strict=True)]


def hire(
    session: Session,
    chance: random.Random,
    crews: Sequence[Crew],
    agents: int,
    began: datetime,
    until: datetime,
) -> tuple[list[Agent], list[Fact]]:
    """Add those who lead teams, trainers, an administrator and agents; the facts about them.

    Six of ten agents are there from the beginning, the others come later; some leave.
    """
    facts: list[Fact] = []
    users: list[dict[str, object]] = []
    where: list[tuple[int, list[Crew], bool]] = []  # index of the user, teams, leads

    def add(role: str, number: int, at: datetime, into: list[Crew]) -> dict[str, object]:
        user: dict[str, object] = {
            "public_id": opaque(chance),
            "name": names.person(chance),
            "role": role,
            "employee_number": str(number),
            "created_at": at,
            "left_at": None,
        }
        if into:
            where.append((len(users), into, role == "manager"))
        users.append(user)
        facts.append(Fact("user.added", chain.SYSTEM, str(user["public_id"]), at, {"role": role}))
        if into:
            teams = sorted(crew.public_id for crew in into)
            data = {"teams": teams, "leads": role == "manager"}
            facts.append(Fact("user.teams", chain.SYSTEM, str(user["public_id"]), at, data))
        return user

    add("admin", 9001, began, [])
    for n in range(TRAINERS):
        add("trainer", 9101 + n, began, [])
    add("manager", 9201, began, list(crews))
    left, number = list(crews), 9202
    while left:
        some = chance.choice((1, 2, 3))
        add("manager", number, began, left[:some])
        left, number = left[some:], number + 1
    first, span = len(users), until - began
    for n in range(agents):
        late = chance.random() > 0.6
        at = max(began, at_work(began + span * chance.random() * 0.98, chance)) if late else began
        user = add("agent", 10001 + n, at, [crews[n % len(crews)]])
        if chance.random() < 0.06:
            gone = at_work(at + (until - at) * chance.uniform(0.2, 1), chance)
            user["left_at"] = gone if at < gone < until else None
        if user["left_at"]:
            facts.append(Fact("user.left", chain.SYSTEM, str(user["public_id"]), gone, {}))
    ids = list(
        session.execute(
            insert(User).returning(User.id, sort_by_parameter_order=True),
            users,
        ).scalars()
    )
    session.execute(
        insert(Membership),
        [
            {
                "user_id": ids[index],
                "team_id": crew.id,
                "leads": leads,
                "started_at": users[index]["created_at"],
                "ended_at": users[index]["left_at"],
            }
            for index, into, leads in where
            for crew in into
        ],
    )
    crew_of = {index: into[0] for index, into, _ in where}
    people = [_agent(ids[n], users[n], crew_of[n], chance, until) for n in range(first, len(users))]
    _absences(session, people, until, facts)
    return people, facts


def _agent(
    id_: int, user: dict[str, object], crew: Crew, chance: random.Random, until: datetime
) -> Agent:
    hired, left = user["created_at"], user["left_at"]
    assert isinstance(hired, datetime)  # noqa: S101 - made above
    assert left is None or isinstance(left, datetime)  # noqa: S101
    return Agent(
        id_,
        str(user["public_id"]),
        str(user["name"]),
        crew,
        ability=chance.gauss(1.0, 0.9),
        pace=chance.lognormvariate(0, 0.25),
        zeal=min(1.0, max(0.0, chance.gauss(0.75, 0.2))),
        hired_at=hired,
        left_at=left,
        away=_away(hired, left, chance, until),
    )


def _away(
    hired: datetime, left: datetime | None, chance: random.Random, until: datetime
) -> list[Away]:
    """A vacation in the middle, some days here and there, and today or soon for a few."""
    found, luck, today = [], chance.random(), until.date()
    here, end = hired.date(), (left or until).date()
    for kind, lengths, rate in (
        ("vacation", (10, 15, 20, 30), 0.6),
        ("leave", (2, 3, 5, 120), 0.25),
        ("other", (1, 1, 2), 0.1),
    ):
        if chance.random() < rate:
            first = here + (end - here) * chance.uniform(0.2, 0.8)
            found.append(Away(kind, first, first + timedelta(days=chance.choice(lengths) - 1)))
    if left is None and luck < 0.05:  # away today: most on vacation, some nobody knows how long
        first = today - timedelta(days=chance.randrange(1, 25))
        last = None if luck < 0.01 else today + timedelta(days=chance.randrange(20))
        found.append(Away("leave" if last is None else "vacation", first, last))
    elif left is None and luck < 0.1:
        first = today + timedelta(days=chance.randrange(1, 40))
        found.append(Away("vacation", first, first + timedelta(days=14)))
    kept: list[Away] = []
    for one in sorted(found, key=lambda one: one.first):
        is_past = one.last is not None and one.last < end
        before = kept[-1].last if kept else here
        if (is_past or left is None) and before is not None and before < one.first:
            kept.append(one)
    return kept


def _absences(
    session: Session, people: Sequence[Agent], until: datetime, facts: list[Fact]
) -> None:
    rows = []
    for one in people:
        for away in one.away:
            # A vacation is known before it begins; who is ill says so that day.
            early = 7 if away.kind == "vacation" else 0
            at = max(one.hired_at, until - timedelta(days=(until.date() - away.first).days + early))
            row = {"user_id": one.id, "kind": away.kind, "first": away.first, "last": away.last}
            rows.append((one, min(at, until), row | {"at": min(at, until), "by": chain.SYSTEM}))
    if not rows:
        return
    ids = session.execute(
        insert(Absence).returning(Absence.id, sort_by_parameter_order=True),
        [row for _, _, row in rows],
    ).scalars()
    for id_, (one, at, row) in zip(ids, rows, strict=True):
        until_day = row["last"] and str(row["last"])
        data = {"absence": id_, "first": str(row["first"]), "last": until_day}
        facts.append(Fact("absence.added", chain.SYSTEM, one.public_id, at, data))


def at_work(at: datetime, chance: random.Random) -> datetime:
    """About this time, at a moment when people work: from 8 to 20 in São Paulo, no Sunday."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight.weekday() == 6:
        midnight -= timedelta(days=1)
    return midnight + timedelta(seconds=chance.randrange(11 * 3600, 22 * 3600))
