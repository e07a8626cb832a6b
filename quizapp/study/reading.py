"""The reader: a procedure's sections, and what of them a person has read."""

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from quizapp.content.models import Procedure, ProcedureRevision, Section
from quizapp.content.procedures import is_in_force
from quizapp.errors import Missing
from quizapp.evidence import chain
from quizapp.people.models import User
from quizapp.study.models import SectionRead


@dataclass(frozen=True)
class Part:
    """A section as the reader shows it; `depth` is 1 for the highest heading of the page."""

    anchor: str
    heading: str
    depth: int
    html: Markup
    hash: str
    words: int


@dataclass(frozen=True)
class Text:
    """A procedure in force."""

    procedure_id: int
    slug: str
    revision_id: int
    revision: int
    title: str
    language: str
    in_force_from: date | None
    owner: str
    approved_by: str
    imported_at: datetime


_COLUMNS = (
    Procedure.id,
    Procedure.slug,
    ProcedureRevision.id.label("revision_id"),
    ProcedureRevision.number,
    ProcedureRevision.title,
    ProcedureRevision.language,
    ProcedureRevision.in_force_from,
    ProcedureRevision.owner,
    ProcedureRevision.approved_by,
    ProcedureRevision.imported_at,
)


def text_of(session: Session, slug: str, today: date) -> Text:
    """The procedure of this slug as it is in force today. Raises Missing."""
    row = session.execute(
        select(*_COLUMNS)
        .join(ProcedureRevision, ProcedureRevision.procedure_id == Procedure.id)
        .where(Procedure.slug == slug, is_in_force(today))
    ).first()
    if row is None:
        raise Missing
    return Text(*tuple(row))


def parts_of(session: Session, revision_id: int) -> tuple[Part, ...]:
    """The sections of a revision, in order. A revision never changes, so they are kept."""
    kept = _kept.get(revision_id)
    if kept is None:
        kept = _kept[revision_id] = _load(session, revision_id)
        while len(_kept) > KEPT_REVISIONS:
            _kept.pop(next(iter(_kept)), None)
    return kept


KEPT_REVISIONS = 200
_kept: dict[int, tuple[Part, ...]] = {}


def _load(session: Session, revision_id: int) -> tuple[Part, ...]:
    rows = session.execute(
        select(
            Section.anchor, Section.heading, Section.level, Section.html, Section.hash, Section.text
        )
        .where(Section.revision_id == revision_id)
        .order_by(Section.position)
    ).all()
    levels = sorted({row.level for row in rows if row.heading})
    return tuple(
        Part(
            row.anchor,
            row.heading,
            levels.index(row.level) + 1 if row.heading else 1,
            Markup(row.html),  # sanitised at import
            row.hash,
            len(row.text.split()),
        )
        for row in rows
    )


def marks(session: Session, user_id: int, procedure_id: int) -> dict[str, str]:
    """The hash under which this person read each section of a procedure, by anchor."""
    rows = session.execute(
        select(SectionRead.anchor, SectionRead.section_hash).where(
            SectionRead.user_id == user_id, SectionRead.procedure_id == procedure_id
        )
    )
    return dict(iter(rows))


def mark(
    session: Session,
    user: User,
    text: Text,
    anchor: str,
    shown_hash: str,
    *,
    read: bool,
    now: datetime,
) -> bool:
    """Mark a section as read, or not. False when the text is no longer the one shown.

    Raises Missing for a section that is not there.
    """
    part = next((p for p in parts_of(session, text.revision_id) if p.anchor == anchor), None)
    if part is None:
        raise Missing
    if read and shown_hash != part.hash:
        return False
    before = marks(session, user.id, text.procedure_id).get(anchor)
    if read == (before == part.hash):
        return True
    session.execute(
        delete(SectionRead).where(
            SectionRead.user_id == user.id,
            SectionRead.procedure_id == text.procedure_id,
            SectionRead.anchor == anchor,
        )
    )
    if read:
        session.execute(
            insert(SectionRead).values(
                user_id=user.id,
                procedure_id=text.procedure_id,
                anchor=anchor,
                section_hash=part.hash,
                read_at=now,
            )
        )
    chain.append(
        session,
        "section.read" if read else "section.unread",
        by=user.public_id,
        about=f"{text.slug}#{anchor}",
        at=now,
        data={"hash": part.hash, "revision": text.revision},
    )
    return True


def read_counts(session: Session, user_id: int, today: date) -> dict[int, int]:
    """How many sections of each procedure in force this person has read as they are now."""
    rows = session.execute(
        select(ProcedureRevision.procedure_id, func.count())
        .join(Section, Section.revision_id == ProcedureRevision.id)
        .join(
            SectionRead,
            (SectionRead.procedure_id == ProcedureRevision.procedure_id)
            & (SectionRead.anchor == Section.anchor)
            & (SectionRead.section_hash == Section.hash),
        )
        .where(SectionRead.user_id == user_id, is_in_force(today))
        .group_by(ProcedureRevision.procedure_id)
    )
    return dict(iter(rows))
