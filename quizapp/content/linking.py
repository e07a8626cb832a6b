"""Items and sections that do not know each other: proposals, and what is yet to be written."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.content import banks, citations, editing, moves, search
from quizapp.content.models import (
    Bank,
    BankEntry,
    Item,
    ItemRevision,
    ItemSource,
    Procedure,
    ProcedureRevision,
    Section,
    Unwritten,
)
from quizapp.content.procedures import is_in_force
from quizapp.errors import Missing
from quizapp.evidence import chain
from quizapp.formats import model

MOST_PROPOSALS = 5
LONGEST_NOTE = 300


@dataclass(frozen=True)
class Unlinked:
    """An item that cites no section there is; `note` where a section is yet to be written."""

    bank: Bank
    title: str
    item: Item
    revision: ItemRevision
    note: str | None


def unlinked(session: Session, today: date) -> list[Unlinked]:
    """All live items that cite no section there is, bank by bank, in their order."""
    notes = dict(iter(session.execute(select(Unwritten.item_id, Unwritten.note))))
    found = []
    for bank, revision in banks.live(session):
        places = banks.places(session, bank)
        cited = citations.cited_by(session, [p.revision.id for p in places], today)
        found += [
            Unlinked(bank, revision.title, p.item, p.revision, notes.get(p.item.id))
            for p in places
            if not any(c.title for c in cited.get(p.revision.id, ()))
        ]
    return found


def proposals(session: Session, revision: ItemRevision, today: date) -> list[search.SectionHit]:
    """The sections that speak most of what an item asks, best first."""
    words = [revision.stem, *(option["text"] for option in revision.content["options"])]
    words.append(revision.remarks["explanation"])
    return search.nearest_sections(session, " ".join(words), today, MOST_PROPOSALS)


def link(
    session: Session, bank: Bank, uid: str, reference: str, *, by: str, now: datetime, reason: str
) -> None:
    """Let an item cite a section as well; its other citations that resolve nowhere go.

    Raises Missing for an item or a section that is not there.
    """
    item = banks.item(session, bank, uid)
    slug, _, anchor = reference.partition("#")
    _check(session, slug, anchor)
    text = editing.bank_text(session, bank)

    def cite(item: model.Item) -> model.Item:
        return replace(item, sources=(*item.sources, reference))

    changed = editing.with_changed_item(text, uid, cite)
    editing.save_bank(session, bank, changed, text.number, by=by, now=now, reason=reason)
    session.execute(delete(Unwritten).where(Unwritten.item_id == item.id))


def _check(session: Session, slug: str, anchor: str) -> None:
    found = session.execute(
        select(Section.id)
        .join(ProcedureRevision, ProcedureRevision.id == Section.revision_id)
        .join(Procedure, Procedure.id == ProcedureRevision.procedure_id)
        .where(Procedure.slug == slug, Section.anchor == anchor, Procedure.retired_at.is_(None))
        .limit(1)
    ).first()
    if found is None:
        raise Missing


def to_be_written(
    session: Session, bank: Bank, uid: str, note: str, *, by: str, now: datetime
) -> None:
    """Note that no section says yet what an item asks; again with another note replaces it."""
    item = banks.item(session, bank, uid)
    session.execute(delete(Unwritten).where(Unwritten.item_id == item.id))
    note = " ".join(note.split())[:LONGEST_NOTE]
    session.add(Unwritten(item_id=item.id, note=note, at=now, by=by))
    session.flush()
    about = f"{bank.slug}#{uid}"
    chain.append(session, "section.wanted", by=by, about=about, at=now, data={"note": note})


@dataclass(frozen=True)
class Uncovered:
    """A section in force that no live item cites."""

    slug: str
    title: str
    anchor: str
    heading: str
    words: int


def uncovered(session: Session, today: date) -> list[Uncovered]:
    """The sections with text of their own that no item cites, nor anything above them."""
    rows = session.execute(
        select(
            Procedure.slug,
            ProcedureRevision.title,
            Section.anchor,
            Section.heading,
            Section.level,
            Section.text,
        )
        .join(ProcedureRevision, ProcedureRevision.procedure_id == Procedure.id)
        .join(Section, Section.revision_id == ProcedureRevision.id)
        .where(is_in_force(today))
        .order_by(Procedure.slug, Section.position)
    ).all()
    there: dict[str, list[str]] = {}
    for row in rows:
        there.setdefault(row.slug, []).append(row.anchor)
    cited = _cited(session, there)
    found = []
    covered: list[tuple[str, int]] = []
    for slug, title, anchor, heading, level, text in rows:
        covered = [(s, deep) for s, deep in covered if s == slug and deep < level]
        if (slug, anchor) in cited or (slug, "") in cited:
            covered.append((slug, level))
        elif not covered and text.strip():
            found.append(Uncovered(slug, title, anchor, heading, len(text.split())))
    return found


def _cited(session: Session, there: dict[str, list[str]]) -> set[tuple[str, str]]:
    """The sections that live items cite, under the anchors they have now."""
    rows = session.execute(
        select(ItemSource.procedure_slug, ItemSource.anchor)
        .distinct()
        .join(BankEntry, BankEntry.item_revision_id == ItemSource.item_revision_id)
        .join(Bank, Bank.current_revision_id == BankEntry.bank_revision_id)
        .where(Bank.retired_at.is_(None))
    )
    followed = moves.follow(session, there)
    found = set()
    for slug, anchor in rows:
        now = followed.now(slug, anchor, there.get(slug, ())) if anchor else ""
        if now is not None:
            found.add((slug, now))
    return found
