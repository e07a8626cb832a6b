"""From what an item cites (`slug#anchor.step`) to the section in force, and back."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, select, text
from sqlalchemy.orm import Session

from quizapp.content import moves
from quizapp.content.models import (
    ItemSource,
    Procedure,
    ProcedureRevision,
    Section,
)
from quizapp.content.procedures import is_in_force
from quizapp.content.visibility import READABLE

REFERENCE = re.compile(r"(?P<slug>[^#\s]+)(?:#(?P<anchor>[^.\s]+)(?:\.(?P<step>\S+))?)?")


@dataclass(frozen=True)
class Citation:
    """A cited place, as it stands today; without `title` there is no such place."""

    slug: str
    anchor: str
    step: str | None
    title: str = ""
    heading: str = ""
    hash: str = ""

    @property
    def reference(self) -> str:
        """As it is written in a file."""
        anchor = f"#{self.anchor}" if self.anchor else ""
        return f"{self.slug}{anchor}" + (f".{self.step}" if self.step else "")

    @property
    def fragment(self) -> str:
        """The address within the page of its procedure."""
        return f"{self.anchor}.{self.step}" if self.step else self.anchor


# Built once: every start and every review asks it.
_CITED = (
    select(
        ItemSource.item_revision_id,
        ItemSource.procedure_slug,
        ItemSource.anchor,
        ItemSource.step,
    )
    .where(ItemSource.item_revision_id.in_(bindparam("revisions", expanding=True)))
    .order_by(ItemSource.item_revision_id, ItemSource.position)
)


def cited_by(
    session: Session, revision_ids: Iterable[int], today: date, viewer: int | None = None
) -> dict[int, list[Citation]]:
    """What each of these item revisions cites, resolved against the procedures in force.

    For a person only what they may read; what is not there is left out, too, and looks the same.
    """
    rows = session.execute(_CITED, {"revisions": list(revision_ids)}).all()
    resolver = _Resolver(session, {row.procedure_slug for row in rows}, today, viewer)
    found: dict[int, list[Citation]] = {}
    for revision_id, slug, anchor, step in rows:
        citation = resolver.resolve(slug, anchor, step)
        if citation is None and viewer is None:
            citation = Citation(slug, anchor, step)
        if citation is not None:
            found.setdefault(revision_id, []).append(citation)
    return found


def known(session: Session, references: Iterable[str], today: date) -> Callable[[str], bool]:
    """Whether a reference, one of these, is of a section or step in force."""
    return resolved(session, references, today).__contains__


def resolved(
    session: Session, references: Iterable[str], today: date, viewer: int | None = None
) -> dict[str, Citation]:
    """Where these references lead today; those that lead nowhere, or a person may not read, are
    left out."""
    parts = {r: match for r in references if (match := REFERENCE.fullmatch(r))}
    resolver = _Resolver(session, {match["slug"] for match in parts.values()}, today, viewer)
    found = {r: resolver.resolve(m["slug"], m["anchor"] or "", m["step"]) for r, m in parts.items()}
    return {reference: place for reference, place in found.items() if place is not None}


class _Resolver:
    """Finds cited places in the procedures in force, also under the names they have now."""

    def __init__(
        self, session: Session, slugs: set[str], today: date, viewer: int | None = None
    ) -> None:
        self._session, self._slugs = session, slugs
        self._outlines = _outlines(session, slugs, today, viewer)
        self._followed: moves.Followed | None = None

    def resolve(self, slug: str, anchor: str, step: str | None) -> Citation | None:
        """The place as it stands today; None where there is none."""
        outline = self._outlines.get(slug)
        if outline is None:
            return None
        found = outline.resolve(anchor, step)
        if found is None and anchor not in outline.anchors:
            self._followed = self._followed or moves.follow(self._session, self._slugs)
            now = self._followed.now(slug, anchor, outline.anchors)
            found = outline.resolve(now, step) if now else None
        return found


@dataclass(frozen=True)
class _Outline:
    slug: str
    title: str
    sections: list[tuple[str, str, int, str, list[dict[str, str]]]]  # anchor … hash, steps

    @property
    def anchors(self) -> list[str]:
        """The anchors of the sections there are."""
        return [section[0] for section in self.sections]

    def resolve(self, anchor: str, step: str | None) -> Citation | None:
        """The citation with heading and hash, or None if there is no such section or step.

        A section rests on all below it: its hash covers theirs.
        """
        if not anchor:
            return Citation(
                self.slug, "", None, self.title, "", _joint(s[3] for s in self.sections)
            )
        for i, (name, heading, level, own, steps) in enumerate(self.sections):
            if name != anchor:
                continue
            if step is not None:
                digest = next((s["hash"] for s in steps if s["label"] == step), None)
                if digest is None:
                    return None
                return Citation(self.slug, anchor, step, self.title, heading, digest)
            below = [own]
            for _, _, deeper, other, _ in self.sections[i + 1 :]:
                if deeper <= level:
                    break
                below.append(other)
            return Citation(self.slug, anchor, None, self.title, heading, _joint(below))
        return None


def _joint(hashes: Iterable[str]) -> str:
    parts = list(hashes)
    # A section with nothing below keeps its own hash, so that the two can be compared.
    return parts[0] if len(parts) == 1 else hashlib.sha256("".join(parts).encode()).hexdigest()


_OUTLINES = (
    select(
        Procedure.slug,
        ProcedureRevision.title,
        Section.anchor,
        Section.heading,
        Section.level,
        Section.hash,
        Section.steps,
    )
    .join(ProcedureRevision, ProcedureRevision.procedure_id == Procedure.id)
    .join(Section, Section.revision_id == ProcedureRevision.id)
    .where(
        Procedure.slug.in_(bindparam("slugs", expanding=True)),
        is_in_force(bindparam("today", type_=Date)),
    )
    .order_by(Procedure.slug, Section.position)
)


_READABLE_OUTLINES = _OUTLINES.where(text(READABLE))


def _outlines(
    session: Session, slugs: set[str], today: date, viewer: int | None
) -> dict[str, _Outline]:
    if not slugs:
        return {}
    asked = {"slugs": sorted(slugs), "today": today}
    rows = (
        session.execute(_OUTLINES, asked)
        if viewer is None
        else session.execute(_READABLE_OUTLINES, {**asked, "viewer": viewer})
    )
    found: dict[str, _Outline] = {}
    for slug, title, anchor, heading, level, digest, steps in rows:
        outline = found.setdefault(slug, _Outline(slug, title, []))
        outline.sections.append((anchor, heading, level, digest, steps))
    return found
