"""The company's cohorts: who was trained together, when they met and who was there."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.certification import cohorts, meetings
from quizapp.certification.cohorts import Plan
from quizapp.certification.models import Cohort, Program
from quizapp.company import people
from quizapp.company.people import Agent
from quizapp.people.models import User

# How many days before the end each begins; the last is still to come.
BEGIN = (400, 300, 200, 100, 16, -7)
WEEKS, MEMBERS, MINUTES = 4, 18, 120

Act = tuple[datetime, Callable[[datetime], object]]


def plans(
    session: Session, chance: random.Random, agents: Sequence[Agent], until: datetime
) -> Iterator[Act]:
    """What is to be done for cohorts, and when."""
    trainers = session.scalars(select(User).where(User.role == "trainer").order_by(User.id)).all()
    program = session.scalars(select(Program.id).where(Program.slug == "integracao")).one()
    for n, days in enumerate(BEGIN, start=1):
        starts = until - timedelta(days=days)
        new = [one for one in agents if one.hired_at < min(starts, until)]
        new.sort(key=lambda one: one.hired_at, reverse=True)
        # Who trains the next one is not said yet.
        trainer = trainers[n % len(trainers)]
        name = f"Integração {starts:%m/%Y}" + ("" if n % 3 else " – reciclagem do turno da noite")
        ends = starts + timedelta(weeks=WEEKS)
        instructor = trainer.id if days > 0 else None
        plan = Plan(name, program, instructor, starts.date(), ends.date())
        yield from _Course(session, chance, plan, trainer.public_id, until).acts(new[:MEMBERS])


@dataclass
class _Course:
    """A cohort as it is led, by the functions that a trainer's clicks call."""

    session: Session
    chance: random.Random
    plan: Plan
    by: str
    until: datetime

    def acts(self, members: Sequence[Agent]) -> Iterator[Act]:
        """Everything until today, in order."""
        days = [self.plan.starts_on + timedelta(weeks=week) for week in range(WEEKS)]
        yield (
            min(self._at(-3), self.until - timedelta(days=1)),
            lambda at: self._begin(members, days, at),
        )
        for week, on in enumerate(days):
            if (at := self._at(7 * week)) < self.until:
                yield at, partial(self._meet, on)
        if (at := self._at(8)) < self.until:
            yield at, self._let_go
        if (at := self._at(7 * WEEKS + 2)) < self.until:
            yield at, self._close

    def _at(self, days: int) -> datetime:
        first = self.until + (self.plan.starts_on - self.until.date())
        return people.at_work(first + timedelta(days=days), self.chance)

    def _begin(self, members: Sequence[Agent], days: Iterable[date], at: datetime) -> None:
        cohort = cohorts.begin(self.session, self.plan, by=self.by, now=at)
        some = [self.session.get_one(User, one.id) for one in members]
        cohorts.add_members(self.session, cohort, some, by=self.by, now=at)
        for on in days:
            meetings.add(self.session, cohort, on, MINUTES, by=self.by, now=at)

    def _cohort(self) -> Cohort:
        return self.session.scalars(select(Cohort).where(Cohort.name == self.plan.name)).one()

    def _meet(self, on: date, at: datetime) -> None:
        cohort = self._cohort()
        held = meetings.find(self.session, cohort, on)
        there = meetings.expected(self.session, held)
        states = self.chance.choices(meetings.STATES, (85, 10, 5), k=len(there))
        given = {one.public_id: state for one, state in zip(there, states, strict=True)}
        if self.chance.random() < 0.9:  # now and then nobody puts it down
            meetings.keep_attendance(self.session, cohort, held, given, by=self.by, now=at)

    def _let_go(self, at: datetime) -> None:
        """Somebody goes on with another cohort."""
        cohort = self._cohort()
        there = cohorts.members(self.session, cohort.id)
        if len(there) > 2:
            gone = self.session.get_one(User, self.chance.choice(there).user_id)
            cohorts.remove_member(self.session, cohort, gone, by=self.by, now=at)

    def _close(self, at: datetime) -> None:
        cohorts.close(self.session, self._cohort(), by=self.by, now=at)
