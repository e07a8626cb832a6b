"""Programs as rows: stored with their states, found, published and withdrawn."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from flask_babel import gettext
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from quizapp.certification.models import Program, ProgramRevision, ProgramStep
from quizapp.certification.rules import ProgramRules, Step, StepKind, Validity
from quizapp.content import procedures
from quizapp.content.arrivals import Arrival, place
from quizapp.content.models import Bank, Procedure, ProcedureRevision, Section
from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.formats import model
from quizapp.formats.model import Problem
from quizapp.formats.text import alphabetical
from quizapp.quiz import quizzes

State = Literal["draft", "published", "retired"]


def store(session: Session, document: model.Program, arrival: Arrival) -> str:
    """Make this the program's newest state; returns added, updated or unchanged.

    Who is under way goes on with the state that they began with.
    """
    digest = hashlib.sha256(document.source.encode()).hexdigest()
    row = _any(session, document.id)
    before = revision_of(session, row) if row else None
    if row is None:
        row = Program(slug=document.id, path=arrival.path)
        session.add(row)
        session.flush()
    elif (
        before
        and (before.source_hash, before.title) == (digest, document.title)
        and row.retired_at is None
    ):
        place(row, arrival)
        return "unchanged"
    place(row, arrival)
    row.retired_at = None
    revision = _revision(row, document, before.number + 1 if before else 1, digest, arrival)
    session.add(revision)
    session.flush()
    row.current_revision_id = revision.id
    session.flush()
    chain.append(
        session,
        "program.imported" if arrival.is_file else "program.edited",
        by=arrival.by,
        about=row.slug,
        at=arrival.now,
        data={"revision": revision.number, "source": digest}
        | ({"reason": arrival.reason} if arrival.reason else {}),
    )
    return "updated" if before else "added"


def _revision(
    row: Program, document: model.Program, number: int, digest: str, arrival: Arrival
) -> ProgramRevision:
    return ProgramRevision(
        program_id=row.id,
        number=number,
        title=document.title,
        language=document.language,
        rules=rules_in(document).to_json(),
        intro_html=document.intro_html,
        source=document.source,
        source_hash=digest,
        origin=arrival.origin,
        reason=arrival.reason,
        at=arrival.now,
        by=arrival.by,
        steps=[
            ProgramStep(position=position, kind=step.kind, slug=step.slug, anchor=step.anchor)
            for position, step in enumerate(document.steps, start=1)
        ],
    )


def rules_in(document: model.Program) -> ProgramRules:
    """The rules that a text sets."""
    validity = None
    if document.months is not None or document.until is not None:
        validity = Validity(months=document.months, until=document.until)
    return ProgramRules(
        minutes=document.minutes,
        in_order=document.in_order,
        validity=validity,
        warn_days=document.warn_days,
        queues=document.queues,
    )


def find(session: Session, slug: str) -> Program:
    """The published program of this slug. Raises Missing."""
    program = _any(session, slug)
    if program is None or state_of(program) != "published":
        raise Missing
    return program


def find_any(session: Session, slug: str) -> Program:
    """The program of this slug, also a draft or a retired one, for a trainer. Raises Missing."""
    program = _any(session, slug)
    if program is None:
        raise Missing
    return program


def _any(session: Session, slug: str) -> Program | None:
    return session.execute(_BY_SLUG, {"slug": slug}).scalar_one_or_none()


_BY_SLUG = select(Program).where(Program.slug == bindparam("slug"))


def state_of(program: Program) -> State:
    """Whether a program is a draft, published or retired."""
    if program.retired_at is not None:
        return "retired"
    return "draft" if program.published_at is None else "published"


def every(session: Session) -> list[tuple[Program, ProgramRevision]]:
    """All programs with their newest states, also drafts and retired ones, by title."""
    return _by_title(session.execute(_EVERY))


def published(session: Session) -> list[tuple[Program, ProgramRevision]]:
    """All published programs with their newest states, by title."""
    return _by_title(session.execute(_PUBLISHED))


_EVERY = select(Program, ProgramRevision).join(
    ProgramRevision, ProgramRevision.id == Program.current_revision_id
)
_PUBLISHED = _EVERY.where(Program.published_at.is_not(None), Program.retired_at.is_(None))


def _by_title(
    rows: Iterable[Row[Program, ProgramRevision]],
) -> list[tuple[Program, ProgramRevision]]:
    found = [(program, revision) for program, revision in rows]
    return sorted(found, key=lambda row: alphabetical(row[1].title))


def revision_of(session: Session, program: Program) -> ProgramRevision:
    """The state of a program that a new enrolment begins with."""
    return session.get_one(ProgramRevision, program.current_revision_id)


def rules_of(revision: ProgramRevision) -> ProgramRules:
    """The rules of a state."""
    return ProgramRules.from_json(revision.rules)


def steps(session: Session, revision_id: int) -> tuple[Step, ...]:
    """What a state asks for, in its order."""
    rows = session.execute(_STEPS, {"revision": revision_id})
    return tuple(Step(cast(StepKind, kind), slug, a) for kind, slug, a in rows)


_STEPS = (
    select(ProgramStep.kind, ProgramStep.slug, ProgramStep.anchor)
    .where(ProgramStep.program_revision_id == bindparam("revision"))
    .order_by(ProgramStep.position)
)


def history(session: Session, program: Program) -> list[ProgramRevision]:
    """All states of a program, the newest first."""
    return list(
        session.execute(
            select(ProgramRevision)
            .where(ProgramRevision.program_id == program.id)
            .order_by(ProgramRevision.number.desc())
        ).scalars()
    )


def publish(session: Session, program: Program, *, by: str, now: datetime, today: date) -> None:
    """Put a program on the list: who must hold it is enrolled from now on.

    Raises Invalid where it asks for what is not there: nobody could finish it.
    """
    revision = revision_of(session, program)
    check_feasible(session, steps(session, revision.id), today)
    if program.published_at is None or program.retired_at is not None:
        program.published_at = now
    program.retired_at = None
    session.flush()
    chain.append(
        session,
        "program.published",
        by=by,
        about=program.slug,
        at=now,
        data={"revision": revision.number},
    )


def check_feasible(
    session: Session, asked: Sequence[Step | model.ProgramStep], today: date
) -> None:
    """Raise Invalid where nobody could do one of these steps."""
    missing = [
        target.name
        for target in wanting(session, asked, today).values()
        if target.problem != "practice"
    ]
    if missing:
        raise Invalid(
            gettext(
                "People could not finish it: %(steps)s cannot be read or taken yet.",
                steps=", ".join(missing),
            )
        )


def retire(session: Session, program: Program, *, by: str, now: datetime) -> None:
    """Take a program off the list: nobody begins it any more; what was awarded stays."""
    program.retired_at = now
    session.flush()
    chain.append(session, "program.retired", by=by, about=program.slug, at=now, data={})


@dataclass(frozen=True)
class Wanting:
    """A step that asks for what is not there.

    `problem` is read (no such procedure or section in force), quiz (none of this slug),
    unpublished (its bank is here) or practice (it shows its answers).
    """

    name: str
    problem: Literal["read", "quiz", "unpublished", "practice"]


def wanting(
    session: Session, asked: Sequence[Step | model.ProgramStep], today: date
) -> dict[int, Wanting]:
    """Of these steps those that cannot be done by anybody, by their place from 0."""
    readable = _readable(session, {step.slug for step in asked if step.kind == "read"}, today)
    listed = {quiz.slug: quiz.use for quiz in quizzes.published(session)}
    banks = set(session.execute(select(Bank.slug).where(Bank.retired_at.is_(None))).scalars())
    found: dict[int, Wanting] = {}
    for place_, step in enumerate(asked):
        name = f"{step.slug}#{step.anchor}" if step.anchor else step.slug
        if step.kind == "read":
            if (step.slug, step.anchor) not in readable:
                found[place_] = Wanting(name, "read")
        elif step.slug not in listed:
            found[place_] = Wanting(name, "unpublished" if step.slug in banks else "quiz")
        elif listed[step.slug] == "practice":
            found[place_] = Wanting(name, "practice")
    return found


def _readable(session: Session, slugs: set[str], today: date) -> set[tuple[str, str]]:
    """The procedures in force among these, and their sections."""
    rows = session.execute(
        select(Procedure.slug, Section.anchor)
        .join(ProcedureRevision, ProcedureRevision.procedure_id == Procedure.id)
        .join(Section, Section.revision_id == ProcedureRevision.id)
        .where(Procedure.slug.in_(slugs), Procedure.draft.is_(False), procedures.is_in_force(today))
    )
    found = {(slug, anchor) for slug, anchor in rows}
    return found | {(slug, "") for slug, _ in found}


REMARKS = {
    "read": ("warning", "program-read-unknown"),
    "quiz": ("warning", "program-quiz-unknown"),
    "unpublished": ("info", "program-quiz-unpublished"),
    "practice": ("warning", "program-quiz-practice"),
}


def remarks(session: Session, document: model.Program, today: date) -> list[Problem]:
    """What a program's steps name that is not here."""
    found = []
    for place_, one in wanting(session, document.steps, today).items():
        severity, code = REMARKS[one.problem]
        line = document.steps[place_].line or 1
        found.append(Problem(line, 1, cast(model.Severity, severity), code, {"target": one.name}))
    return found
