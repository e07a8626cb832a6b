"""Two years of the company, event by event: people come, read, sit, are certified, go."""

import random
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from quizapp.company import aftermath, desks, editions, exams, people, training
from quizapp.company.editions import Edit, Edition
from quizapp.company.exams import Exam
from quizapp.company.paths import Cycle, Register
from quizapp.company.people import Agent
from quizapp.company.sittings import Hall
from quizapp.content import importer
from quizapp.db import take_stock
from quizapp.errors import Refused
from quizapp.evidence import chain
from quizapp.evidence.chain import Fact
from quizapp.people import access, holidays
from quizapp.people.models import User
from quizapp.study.models import Acknowledgement

YEARS = 2
BATCH = 500  # attempts written at once
OPEN_OF = 2000  # one of so many attempts is still open, in a quiz without a time limit
STILL_OPEN = "abertura"
NEW_ITEMS = 15  # so many days before the end a bank gets some
PASSWORD = "aurora fibra de teste"  # of the accounts that are named at the end  # noqa: S105
NAMED = ("9001", "9101", "9201", "9202", "10001", "10002")

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Size:
    """How large a company is made; so many agents make a team."""

    agents: int
    attempts: int
    team: int = 50

    @property
    def teams(self) -> int:
        """How many teams there are."""
        return max(1, round(self.agents / self.team))


def make(
    session: Session,
    size: Size,
    seed: int,
    *,
    today: date,
    progress: Progress = lambda done: None,
) -> list[User]:
    """Make a company whose two years end as this day begins; those who can sign in.

    `progress` hears how many attempts were made. The caller commits. Raises Refused where
    somebody is here already.
    """
    if session.execute(select(User.id).limit(1)).first():
        raise Refused(
            gettext(
                "There are people in this database: a company is only made where nobody is. "
                "Choose an empty folder by QUIZAPP_INSTANCE, or another QUIZAPP_DATABASE_URL."
            )
        )
    zone = ZoneInfo(current_app.config["TIME_ZONE"])
    until = datetime.combine(today, time(), zone).astimezone(UTC)
    began = until - timedelta(days=365 * YEARS)
    chance = random.Random(f"company:{seed}")  # noqa: S311 - a play
    today_then = began.astimezone(zone).date()
    procedures = editions.first(chance)
    asked, keys = exams.bring(session, procedures.values(), chance, now=began, today=today_then)
    crews = people.found(session, chance, size.teams, began)
    register = Register(session, chance, asked, zone)
    register.assign(crews, began, today_then)
    for year in range(began.year, until.year + 1):
        for one in holidays.national(year):
            if not one.optional:
                holidays.add(session, one.on, one.name, by=chain.SYSTEM, now=began)
    agents, facts = people.hire(session, chance, crews, size.agents, began, until)
    hall = Hall(session, chance, keys)
    story = _Story(session, chance, asked, register, hall, zone, began, until, progress)
    story.plan_editions(procedures)
    for at, act in training.plans(session, chance, agents, until):
        story.by_hand(at, act)
    story.tell(agents, facts, size.attempts)
    aftermath.follow(session, chance, until)
    desks.furnish(session, chance, until)
    take_stock(session)
    return _open_doors(session)


class _Story:
    """What happens, in the order in which it does."""

    def __init__(
        self,
        session: Session,
        chance: random.Random,
        asked: dict[str, Exam],
        register: Register,
        hall: Hall,
        zone: ZoneInfo,
        began: datetime,
        until: datetime,
        progress: Progress,
    ) -> None:
        self._session, self._chance, self._exams = session, chance, asked
        self._register, self._hall, self._zone = register, hall, zone
        self._began, self._until, self._progress = began, until, progress
        self._here: list[Agent] = []
        self._heap: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = count()
        self._words: list[dict[str, Any]] = []
        self._made = 0

    def by_hand(self, at: datetime, act: Callable[[datetime], object]) -> None:
        """Somebody does something then, by the application's own functions."""

        def happen(now: datetime) -> None:
            self._hall.write()  # what was before comes before it in the evidence
            act(now)

        self._at(at, happen)

    def plan_editions(self, procedures: Mapping[str, Edition]) -> None:
        """Procedures change, and a bank gets items, by a trainer's hand."""
        by = self._session.scalars(_TRAINER).first()
        assert by is not None  # noqa: S101 - people.hire made some
        for edit in editions.EDITS:
            at = people.at_work(
                self._began + (self._until - self._began) * edit.share, self._chance
            )
            self.by_hand(at, lambda at, edit=edit: self._edit(procedures, edit, by, at))  # type: ignore[misc]
        self.by_hand(self._until - timedelta(days=NEW_ITEMS), lambda at: self._enlarge(by, at))

    def _edit(self, procedures: Mapping[str, Edition], edit: Edit, by: str, at: datetime) -> None:
        today, edition = self._day(at), procedures[edit.slug]
        edition.change(edit, self._chance)
        in_force = today + timedelta(days=edit.days)
        file = edition.file(in_force if edit.days else None)
        importer.import_files(self._session, [file], by=by, now=at, today=today, origin="upload")
        begins = datetime.combine(in_force, time(), self._zone).astimezone(UTC)
        self._at(max(at, begins), lambda at: self._turn(edit.slug, at))

    def _turn(self, slug: str, at: datetime) -> None:
        """A state of a procedure comes into force; most who knew the old one read what is new."""
        exams.cite_anew(self._session, self._exams, self._day(at))
        fresh = self._register.read_anew(slug, at)
        for agent in self._here:
            self._settle(agent, at)  # what was the last thing to read may be gone
            has_read = any(read == slug for read, _ in agent.read)
            # Who is under way has to; whoever is certified need not.
            rate = 0.97 if self._register.open_of(agent) else 0.25 + 0.6 * agent.zeal
            if fresh and has_read and self._chance.random() < rate:
                days = self._chance.expovariate(1 / (3 + 20 * (1 - agent.zeal)))
                when = max(at, people.at_work(at + timedelta(days=days), self._chance))
                self._at(
                    when,
                    lambda at, one=agent: self._read_new(one, slug, fresh, at),  # type: ignore[misc]
                )

    def _read_new(self, agent: Agent, slug: str, fresh: Collection[str], at: datetime) -> None:
        if not agent.is_here(at):
            return
        for part in self._register.texts[slug].parts:
            if part.hash in fresh and (slug, part.hash) not in agent.read:
                at += timedelta(seconds=self._chance.randrange(40, 240))
                self._say(agent, slug, part.anchor, part.hash, at)
        self._settle(agent, at)

    def _enlarge(self, by: str, at: datetime) -> None:
        self._hall.keys = exams.enlarge(
            self._session, self._exams, self._chance, by=by, now=at, today=self._day(at)
        )

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def tell(self, agents: Sequence[Agent], facts: Sequence[Fact], attempts: int) -> None:
        """Let all of it happen, and write it."""
        for fact in facts:
            self._at(fact.at, lambda _, fact=fact: self._hall.facts.append(fact))  # type: ignore[misc]
        for agent in agents:
            self._at(agent.hired_at, lambda at, one=agent: self._come(one, at))  # type: ignore[misc]
            if agent.left_at:
                self._at(agent.left_at, lambda at, one=agent: self._go(one, at))  # type: ignore[misc]
        opened = [one for one in agents if one.is_here(self._until)]
        opened = self._chance.sample(opened, min(len(opened), attempts // OPEN_OF))
        for at, agent in self._times(agents, attempts - len(opened)):
            self._at(at, lambda at, one=agent: self._sit(one, at))  # type: ignore[misc]
        while self._heap:
            at, _, happen = heappop(self._heap)
            happen(at)
        for agent in opened:
            begun = self._until - timedelta(minutes=self._chance.randrange(60, 300))
            self._hall.sit(agent, self._exams[STILL_OPEN], begun, leave_open=True)
            self._made += 1
        self._hall.close()
        self._register.write()
        if self._words:
            self._session.execute(insert(Acknowledgement), self._words)
        self._progress(self._made)

    def _at(self, at: datetime, happen: Callable[[datetime], None]) -> None:
        if at <= self._until:
            heappush(self._heap, (at, next(self._order), happen))

    def _times(self, agents: Sequence[Agent], attempts: int) -> list[tuple[datetime, Agent]]:
        """When somebody sits down: whoever is here longer does so more often."""
        chance, until = self._chance, self._until - timedelta(hours=6)
        spans = []
        for agent in agents:
            end = agent.left_at or until
            for away in agent.away:
                if away.first <= until.date() and (away.last is None or away.last >= until.date()):
                    end = min(end, datetime.combine(away.first, time(), UTC))
            spans.append((agent, max(timedelta(), end - agent.hired_at)))
        total = [0.0]
        for agent, span in spans:
            total.append(total[-1] + span.total_seconds() * (0.3 + agent.zeal))
        found = []
        for _ in range(attempts):
            agent, span = spans[bisect_left(total, chance.random() * total[-1]) - 1]
            at = people.at_work(agent.hired_at + span * chance.random(), chance)
            for away in agent.away:
                if away.last and away.is_on(at.date()):
                    at += away.last - away.first + timedelta(days=1)
            last = min(until, (agent.left_at or until) - timedelta(hours=1))
            found.append((max(agent.hired_at, min(at, last)), agent))
        return found

    def _come(self, agent: Agent, at: datetime) -> None:
        self._here.append(agent)
        self._hall.facts += self._register.enrol(agent, at)
        for cycle in self._register.open_of(agent):
            self._plan_reading(cycle, at)

    def _go(self, agent: Agent, at: datetime) -> None:
        self._here.remove(agent)
        self._hall.facts += self._register.leave(agent, at)

    def _plan_reading(self, cycle: Cycle, at: datetime) -> None:
        """Most read within weeks, a few never do."""
        chance, agent = self._chance, cycle.agent
        lazy = chance.random() < 0.05
        if lazy and chance.random() < 0.3:
            return
        for _ in {step.slug: None for step in cycle.course.steps if step.kind == "read"}:
            days = chance.expovariate(1 / (5 + 25 * (1 - agent.zeal)))
            days += chance.uniform(50, 150) if lazy else 0  # somebody had to speak with them
            when = max(at, people.at_work(at + timedelta(days=days), chance))
            self._at(when, lambda at: self._read(cycle, at))

    def _read(self, cycle: Cycle, at: datetime) -> None:
        """The next procedure that a cycle asks for, section by section."""
        agent, now, slug = cycle.agent, at, ""
        if cycle.ended_at:
            return
        for step, place in list(cycle.unread()):
            if slug and step.slug != slug:
                break
            slug = step.slug
            now += timedelta(seconds=self._chance.randrange(40, 240))
            if now > self._until:
                break
            self._say(agent, slug, place.anchor, place.hash, now)
        self._settle(agent, now)

    def _say(self, agent: Agent, slug: str, anchor: str, digest: str, at: datetime) -> None:
        """Somebody acknowledges a section."""
        agent.read[slug, digest] = at
        shown = self._register.texts[slug]
        self._words.append(
            {
                "user_id": agent.id,
                "procedure_id": shown.procedure_id,
                "anchor": anchor,
                "section_hash": digest,
                "revision_id": shown.revision_id,
                "at": at,
            }
        )
        data = {"hash": digest, "revision": shown.revision}
        fact = Fact("section.acknowledged", agent.public_id, f"{slug}#{anchor}", at, data)
        self._hall.facts.append(fact)

    def _sit(self, agent: Agent, at: datetime) -> None:
        """Somebody takes what their programs ask for, or practises."""
        exam = self._choose(agent, at)
        taken = agent.taken.get(exam.quiz.slug)
        if taken and taken.ended_at and taken.ended_at >= at:
            at = taken.ended_at + timedelta(minutes=5)
        sitting = self._hall.sit(agent, exam, at)
        self._made += 1
        if self._made % BATCH == 0:
            self._hall.write()
            self._progress(self._made)
        if sitting.score and sitting.score.passed and sitting.ended_at:
            self._settle(agent, sitting.ended_at)

    def _choose(self, agent: Agent, at: datetime) -> Exam:
        chance = self._chance
        if chance.random() < 0.25 + 0.6 * agent.zeal:
            for cycle in self._register.open_of(agent):
                for slug in cycle.wanted():
                    taken = agent.taken.get(slug)
                    next_at = self._exams[slug].rules.next_start(taken.ended_at if taken else None)
                    if next_at is None or next_at <= at:
                        return self._exams[slug]
        commercial = agent.crew.program in ("financeiro", "retencao")
        practice = "treino-comercial" if commercial else "treino-de-suporte"
        others = (practice, practice, "reciclagem-geral", "abertura", "sem-internet", "lentidao")
        return self._exams[chance.choice(others)]

    def _settle(self, agent: Agent, at: datetime) -> None:
        ended, facts = self._register.settle(agent, at)
        self._hall.facts += facts
        for cycle in ended:
            renews_at = self._register.renews_at(cycle)
            if renews_at:
                self._at(
                    max(at, renews_at),
                    lambda at, one=cycle: self._renew(one, at),  # type: ignore[misc]
                )

    def _renew(self, before: Cycle, at: datetime) -> None:
        if before.agent.left_at and before.agent.left_at <= at:
            return
        self._hall.facts.append(self._register.renew(before, at))
        self._plan_reading(self._register.open_of(before.agent)[-1], at)


_TRAINER = select(User.public_id).where(User.role == "trainer").order_by(User.id)


def _open_doors(session: Session) -> list[User]:
    """Give a few people a password, the same to each, hashed once: it takes its time."""
    some = session.execute(
        select(User)
        .where(User.employee_number.in_(NAMED), User.left_at.is_(None))
        .order_by(User.id)
    ).scalars()
    found = list(some)
    access.set_password(found[0], PASSWORD)
    for user in found[1:]:
        user.password_hash = found[0].password_hash
    session.flush()
    return found
