"""Procedures as rows: storing a revision, and finding the one in force."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, and_, exists, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from quizapp.content import moves, search
from quizapp.content.arrivals import Arrival, place
from quizapp.content.models import Procedure, ProcedureRevision, Section
from quizapp.content.visibility import READABLE
from quizapp.errors import Missing
from quizapp.evidence import chain
from quizapp.formats import model
from quizapp.formats.text import alphabetical


def store(session: Session, document: model.Procedure, arrival: Arrival) -> str:
    """Make this the procedure's newest revision; returns added, updated or unchanged."""
    digest = hashlib.sha256(document.source.encode()).hexdigest()
    row = session.execute(
        select(Procedure).where(Procedure.slug == document.id)
    ).scalar_one_or_none()
    latest = None
    if row is None:
        row = Procedure(slug=document.id, path=arrival.path)
        session.add(row)
        session.flush()
    else:
        latest = newest(session, row)
        same = latest.source_hash == digest and latest.title == document.title
        if same and row.retired_at is None:
            place(row, arrival)
            return "unchanged"
    place(row, arrival)
    row.retired_at = None
    revision = _revision(row, document, latest.number + 1 if latest else 1, digest, arrival)
    session.add(revision)
    session.flush()
    if latest:
        moves.record(session, row, latest, revision)
    search.index_sections(session, row.slug, revision)
    chain.append(
        session,
        "procedure.imported" if arrival.is_file else "procedure.edited",
        by=arrival.by,
        about=row.slug,
        at=arrival.now,
        data={"revision": revision.number, "source": digest}
        | ({"reason": arrival.reason} if arrival.reason else {}),
    )
    return "updated" if latest else "added"


def set_draft(session: Session, row: Procedure, is_draft: bool, *, by: str, now: datetime) -> None:
    """Make a procedure a draft, or let people read it. The same again adds nothing."""
    if row.draft == is_draft:
        return
    row.draft = is_draft
    session.flush()
    kind = "procedure.withdrawn" if is_draft else "procedure.published"
    chain.append(session, kind, by=by, about=row.slug, at=now, data={})


def find(session: Session, slug: str, viewer: int | None = None) -> Procedure:
    """The live procedure of this slug, if a person may read it. Raises Missing."""
    query = select(Procedure).where(Procedure.slug == slug, Procedure.retired_at.is_(None))
    if viewer is not None:
        query = query.where(_READABLE.bindparams(viewer=viewer))
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        raise Missing
    return row


_READABLE = text(READABLE)


def newest(session: Session, row: Procedure) -> ProcedureRevision:
    """A procedure's newest revision, in force or not."""
    return session.execute(
        select(ProcedureRevision)
        .where(ProcedureRevision.procedure_id == row.id)
        .order_by(ProcedureRevision.number.desc())
        .limit(1)
    ).scalar_one()


def headings(session: Session, revision_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """The (anchor, heading) of the sections of each of these revisions, in their order."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = session.execute(
        select(Section.revision_id, Section.anchor, Section.heading)
        .where(Section.revision_id.in_(revision_ids))
        .order_by(Section.revision_id, Section.position)
    )
    for revision_id, anchor, heading in rows:
        found.setdefault(revision_id, []).append((anchor, heading))
    return found


def _revision(
    row: Procedure, document: model.Procedure, number: int, digest: str, arrival: Arrival
) -> ProcedureRevision:
    return ProcedureRevision(
        procedure_id=row.id,
        number=number,
        title=document.title,
        language=document.language,
        format=document.format,
        source=document.source,
        source_hash=digest,
        in_force_from=date.fromisoformat(document.in_force_from)
        if document.in_force_from
        else None,
        owner=document.owner,
        approved_by=document.approved_by,
        imported_at=arrival.now,
        imported_by=arrival.by,
        origin=arrival.origin,
        reason=arrival.reason,
        sections=[
            Section(
                position=position,
                anchor=section.anchor,
                heading=section.heading,
                level=section.level,
                line=section.line,
                text=section.text,
                html=section.html,
                hash=section.hash,
                steps=[
                    {"label": step.label, "text": step.text, "hash": step.hash}
                    for step in section.steps
                ],
            )
            for position, section in enumerate(document.sections)
        ],
    )


def is_in_force(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """The condition on ProcedureRevision that picks, for each live procedure, the one to read.

    A parameter instead of the day is for statements that are built once.
    """
    later = aliased(ProcedureRevision)
    return and_(
        or_(ProcedureRevision.in_force_from.is_(None), ProcedureRevision.in_force_from <= today),
        ProcedureRevision.procedure_id.in_(
            select(Procedure.id).where(Procedure.retired_at.is_(None))
        ),
        ~exists().where(
            later.procedure_id == ProcedureRevision.procedure_id,
            later.number > ProcedureRevision.number,
            or_(later.in_force_from.is_(None), later.in_force_from <= today),
        ),
    )


@dataclass(frozen=True)
class Listed:
    """A procedure in the library."""

    id: int
    slug: str
    title: str
    revision_id: int
    revision: int
    in_force_from: date | None
    owner: str
    is_draft: bool
    sections: int
    words: int

    @property
    def minutes(self) -> int:
        """Reading time at 200 words a minute (Brysbaert 2019 has 238 for silent reading of
        prose; instructions are read more slowly)."""
        return max(1, round(self.words / 200))


def listed(session: Session, today: date, viewer: int | None = None) -> list[Listed]:
    """The procedures in force that a person may read, by title; without a person all of them."""
    query = (
        select(
            Procedure.id,
            Procedure.slug,
            ProcedureRevision.title,
            ProcedureRevision.id.label("revision_id"),
            ProcedureRevision.number,
            ProcedureRevision.in_force_from,
            ProcedureRevision.owner,
            Procedure.draft,
            func.count(Section.id).label("sections"),
            # Words are counted as blanks: exact enough for minutes, and done by the database.
            func.coalesce(
                func.sum(
                    func.length(Section.text) - func.length(func.replace(Section.text, " ", ""))
                ),
                0,
            ).label("words"),
        )
        .join(ProcedureRevision, ProcedureRevision.procedure_id == Procedure.id)
        .outerjoin(Section, Section.revision_id == ProcedureRevision.id)
        .where(is_in_force(today))
        .group_by(Procedure.id, ProcedureRevision.id)
    )
    if viewer is not None:
        query = query.where(_READABLE.bindparams(viewer=viewer))
    rows = session.execute(query)
    return sorted((Listed(*row) for row in rows), key=lambda one: alphabetical(one.title))
