"""The reader: a procedure's sections, and what of them a person has read."""

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from quizapp.content.models import ProcedureRevision, Section
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


@dataclass(frozen=True)
class Text:
    """A revision of a procedure, with its sections in order."""

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
    parts: tuple[Part, ...]


# Plain SQL where the reader's speed is decided; what a revision says never changes and is kept.
_IN_FORCE = text(
    """
    SELECT procedure_revision.id, procedure_revision.source_hash FROM procedure
    JOIN procedure_revision ON procedure_revision.procedure_id = procedure.id
    WHERE procedure.slug = :slug AND procedure.retired_at IS NULL
      AND (in_force_from IS NULL OR in_force_from <= :today)
    ORDER BY number DESC LIMIT 1
    """
)
_MARKS = text(
    "SELECT anchor, section_hash FROM section_read "
    "WHERE user_id = :user AND procedure_id = :procedure"
)


def text_of(session: Session, slug: str, today: date) -> Text:
    """The procedure of this slug as it is in force today. Raises Missing."""
    found = (
        session.connection().execute(_IN_FORCE, {"slug": slug, "today": today.isoformat()}).first()
    )
    if found is None:
        raise Missing
    # The id alone could come again, after an import on trial that was rolled back.
    state = found.id, found.source_hash
    kept = _kept.get(state)
    if kept is None:
        kept = _kept[state] = _load(session, found.id)
        while len(_kept) > KEPT_REVISIONS:
            _kept.pop(next(iter(_kept)), None)
    return kept


KEPT_REVISIONS = 200
_kept: dict[tuple[int, str], Text] = {}


def _load(session: Session, revision_id: int) -> Text:
    revision = session.get_one(ProcedureRevision, revision_id)
    levels = sorted({section.level for section in revision.sections if section.heading})
    return Text(
        procedure_id=revision.procedure_id,
        slug=revision.procedure.slug,
        revision_id=revision.id,
        revision=revision.number,
        title=revision.title,
        language=revision.language,
        in_force_from=revision.in_force_from,
        owner=revision.owner,
        approved_by=revision.approved_by,
        imported_at=revision.imported_at,
        parts=tuple(
            Part(
                section.anchor,
                section.heading,
                levels.index(section.level) + 1 if section.heading else 1,
                Markup(section.html),  # sanitised at import
                section.hash,
            )
            for section in revision.sections
        ),
    )


def marks(session: Session, user_id: int, procedure_id: int) -> dict[str, str]:
    """The hash under which this person read each section of a procedure, by anchor."""
    rows = session.connection().execute(_MARKS, {"user": user_id, "procedure": procedure_id})
    return dict(iter(rows))


def mark(
    session: Session,
    user: User,
    shown: Text,
    anchor: str,
    shown_hash: str,
    *,
    read: bool,
    now: datetime,
) -> bool:
    """Mark a section as read, or not. False when the text is no longer the one shown.

    Raises Missing for a section that is not there.
    """
    part = next((p for p in shown.parts if p.anchor == anchor), None)
    if part is None:
        raise Missing
    if read and shown_hash != part.hash:
        return False
    before = marks(session, user.id, shown.procedure_id).get(anchor)
    if read == (before == part.hash):
        return True
    session.execute(
        delete(SectionRead).where(
            SectionRead.user_id == user.id,
            SectionRead.procedure_id == shown.procedure_id,
            SectionRead.anchor == anchor,
        )
    )
    if read:
        session.execute(
            insert(SectionRead).values(
                user_id=user.id,
                procedure_id=shown.procedure_id,
                anchor=anchor,
                section_hash=part.hash,
                read_at=now,
            )
        )
    chain.append(
        session,
        "section.read" if read else "section.unread",
        by=user.public_id,
        about=f"{shown.slug}#{anchor}",
        at=now,
        data={"hash": part.hash, "revision": shown.revision},
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
