"""A program's text, wherever it comes from: a file, an upload, a page. One way for all.

content.documents.programs is filled with this module: files are imported, compared with what a
page changed and written back as those of banks are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.certification import assignments, programs
from quizapp.certification.assignments import Wanted
from quizapp.certification.models import Cohort, Program, ProgramRevision
from quizapp.content import pictures
from quizapp.content.arrivals import Arrival
from quizapp.content.editing import LONGEST_REASON, Faulty, Stale, Text
from quizapp.errors import Invalid
from quizapp.formats import model
from quizapp.formats.model import Problem, ProgramFor
from quizapp.formats.programs import written_for
from quizapp.formats.reader import read
from quizapp.formats.text import fold
from quizapp.people.models import Team, User


def row(session: Session, slug: str) -> Program | None:
    """The program of this slug, also a retired one, or None."""
    return session.execute(select(Program).where(Program.slug == slug)).scalar_one_or_none()


def live(session: Session) -> Sequence[Program]:
    """All that are not retired, by slug."""
    return (
        session.execute(select(Program).where(Program.retired_at.is_(None)).order_by(Program.slug))
        .scalars()
        .all()
    )


def revisions(session: Session, program_id: int) -> Sequence[ProgramRevision]:
    """All states of a program, the first one first."""
    return (
        session.execute(
            select(ProgramRevision)
            .where(ProgramRevision.program_id == program_id)
            .order_by(ProgramRevision.number)
        )
        .scalars()
        .all()
    )


def take(session: Session, document: model.Program, arrival: Arrival) -> str:
    """Make this the program's newest state, and assign it to those whom its text names.

    Returns added, updated or unchanged.
    """
    status = programs.store(session, document, arrival)
    program = programs.find_any(session, document.id)
    _assign(session, program, document, by=arrival.by, now=arrival.now)
    return status


def remarks(session: Session, document: model.Program, today: date) -> list[Problem]:
    """What a text names that is not here, to read, take, or of people; and days that are over."""
    return [
        *programs.remarks(session, document, today),
        *(
            Problem(one.line or 1, 1, "warning", "program-due-over", {"who": written_for(one)})
            for one in document.wanted
            if one.due_on and one.due_on < today.isoformat()
        ),
        *(
            Problem(one.line or 1, 1, "warning", "program-for-unknown", {"who": _who(one)})
            for one in _named(session, document.wanted).unknown
        ),
    ]


def _who(one: ProgramFor) -> str:
    """Who is meant, without until when."""
    return written_for(ProgramFor(one.whose, one.name))


def publish(session: Session, program: Program, *, by: str, now: datetime, today: date) -> None:
    """Put a program on the list, and assign it to those whom its text names.

    Some of them may have come after its text. Raises Invalid as programs.publish does.
    """
    programs.publish(session, program, by=by, now=now, today=today)
    text = text_of(session, program)
    _assign(session, program, check(text.name, text.text), by=by, now=now)


def retire(session: Session, program: Program, *, by: str, now: datetime) -> None:
    """Take a program off the list: who is under way in it is released."""
    programs.retire(session, program, by=by, now=now)
    assignments.enrol_due(session, now, program)


def _assign(
    session: Session, program: Program, document: model.Document, *, by: str, now: datetime
) -> None:
    if isinstance(document, model.Program):
        named = _named(session, document.wanted)
        assignments.sync(session, program, named.found, by=by, now=now)


def wanted_of(session: Session, one: ProgramFor) -> Wanted | None:
    """Who is meant by a name; None where nobody here has it."""
    return next(iter(_named(session, [one]).found), None)


@dataclass(frozen=True)
class _Named:
    """Whom a text names: those that are here, and those that are not."""

    found: list[Wanted]
    unknown: list[ProgramFor]


def _named(session: Session, wanted: Sequence[ProgramFor]) -> _Named:
    named = _Named([], [])
    known = {
        "team": _by_name(session.execute(select(Team.name, Team.public_id))),
        "cohort": _by_name(
            session.execute(select(Cohort.name, Cohort.public_id).where(Cohort.closed_at.is_(None)))
        ),
        "person": _by_name(
            session.execute(
                select(User.employee_number, User.public_id).where(
                    User.left_at.is_(None),
                    User.employee_number.in_([w.name for w in wanted if w.whose == "person"]),
                )
            )
        ),
    }
    for one in wanted:
        target: str | None = one.name
        if one.whose in known:
            target = known[one.whose].get(one.name) or known[one.whose].get(fold(one.name))
        if target is None:
            named.unknown.append(one)
            continue
        due_on = date.fromisoformat(one.due_on) if one.due_on else None
        named.found.append(Wanted(one.whose, target, due_on, one.due_days))
    return named


def _by_name(rows: Iterable[Any]) -> dict[str, str]:
    """Ids by name, and by the name as it is compared; the name itself goes first."""
    exact: dict[str, str] = {name: public_id for name, public_id in rows if name}
    return {fold(name): found for name, found in exact.items()} | exact


def check(name: str, text: str) -> model.Document:
    """What a text would become."""
    return read(name, text.encode())


def text_of(session: Session, program: Program) -> Text:
    """A program's text as it is kept."""
    revision = programs.revision_of(session, program)
    return Text(program.slug, f"{program.slug}.md", revision.source, revision.number)


def add(session: Session, text: str, *, by: str, now: datetime) -> Program:
    """A new program of this text, as a draft. Raises Faulty, or Invalid for an id that is taken."""
    document = _checked("nova-trilha.md", text)
    if row(session, document.id) is not None:
        raise Invalid(gettext("There is a program “%(id)s” already.", id=document.id))
    _take(session, document, Arrival(by, now, "page"))
    return programs.find_any(session, document.id)


def save(
    session: Session,
    program: Program,
    text: str,
    base_number: int,
    *,
    by: str,
    now: datetime,
    today: date,
    reason: str,
) -> str:
    """Make a text the program's newest state. Raises Stale, Faulty or Invalid.

    `base_number` is the state that it was made from; returns updated or unchanged. Whoever is
    enrolled in a published program begins with it, so all that it asks for has to be there.
    """
    if programs.revision_of(session, program).number != base_number:
        raise Stale(gettext("Somebody saved another version meanwhile. Compare, then save again."))
    document = _checked(f"{program.slug}.md", text)
    if document.id != program.slug:
        raise Invalid(
            gettext("The text is no longer the program “%(id)s”: keep its id.", id=program.slug)
        )
    if programs.state_of(program) == "published":
        programs.check_feasible(session, document.steps, today)
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        raise Invalid(gettext("Say in a few words why: it is kept with the version."))
    return _take(session, document, Arrival(by, now, "page", reason=why))


def _take(session: Session, document: model.Program, arrival: Arrival) -> str:
    pictures.keep(session, document.images, by=arrival.by, now=arrival.now)
    return take(session, document, arrival)


def _checked(name: str, text: str) -> model.Program:
    document = check(name, text)
    errors = any(problem.severity == "error" for problem in document.problems)
    if errors or isinstance(document, model.Unreadable):
        raise Faulty(document.problems)
    if not isinstance(document, model.Program):
        raise Invalid(gettext("The text is no program: keep “formato: trilha/1” at its top."))
    return document
