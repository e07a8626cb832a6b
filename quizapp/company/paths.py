"""The company's programs: who is under way, who fulfils one, awards and renewals."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from quizapp.certification import assignments, certificates, facts, program_texts, signing
from quizapp.certification.assignments import Wanted
from quizapp.certification.facts import Facts, Place
from quizapp.certification.models import (
    Certification,
    CertificationBasis,
    Enrolment,
    Program,
    ProgramRevision,
)
from quizapp.certification.rules import ProgramRules, Step
from quizapp.company.exams import Exam
from quizapp.company.people import Agent, Crew, opaque
from quizapp.db import add_rows
from quizapp.evidence import chain
from quizapp.evidence.chain import Fact
from quizapp.study import reading
from quizapp.study.reading import Text

DUE_DAYS = 45


@dataclass
class Course:
    """A program as it runs: its steps, and what there is to read, which changes with time."""

    program: Program
    revision: ProgramRevision
    rules: ProgramRules
    steps: tuple[Step, ...]
    known: Facts


@dataclass
class Cycle:
    """An enrolment: `since` is when it began; what came of it."""

    course: Course
    agent: Agent
    number: int
    public_id: str
    since: datetime
    due_on: date | None
    assignment_id: int
    ended_at: datetime | None = None
    ended: str | None = None
    award: "Award | None" = None

    def counts(self, at: datetime | None) -> bool:
        """Whether what was done then counts in this cycle."""
        return at is not None and (self.number == 1 or at >= self.since)

    def wanted(self) -> list[str]:
        """The quizzes that are still to be passed."""
        taken = self.agent.taken
        return [
            step.slug
            for step in self.course.steps
            if step.kind == "quiz"
            and not (step.slug in taken and self.counts(taken[step.slug].passed_at))
        ]

    def unread(self) -> Iterator[tuple[Step, Place]]:
        """The sections that are still to be read."""
        for step in self.course.steps:
            if step.kind == "read":
                for place in self.course.known.places(step):
                    if not self.counts(self.agent.read.get((step.slug, place.hash))):
                        yield step, place


@dataclass(frozen=True)
class Award:
    """A certification and what it rests on, as rows without the ids that come later."""

    row: dict[str, Any]
    basis: Sequence[Mapping[str, Any]]


class Register:
    """Everybody's cycles, as time passes; written when all is told."""

    def __init__(
        self,
        session: Session,
        chance: random.Random,
        exams: Mapping[str, Exam],
        zone: ZoneInfo,
    ) -> None:
        self._session, self._chance, self._exams, self._zone = session, chance, exams, zone
        self._courses: dict[str, Course] = {}
        self.texts: dict[str, Text] = {}  # what programs ask to read, as it is in force
        self._assigned: dict[tuple[str, int], int] = {}
        self._cycles: list[Cycle] = []
        self._open: dict[int, list[Cycle]] = {}

    def assign(self, crews: Sequence[Crew], now: datetime, today: date) -> None:
        """Publish the programs, and let each team hold everybody's and that of its work.

        Nobody may be in the teams yet: whoever comes is enrolled by `enrol`.
        """
        told: dict[str, Any] = {"by": chain.SYSTEM, "now": now}
        for program in self._session.execute(select(Program).order_by(Program.id)).scalars():
            program_texts.publish(self._session, program, today=today, **told)
            course = self._courses[program.slug] = self._course(program, now)
            for slug in course.known.texts:
                self.texts[slug] = reading.text_of(self._session, slug, today)
        for crew in crews:
            for slug in _held_by(crew):
                wanted = Wanted("team", crew.public_id, due_days=DUE_DAYS)
                program = self._courses[slug].program
                row = assignments.assign(self._session, program, wanted, **told)
                self._assigned[slug, crew.id] = row.id

    def _course(self, program: Program, now: datetime) -> Course:
        revision = self._session.get_one(ProgramRevision, program.current_revision_id)
        steps = facts.steps_of(self._session, [revision.id])[revision.id]
        known = facts.gather(self._session, steps, [], now)
        return Course(program, revision, ProgramRules.from_json(revision.rules), steps, known)

    def read_anew(self, slug: str, now: datetime) -> set[str]:
        """A procedure changed, or a state of it came into force; the hashes that are new."""
        if slug not in self.texts:
            return set()
        for course in self._courses.values():
            if any(step.kind == "read" and step.slug == slug for step in course.steps):
                course.known = facts.gather(self._session, course.steps, [], now)
        before = {part.hash for part in self.texts[slug].parts}
        self.texts[slug] = reading.text_of(self._session, slug, self._day(now))
        return {part.hash for part in self.texts[slug].parts} - before

    def enrol(self, agent: Agent, at: datetime) -> list[Fact]:
        """Somebody joins their team: they are under way in what it has to hold."""
        entries = []
        for slug in _held_by(agent.crew):
            due = self._day(at) + timedelta(days=DUE_DAYS)
            self._begin(self._courses[slug], agent, 1, at, due)
            entries.append(
                Fact("program.enrolled", chain.SYSTEM, slug, at, {"of": [agent.public_id]})
            )
        return entries

    def _begin(
        self, course: Course, agent: Agent, number: int, at: datetime, due: date | None
    ) -> Cycle:
        assignment = self._assigned[course.program.slug, agent.crew.id]
        made = Cycle(course, agent, number, opaque(self._chance), at, due, assignment)
        self._cycles.append(made)
        self._open.setdefault(agent.id, []).append(made)
        return made

    def open_of(self, agent: Agent) -> list[Cycle]:
        """The cycles in which somebody is under way."""
        return self._open.get(agent.id, [])

    def leave(self, agent: Agent, at: datetime) -> list[Fact]:
        """Somebody left: nothing is asked of them any more."""
        entries = []
        for one in self._open.pop(agent.id, []):
            one.ended_at, one.ended = at, "released"
            slug = one.course.program.slug
            entries.append(
                Fact("program.released", chain.SYSTEM, slug, at, {"of": [agent.public_id]})
            )
        return entries

    def settle(self, agent: Agent, at: datetime) -> tuple[list[Cycle], list[Fact]]:
        """Award what is fulfilled now; the cycles that ended so."""
        ended, entries = [], []
        for one in list(self.open_of(agent)):
            if not one.wanted() and next(one.unread(), None) is None:
                entries.append(self._award(one, at))
                self._open[agent.id].remove(one)
                ended.append(one)
        return ended, entries

    def _award(self, one: Cycle, at: datetime) -> Fact:
        proofs = list(self._proofs(one))
        day = self._day(at)
        valid_until = one.course.rules.valid_until(day)
        code = f"{self._chance.getrandbits(128):032x}"
        revision = one.course.revision
        printed = certificates.printed(
            code=code,
            name=one.agent.name,
            program=revision.title,
            language=revision.language,
            minutes=one.course.rules.minutes,
            awarded_on=day,
            valid_until=valid_until,
            read=[
                certificates.Read(
                    one.course.known.texts[proof["slug"]].title,
                    proof["heading"],
                    self._day(proof["at"]),
                )
                for proof in proofs
                if proof["kind"] == "read"
            ],
            passed=[
                certificates.Passed(proof["heading"], self._day(proof["at"]))
                for proof in proofs
                if proof["kind"] == "quiz"
            ],
        )
        key_id, signature = signing.seal(self._session, printed, at)
        one.ended_at, one.ended = at, "awarded"
        one.award = Award(
            {
                "code": code,
                "program_id": one.course.program.id,
                "program_revision_id": revision.id,
                "user_id": one.agent.id,
                "cycle": one.number,
                "source": "earned",
                "awarded_at": at,
                "awarded_on": day,
                "valid_until": valid_until,
                "printed": printed,
                "signing_key_id": key_id,
                "signature": signature,
                "reason": "",
                "by": chain.SYSTEM,
            },
            proofs,
        )
        data = {
            "person": one.agent.public_id,
            "program": one.course.program.slug,
            "revision": revision.number,
            "cycle": one.number,
            "enrolment": one.public_id,
            "awarded_on": day.isoformat(),
            "valid_until": valid_until and valid_until.isoformat(),
            "printed": signing.digest(printed),
            "key": key_id,
        }
        return Fact("certification.awarded", chain.SYSTEM, code, at, data)

    def _proofs(self, one: Cycle) -> Iterator[dict[str, Any]]:
        agent = one.agent
        for n, step in enumerate(one.course.steps, start=1):
            common = {"step": n, "kind": step.kind, "slug": step.slug}
            if step.kind == "quiz":
                title, taken = self._exams[step.slug].quiz.title, agent.taken[step.slug]
                yield common | {
                    "anchor": "",
                    "heading": title,
                    "hash": "",
                    "ref": taken.passed_by,
                    "at": taken.passed_at,
                }
                continue
            for place in one.course.known.places(step):
                yield common | {
                    "anchor": place.anchor,
                    "heading": place.heading,
                    "hash": place.hash,
                    "ref": "",
                    "at": agent.read[step.slug, place.hash],
                }

    def renews_at(self, one: Cycle) -> datetime | None:
        """When the cycle after this one opens."""
        valid_until = one.award.row["valid_until"] if one.award else None
        if valid_until is None:
            return None
        day = one.course.rules.renews_on(valid_until)
        return datetime.combine(day, time(), self._zone).astimezone(UTC)

    def renew(self, before: Cycle, at: datetime) -> Fact:
        """Open the next cycle; it is due when the certification ends."""
        assert before.award is not None  # noqa: S101 - it was awarded
        valid_until = before.award.row["valid_until"]
        one = self._begin(before.course, before.agent, before.number + 1, at, valid_until)
        data = {
            "person": one.agent.public_id,
            "program": one.course.program.slug,
            "cycle": one.number,
            "certification": before.award.row["code"],
            "valid_until": valid_until.isoformat(),
        }
        return Fact("program.renewal", chain.SYSTEM, one.public_id, at, data)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def write(self) -> None:
        """Write the cycles, the awards and what those rest on."""
        if not self._cycles:
            return
        ids = self._session.execute(
            _ADD_ENROLMENTS, [_enrolment(one) for one in self._cycles]
        ).scalars()
        rows = [
            one.award.row | {"enrolment_id": id_}
            for id_, one in zip(ids, self._cycles, strict=True)
            if one.award
        ]
        if not rows:
            return
        awards = [one.award for one in self._cycles if one.award]
        given = self._session.execute(_ADD_AWARDS, rows).scalars()
        add_rows(
            self._session,
            cast(Table, CertificationBasis.__table__),
            ("certification_id", "position", *_BASIS),
            [
                (id_, position, *(proof[name] for name in _BASIS))
                for id_, award in zip(given, awards, strict=True)
                for position, proof in enumerate(award.basis, start=1)
            ],
        )


_BASIS = ("step", "kind", "slug", "anchor", "heading", "hash", "ref", "at")
_ADD_ENROLMENTS = insert(Enrolment.__table__).returning(  # type: ignore[arg-type]
    Enrolment.__table__.c.id, sort_by_parameter_order=True
)
_ADD_AWARDS = insert(Certification.__table__).returning(  # type: ignore[arg-type]
    Certification.__table__.c.id, sort_by_parameter_order=True
)


def _held_by(crew: Crew) -> tuple[str, ...]:
    return ("integracao", crew.program)


def _enrolment(one: Cycle) -> dict[str, Any]:
    return {
        "public_id": one.public_id,
        "program_id": one.course.program.id,
        "program_revision_id": one.course.revision.id,
        "user_id": one.agent.id,
        "cycle": one.number,
        "since": one.since,
        "due_on": one.due_on,
        "assignment_id": one.assignment_id,
        "ended_at": one.ended_at,
        "ended": one.ended,
    }
