"""What changed from one version to the next: of a procedure by section, of a bank by text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content import diffs
from quizapp.content.models import (
    Bank,
    BankRevision,
    Procedure,
    ProcedureRevision,
    Section,
    SectionMove,
)


@dataclass(frozen=True)
class Version:
    """One version in a list; `by` is who brought it, for trainers alone."""

    number: int
    at: datetime
    by: str
    origin: str
    reason: str
    title: str


@dataclass(frozen=True)
class SectionChange:
    """A section that is new, gone, changed, or under another heading than before."""

    kind: Literal["added", "removed", "changed", "renamed"]
    heading: str
    was: str
    anchor: str
    diff: diffs.Diff | None


def versions(session: Session, row: Bank | Procedure) -> list[Version]:
    """All versions, the newest first."""
    revisions: Sequence[BankRevision | ProcedureRevision]
    if isinstance(row, Bank):
        revisions = (
            session.execute(select(BankRevision).where(BankRevision.bank_id == row.id))
            .scalars()
            .all()
        )
    else:
        revisions = (
            session.execute(
                select(ProcedureRevision).where(ProcedureRevision.procedure_id == row.id)
            )
            .scalars()
            .all()
        )
    found = [
        Version(r.number, r.imported_at, r.imported_by, r.origin, r.reason, r.title)
        for r in revisions
    ]
    return sorted(found, key=lambda version: -version.number)


def coming(session: Session, row: Procedure, today: date) -> set[int]:
    """The numbers of a procedure's versions that are not in force yet."""
    rows = session.execute(
        select(ProcedureRevision.number).where(
            ProcedureRevision.procedure_id == row.id, ProcedureRevision.in_force_from > today
        )
    )
    return set(rows.scalars())


def bank_change(session: Session, bank: Bank, number: int) -> diffs.Diff | None:
    """What a version changed in a bank's text; None where there is no such version."""
    rows = session.execute(
        select(BankRevision.number, BankRevision.source).where(
            BankRevision.bank_id == bank.id, BankRevision.number.in_((number - 1, number))
        )
    )
    texts = dict(iter(rows))
    return diffs.compare(texts.get(number - 1, ""), texts[number]) if number in texts else None


def procedure_changes(session: Session, row: Procedure, number: int) -> list[SectionChange] | None:
    """What a version changed, section by section in its order; None for no such version."""
    revisions = {
        r.number: r
        for r in session.execute(
            select(ProcedureRevision).where(
                ProcedureRevision.procedure_id == row.id,
                ProcedureRevision.number.in_((number - 1, number)),
            )
        ).scalars()
    }
    if number not in revisions:
        return None
    after = revisions[number]
    before = revisions[number - 1].sections if number - 1 in revisions else []
    moved = dict(
        iter(
            session.execute(
                select(SectionMove.new_anchor, SectionMove.old_anchor).where(
                    SectionMove.revision_id == after.id, SectionMove.new_anchor.is_not(None)
                )
            )
        )
    )
    return _changes(before, after.sections, moved)


def _changes(
    before: Sequence[Section], after: Sequence[Section], moved: dict[str | None, str]
) -> list[SectionChange]:
    old = {section.anchor: section for section in before}
    found = []
    seen = set()
    for section in after:
        was = old.get(section.anchor) or old.get(moved.get(section.anchor, ""))
        if was is None:
            text = diffs.compare("", section.text)
            found.append(SectionChange("added", section.heading, "", section.anchor, text))
            continue
        seen.add(was.anchor)
        changed = was.hash != section.hash
        if not changed and was.heading == section.heading:
            continue
        text_diff = diffs.compare(was.text, section.text) if changed else None
        found.append(
            SectionChange(
                "changed" if changed else "renamed",
                section.heading,
                was.heading if was.heading != section.heading else "",
                section.anchor,
                text_diff,
            )
        )
    for section in before:
        if section.anchor not in seen and section.anchor not in {s.anchor for s in after}:
            text = diffs.compare(section.text, "")
            found.append(SectionChange("removed", section.heading, "", section.anchor, text))
    return found
