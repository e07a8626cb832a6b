"""Documents of every kind as rows: banks, procedures, and programs, which a higher floor keeps."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content import bank_store, banks, procedures
from quizapp.content.arrivals import Arrival, Row
from quizapp.content.models import Bank, BankRevision, Procedure, ProcedureRevision
from quizapp.formats import model
from quizapp.formats.model import Problem


class State(Protocol):
    """A revision of a document, of whatever kind."""

    number: int
    title: str
    source: str
    origin: str


Readable = model.Bank | model.Procedure | model.Program


class Programs(Protocol):
    """What keeps programs; its rows and revisions have the columns that those of a bank have."""

    def row(self, session: Session, slug: str) -> Row | None:
        """The program of this slug, also a retired one, or None."""

    def live(self, session: Session) -> Sequence[Row]:
        """All that are not retired, by slug."""

    def revisions(self, session: Session, program_id: int) -> Sequence[State]:
        """All states of a program, the first one first."""

    def take(self, session: Session, document: model.Program, arrival: Arrival) -> str:
        """Make this the program's newest state; returns added, updated or unchanged."""

    def remarks(self, session: Session, document: model.Program, today: date) -> list[Problem]:
        """What the program names that is not here."""


# Filled by create_app.
programs: list[Programs] = []


def kind_of(document: Readable) -> str:
    """The document's kind, by the name of its table."""
    if isinstance(document, model.Program):
        return "program"
    return "bank" if isinstance(document, model.Bank) else "procedure"


def row_of(session: Session, kind: str, slug: str) -> Row | None:
    """The document of this slug, also a retired one."""
    if kind == "program":
        return programs[0].row(session, slug)
    if kind == "bank":
        return session.execute(select(Bank).where(Bank.slug == slug)).scalar_one_or_none()
    return session.execute(select(Procedure).where(Procedure.slug == slug)).scalar_one_or_none()


def revisions_of(session: Session, kind: str, row_id: int) -> Sequence[State]:
    """All states of a document, the first one first."""
    if kind == "program":
        return programs[0].revisions(session, row_id)
    if kind == "bank":
        found = select(BankRevision).where(BankRevision.bank_id == row_id)
        return session.execute(found.order_by(BankRevision.number)).scalars().all()
    states = select(ProcedureRevision).where(ProcedureRevision.procedure_id == row_id)
    return session.execute(states.order_by(ProcedureRevision.number)).scalars().all()


def newest_of(session: Session, row: Row) -> State:
    """The newest state of a document."""
    if isinstance(row, Bank):
        return banks.current(session, row)
    if isinstance(row, Procedure):
        return procedures.newest(session, row)
    return programs[0].revisions(session, row.id)[-1]


def live(session: Session) -> list[Row]:
    """All documents that are not retired."""
    return [
        *session.execute(select(Procedure).where(Procedure.retired_at.is_(None))).scalars(),
        *session.execute(select(Bank).where(Bank.retired_at.is_(None))).scalars(),
        *programs[0].live(session),
    ]


def store(session: Session, document: Readable, arrival: Arrival) -> tuple[str, list[Problem]]:
    """Make this the document's newest state; added, updated or unchanged, and what to say of it."""
    if isinstance(document, model.Procedure):
        return procedures.store(session, document, arrival), []
    if isinstance(document, model.Program):
        return programs[0].take(session, document, arrival), []
    stored = bank_store.store(session, document, arrival)
    return stored.status, stored.problems
