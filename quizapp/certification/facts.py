"""What there is to read and pass, and what people have read and passed: plain facts, in sets.

A handful of statements, however many people and steps. Programs under way are measured by them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Date, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.certification.models import Enrolment, ProgramStep, Waiver
from quizapp.certification.rules import Step
from quizapp.content import moves
from quizapp.content.models import Procedure, ProcedureRevision, Section
from quizapp.content.procedures import is_in_force
from quizapp.people import calendars
from quizapp.people.models import Audience, Membership, User
from quizapp.quiz.models import Attempt, Quiz, Score
from quizapp.study.models import Acknowledgement

T = TypeVar("T")

# How many people or enrolments one statement names; databases take some thousand parameters.
AT_ONCE = 500


@dataclass(frozen=True)
class Place:
    """A section in force."""

    procedure_id: int
    anchor: str
    heading: str
    hash: str


@dataclass(frozen=True)
class Text:
    """A procedure in force."""

    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Exam:
    """A quiz, and whether it can be taken today."""

    title: str
    is_open: bool


@dataclass(frozen=True)
class Pass:
    """An attempt that is passed by its latest score."""

    attempt: str
    at: datetime


@dataclass(frozen=True)
class Waived:
    """A step that somebody said need not be done."""

    id: int
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Hidden:
    """What is for some teams alone: the teams by kind and slug, and those of people, None all."""

    meant: dict[tuple[str, str], set[int]]
    teams: dict[int, set[int] | None]

    def is_from(self, user_id: int, step: Step) -> bool:
        """Whether a person does not see what a step asks for."""
        meant, mine = self._meant_for(step), self.teams.get(user_id, set())
        return meant is not None and mine is not None and not meant & mine

    def is_limited(self, step: Step) -> bool:
        """Whether what a step asks for is for some teams alone."""
        return self._meant_for(step) is not None

    def _meant_for(self, step: Step) -> set[int] | None:
        return self.meant.get(("procedure" if step.kind == "read" else "quiz", step.slug))


@dataclass
class Facts:
    """What is known about some steps and people.

    `read` and `heard` are when a person last acknowledged a section: by (person, procedure,
    anchor, hash), and whatever its text was.
    """

    texts: dict[str, Text] = field(default_factory=dict)
    exams: dict[str, Exam] = field(default_factory=dict)
    followed: moves.Followed | None = None
    read: dict[tuple[int, int, str, str], datetime] = field(default_factory=dict)
    heard: dict[tuple[int, int, str], datetime] = field(default_factory=dict)
    passed: dict[tuple[int, str], Pass] = field(default_factory=dict)
    hidden: Hidden = field(default_factory=lambda: Hidden({}, {}))

    def places(self, step: Step) -> tuple[Place, ...]:
        """The sections in force that a step asks to read, also where a heading was renamed."""
        text = self.texts.get(step.slug)
        if text is None or not step.anchor:
            return text.places if text else ()
        anchor: str | None = step.anchor
        if self.followed is not None:
            anchor = self.followed.now(step.slug, step.anchor, (p.anchor for p in text.places))
        return tuple(place for place in text.places if place.anchor == anchor)


def gather(session: Session, steps: Iterable[Step], people: Sequence[int], now: datetime) -> Facts:
    """The facts about these steps and people."""
    wanted = set(steps)
    slugs = sorted({step.slug for step in wanted if step.kind == "read"})
    quizzes = sorted({step.slug for step in wanted if step.kind == "quiz"})
    facts = Facts(hidden=hidden(session, [*slugs, *quizzes], people))
    if slugs:
        _texts(session, facts, slugs, now)
        if any(
            step.kind == "read" and step.slug in facts.texts and not facts.places(step)
            for step in wanted
        ):
            facts.followed = moves.follow(session, slugs)
        _readings(session, facts, people)
    if quizzes:
        for slug, title, published_at, withdrawn_at in session.execute(_EXAMS, {"slugs": quizzes}):
            facts.exams[slug] = Exam(title, published_at is not None and withdrawn_at is None)
        for some in chunks(people):
            found: Any = session.execute(_PASSED, {"people": some, "slugs": quizzes})
            # The latest comes last.
            for user_id, slug, attempt, at in found:
                facts.passed[user_id, slug] = Pass(attempt, at)
    return facts


def hidden(session: Session, slugs: Sequence[str], people: Sequence[int]) -> Hidden:
    """Which procedures and quizzes of these are for some teams alone, and the teams of people."""
    meant: dict[tuple[str, str], set[int]] = {}
    for kind, slug, team_id in session.execute(_MEANT, {"slugs": slugs}):
        meant.setdefault((kind, slug), set()).add(team_id)
    teams: dict[int, set[int] | None] = {}
    if meant:  # most programs are of what everybody sees
        for some in chunks(people):
            for user_id, role, team_id in session.execute(_TEAMS, {"people": some}):
                mine = teams.setdefault(user_id, None if role in SEE_ALL else set())
                if mine is not None and team_id is not None:
                    mine.add(team_id)
    return Hidden(meant, teams)


SEE_ALL = ("trainer", "admin")  # as people.audience has it
_MEANT = select(Audience.kind, Audience.slug, Audience.team_id).where(
    Audience.kind.in_(("procedure", "quiz")),
    Audience.slug.in_(bindparam("slugs", expanding=True)),
)
_TEAMS = (
    select(User.id, User.role, Membership.team_id)
    .outerjoin(Membership, (Membership.user_id == User.id) & Membership.ended_at.is_(None))
    .where(User.id.in_(bindparam("people", expanding=True)))
)


def _texts(session: Session, facts: Facts, slugs: list[str], now: datetime) -> None:
    titles: dict[str, str] = {}
    found: dict[str, list[Place]] = {}
    today = calendars.day_of(None, now)
    rows: Any = session.execute(_SECTIONS, {"slugs": slugs, "today": today})
    for slug, title, *place in rows:
        titles[slug] = title
        found.setdefault(slug, []).append(Place(*place))
    facts.texts = {slug: Text(titles[slug], tuple(found[slug])) for slug in found}


_SECTIONS = (
    select(
        Procedure.slug,
        ProcedureRevision.title,
        Procedure.id,
        Section.anchor,
        Section.heading,
        Section.hash,
    )
    .join(ProcedureRevision, ProcedureRevision.procedure_id == Procedure.id)
    .join(Section, Section.revision_id == ProcedureRevision.id)
    .where(
        Procedure.slug.in_(bindparam("slugs", expanding=True)),
        Procedure.draft.is_(False),
        is_in_force(bindparam("today", type_=Date)),
    )
    .order_by(Procedure.slug, Section.position)
)
_EXAMS = select(Quiz.slug, Quiz.title, Quiz.published_at, Quiz.withdrawn_at).where(
    Quiz.slug.in_(bindparam("slugs", expanding=True))
)


def _readings(session: Session, facts: Facts, people: Sequence[int]) -> None:
    """What was read, under the anchors of today: a renamed heading does not ask for it again."""
    there = {
        text.places[0].procedure_id: (slug, {place.anchor for place in text.places})
        for slug, text in facts.texts.items()
    }
    for some in chunks(people):
        rows: Any = session.execute(_READ, {"people": some, "procedures": sorted(there)})
        for user_id, procedure_id, anchor, digest, at in rows:
            slug, anchors = there[procedure_id]
            if anchor not in anchors:
                facts.followed = facts.followed or moves.follow(session, sorted(facts.texts))
                anchor = facts.followed.now(slug, anchor, anchors) or anchor
            said, place = (user_id, procedure_id, anchor, digest), (user_id, procedure_id, anchor)
            facts.read[said] = max(at, facts.read.get(said, at))
            facts.heard[place] = max(at, facts.heard.get(place, at))


_READ = (
    select(
        Acknowledgement.user_id,
        Acknowledgement.procedure_id,
        Acknowledgement.anchor,
        Acknowledgement.section_hash,
        func.max(Acknowledgement.at),
    )
    .where(
        Acknowledgement.user_id.in_(bindparam("people", expanding=True)),
        Acknowledgement.procedure_id.in_(bindparam("procedures", expanding=True)),
    )
    .group_by(
        Acknowledgement.user_id,
        Acknowledgement.procedure_id,
        Acknowledgement.anchor,
        Acknowledgement.section_hash,
    )
)
_LATER = aliased(Score)
_PASSED = (
    select(Attempt.user_id, Quiz.slug, Attempt.public_id, Attempt.submitted_at)
    .join(Quiz, Quiz.id == Attempt.quiz_id)
    .join(Score, Score.attempt_id == Attempt.id)
    .where(
        Attempt.user_id.in_(bindparam("people", expanding=True)),
        Quiz.slug.in_(bindparam("slugs", expanding=True)),
        Attempt.state == "submitted",
        Score.passed,
        ~exists().where(_LATER.attempt_id == Attempt.id, _LATER.number > Score.number),
    )
    .order_by(Attempt.submitted_at, Attempt.id)
)


def steps_of(session: Session, revision_ids: Collection[int]) -> dict[int, tuple[Step, ...]]:
    """What these revisions of programs ask, in order."""
    found: dict[int, list[Step]] = {}
    for some in chunks(sorted(revision_ids)):
        rows: Any = session.execute(_STEPS, {"revisions": some})
        for revision_id, *step in rows:
            found.setdefault(revision_id, []).append(Step(*step))
    return {revision_id: tuple(steps) for revision_id, steps in found.items()}


_STEPS = (
    select(ProgramStep.program_revision_id, ProgramStep.kind, ProgramStep.slug, ProgramStep.anchor)
    .where(ProgramStep.program_revision_id.in_(bindparam("revisions", expanding=True)))
    .order_by(ProgramStep.program_revision_id, ProgramStep.position)
)


def waivers_of(
    session: Session, enrolments: Collection[Enrolment]
) -> dict[int, dict[Step, Waived]]:
    """The waivers that stand, by the enrolment's id and the step."""
    found: dict[int, dict[Step, Waived]] = {}
    for some in chunks([enrolment.id for enrolment in enrolments]):
        rows: Any = session.execute(_WAIVED, {"ids": some})
        for enrolment_id, kind, slug, anchor, *rest in rows:
            found.setdefault(enrolment_id, {})[Step(kind, slug, anchor)] = Waived(*rest)
    return found


_WAIVED = select(
    Waiver.enrolment_id,
    Waiver.kind,
    Waiver.slug,
    Waiver.anchor,
    Waiver.id,
    Waiver.reason,
    Waiver.at,
    Waiver.by,
).where(Waiver.enrolment_id.in_(bindparam("ids", expanding=True)), Waiver.ended_at.is_(None))


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """These in portions that one statement can name."""
    return (values[first : first + AT_ONCE] for first in range(0, len(values), AT_ONCE))
