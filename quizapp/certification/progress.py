"""How far somebody is in a program: each step, what is next, what is due.

Nothing of it is stored: it is computed from what was read, passed and waived.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from flask_babel import gettext
from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from quizapp.certification import facts
from quizapp.certification.facts import Facts, Waived
from quizapp.certification.models import Assignment, Enrolment, ProgramRevision, ProgramStep
from quizapp.certification.rules import ProgramRules, Step
from quizapp.errors import Refused
from quizapp.people import calendars
from quizapp.people.models import User

State = Literal["done", "open", "locked", "gone", "waived"]
# earlier: a step before it is not done. changed: its text has changed since it was acknowledged.
# anew: it was done before this cycle began. no-text, no-section, no-quiz: it is not there now.
# not-yours: it is for other teams.
Why = Literal["", "earlier", "changed", "anew", "no-text", "no-section", "no-quiz", "not-yours"]


@dataclass(frozen=True)
class Proof:
    """One thing that a step done rests on: a section read, an attempt passed or a waiver.

    `title` is the procedure's or the quiz's; `ref` the attempt's public id or the waiver's id.
    """

    kind: Literal["read", "quiz", "waiver"]
    step: Step
    title: str
    anchor: str
    heading: str
    hash: str
    ref: str
    at: datetime


@dataclass(frozen=True)
class StepState:
    """A step and how it stands; `done` of `total` sections are read, or 1 of 1 quiz is passed.

    `why` says why it is not done, as a code; `at` is when it was.
    """

    step: Step
    title: str
    state: State
    why: Why = ""
    done: int = 0
    total: int = 1
    at: datetime | None = None
    proofs: tuple[Proof, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is asked here."""
        return self.state in ("done", "waived")


@dataclass(frozen=True)
class Path:
    """A person's way through one cycle of a program, on the revision it runs by.

    `due_on` is the person's day, moved on by absence and holidays; None where nothing is due,
    or where nobody knows when the person is back. Who is away today is not overdue.
    """

    enrolment: Enrolment
    revision: ProgramRevision
    rules: ProgramRules
    steps: tuple[StepState, ...]
    due_on: date | None
    is_overdue: bool

    @property
    def is_fulfilled(self) -> bool:
        """Whether the last condition holds."""
        return is_fulfilled(self.steps)

    @property
    def next(self) -> StepState | None:
        """The first step that can be done now."""
        return next((one for one in self.steps if one.state == "open"), None)

    @property
    def stopped_by(self) -> StepState | None:
        """The step without which the person cannot go on, and which they cannot do."""
        return stopped_by(self.steps)


def is_fulfilled(steps: Sequence[StepState]) -> bool:
    """Whether all is done or waived."""
    return bool(steps) and all(one.is_over for one in steps)


def stopped_by(steps: Sequence[StepState]) -> StepState | None:
    """The first step that is gone, where nothing else can be done."""
    if any(one.state == "open" for one in steps):
        return None
    return next((one for one in steps if one.state == "gone"), None)


def path(session: Session, enrolment: Enrolment, now: datetime) -> Path:
    """A person's way through one enrolment."""
    return paths(session, [enrolment], now)[0]


def paths_of(session: Session, user_id: int, now: datetime) -> list[Path]:
    """The programs that a person is under way in: what is due first comes first."""
    found = paths(session, open_enrolments(session, [user_id]), now)
    return sorted(found, key=lambda one: (one.due_on or date.max, one.enrolment.id))


def paths(session: Session, enrolments: Sequence[Enrolment], now: datetime) -> list[Path]:
    """The ways of many people, by as many statements as for one, in the order given."""
    walked = states(session, enrolments, now)
    asked_at = _asked(session, [one.id for one in enrolments])
    asked = [
        (one.user_id, given_on(*asked_at[one.id], one.since), one.due_on)
        for one in enrolments
        if one.due_on
    ]
    moved = iter(calendars.due_for_many(session, asked))
    away = _away(session, enrolments, asked_at, now)
    found = []
    for one, steps in zip(enrolments, walked, strict=True):
        due = next(moved) if one.due_on else None
        is_late = due is not None and calendars.day_of(asked_at[one.id][0], now) > due
        found.append(
            Path(
                one,
                one.revision,
                ProgramRules.from_json(one.revision.rules),
                steps,
                None if due == calendars.UNKNOWN else due,
                is_late and one.user_id not in away and not is_fulfilled(steps),
            )
        )
    return found


def _away(
    session: Session,
    enrolments: Sequence[Enrolment],
    asked_at: Mapping[int, tuple[str | None, datetime | None]],
    now: datetime,
) -> set[int]:
    """Who of these people is away: nothing is asked of them, nor overdue, meanwhile."""
    asked = ((one.user_id, asked_at[one.id][0]) for one in enrolments if one.due_on)
    return calendars.away_now(session, asked, now)


def given_on(zone: str | None, asked_at: datetime | None, since: datetime) -> date:
    """The person's day from which on absence moves a due day.

    That is when the cycle began, or when it was asked for, if that came later.
    """
    return calendars.day_of(zone, max(since, asked_at or since))


def _asked(
    session: Session, enrolment_ids: Sequence[int]
) -> dict[int, tuple[str | None, datetime | None]]:
    """The zone of each enrolment's person, and when its assignment was made, if it has one."""
    found: dict[int, tuple[str | None, datetime | None]] = {}
    for some in facts.chunks(sorted(set(enrolment_ids))):
        for enrolment_id, zone, at in session.execute(_ASKED, {"ids": some}):
            found[enrolment_id] = zone, at
    return found


_ASKED = (
    select(Enrolment.id, User.zone, Assignment.at)
    .join(User, User.id == Enrolment.user_id)
    .outerjoin(Assignment, Assignment.id == Enrolment.assignment_id)
    .where(Enrolment.id.in_(bindparam("ids", expanding=True)))
)


def open_enrolments(
    session: Session, user_ids: Collection[int], programs: Collection[int] | None = None
) -> list[Enrolment]:
    """The open enrolments of these people, the oldest first, as the database has them now.

    In all programs, or in some.
    """
    wanted = _OPEN
    if programs is not None:
        wanted = wanted.where(Enrolment.program_id.in_(programs))
    return [
        enrolment
        for some in facts.chunks(sorted(set(user_ids)))
        for enrolment in session.execute(wanted, {"people": some}).scalars()
    ]


_OPEN = (
    select(Enrolment)
    .where(Enrolment.user_id.in_(bindparam("people", expanding=True)), Enrolment.ended_at.is_(None))
    .order_by(Enrolment.id)
    .execution_options(populate_existing=True)
)


def states(
    session: Session, enrolments: Sequence[Enrolment], now: datetime
) -> list[tuple[StepState, ...]]:
    """How the steps of each of these stand, in the order given."""
    if not enrolments:
        return []
    steps = facts.steps_of(session, {one.program_revision_id for one in enrolments})
    waivers = facts.waivers_of(session, enrolments)
    asked = [step for some in steps.values() for step in some]
    people = sorted({one.user_id for one in enrolments})
    known = facts.gather(session, asked, people, now)
    return [
        _walk(
            steps.get(one.program_revision_id, ()),
            ProgramRules.from_json(one.revision.rules).in_order,
            known,
            _Person(one.user_id, one.since if one.cycle > 1 else None),
            waivers.get(one.id, {}),
        )
        for one in enrolments
    ]


def preview(
    session: Session, revision: ProgramRevision, viewer: int, now: datetime
) -> tuple[StepState, ...]:
    """The steps of a revision as they would stand for a person who began with nothing."""
    steps = facts.steps_of(session, [revision.id]).get(revision.id, ())
    known = facts.gather(session, steps, [viewer], now)
    known = replace(known, read={}, heard={}, passed={})
    in_order = ProgramRules.from_json(revision.rules).in_order
    return _walk(steps, in_order, known, _Person(viewer, None), {})


def doubtful(session: Session, steps: Collection[Step], now: datetime) -> set[Step]:
    """Those of these steps that are not there, or not there for everybody."""
    known, nobody = facts.gather(session, steps, [], now), _Person(0, None)
    return {
        step
        for step in steps
        if known.hidden.is_limited(step) or _stand(step, known, nobody, {}).state == "gone"
    }


@dataclass(frozen=True)
class _Person:
    """Whose steps they are; what was done before `since` does not count, None for all does."""

    id: int
    since: datetime | None

    def counts(self, at: datetime | None) -> bool:
        return at is not None and (self.since is None or at >= self.since)


def _walk(
    steps: Sequence[Step],
    in_order: bool,
    known: Facts,
    person: _Person,
    waivers: Mapping[Step, Waived],
) -> tuple[StepState, ...]:
    stands = (_stand(step, known, person, waivers) for step in steps)
    return tuple(_in_order(stands) if in_order else stands)


def _in_order(stands: Iterator[StepState]) -> Iterator[StepState]:
    """Lock what comes after the first step that is not done."""
    is_free = True
    for one in stands:
        if one.state == "open" and not is_free:
            yield StepState(one.step, one.title, "locked", "earlier", one.done, one.total)
        else:
            yield one
        is_free = is_free and one.is_over


def _stand(step: Step, known: Facts, person: _Person, waivers: Mapping[Step, Waived]) -> StepState:
    found = (_reading if step.kind == "read" else _exam)(step, known, person)
    waived = waivers.get(step)
    if found.state == "done":
        return found
    if waived is None:
        if not known.hidden.is_from(person.id, step):
            return found
        # What it is called is for other teams, too.
        return StepState(step, gettext("Something for other teams"), "gone", "not-yours")
    proof = Proof("waiver", step, found.title, step.anchor, "", "", str(waived.id), waived.at)
    return StepState(step, found.title, "waived", "", found.done, found.total, waived.at, (proof,))


def _reading(step: Step, known: Facts, person: _Person) -> StepState:
    text, places = known.texts.get(step.slug), known.places(step)
    if text is None:
        return StepState(step, _name(step), "gone", "no-text")
    if not places:
        return StepState(step, f"{text.title}: {step.anchor}", "gone", "no-section")
    title = text.title
    if step.anchor and places[0].heading:
        title = f"{title}: {places[0].heading}"
    proofs, was_read, was_heard = [], False, False
    for place in places:
        where = (person.id, place.procedure_id, place.anchor)
        at = known.read.get((*where, place.hash))
        if at is not None and person.counts(at):
            proofs.append(
                Proof("read", step, text.title, place.anchor, place.heading, place.hash, "", at)
            )
        else:
            was_read = was_read or at is not None
            was_heard = was_heard or (at is None and where in known.heard)
    done = len(proofs)
    if done == len(places):
        at = max(proof.at for proof in proofs)
        return StepState(step, title, "done", "", done, done, at, tuple(proofs))
    why: Why = "changed" if was_heard else "anew" if was_read else ""
    return StepState(step, title, "open", why, done, len(places))


def _exam(step: Step, known: Facts, person: _Person) -> StepState:
    quiz, passed = known.exams.get(step.slug), known.passed.get((person.id, step.slug))
    title = quiz.title if quiz else _name(step)
    if passed is not None and person.counts(passed.at):
        proof = Proof("quiz", step, title, "", title, "", passed.attempt, passed.at)
        return StepState(step, title, "done", "", 1, 1, passed.at, (proof,))
    if quiz is None or not quiz.is_open:
        return StepState(step, title, "gone", "no-quiz")
    return StepState(step, title, "open", "anew" if passed else "")


def _name(step: Step) -> str:
    return f"{step.slug}#{step.anchor}" if step.anchor else step.slug


def refuse_locked(session: Session, user_id: int, quiz: str, now: datetime) -> None:
    """Refuse to let a person start a quiz (by its slug) whose turn has not come.

    In one program it may be open and in another locked: then it can be taken.
    """
    enrolments = session.execute(_ASKING, {"user": user_id, "quiz": quiz}).scalars().all()
    stands = [
        (one, step)
        for one, steps in zip(enrolments, states(session, enrolments, now), strict=True)
        for step in steps
        if step.step == Step("quiz", quiz)
    ]
    if stands and all(step.state == "locked" for _, step in stands):
        raise Refused(
            gettext(
                "In “%(program)s” other steps come before this quiz.",
                program=stands[0][0].revision.title,
            )
        )


_ASKING = select(Enrolment).where(
    Enrolment.user_id == bindparam("user"),
    Enrolment.ended_at.is_(None),
    exists().where(
        ProgramStep.program_revision_id == Enrolment.program_revision_id,
        ProgramStep.kind == "quiz",
        ProgramStep.slug == bindparam("quiz"),
    ),
)
