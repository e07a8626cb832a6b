"""Where sections went: a heading renamed, a section split, one that is gone.

A citation names an anchor. Where a new revision lacks it, the old text is looked for among
the sections that are new: what is surely the same is recognised, what may be is asked about.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content.models import Procedure, ProcedureRevision, Section, SectionMove
from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.formats.text import fold

SAME = 0.8  # of the words: surely the same section under another heading
MAYBE = 0.35  # worth asking a person
MOST_CANDIDATES = 5


def record(
    session: Session, row: Procedure, before: ProcedureRevision, after: ProcedureRevision
) -> list[SectionMove]:
    """Note what became of each section that the new revision has no anchor for."""
    anchors = {section.anchor for section in after.sections}
    gone = [section for section in before.sections if section.anchor not in anchors]
    if not gone:
        return []
    old = {section.anchor for section in before.sections}
    new = [section for section in after.sections if section.anchor not in old]
    found = [_move(section, new, before.sections, after.sections) for section in gone]
    for move in found:
        move.procedure_id, move.revision_id = row.id, after.id
        session.add(move)
    session.flush()
    return found


def _move(
    section: Section,
    new: Sequence[Section],
    before: Sequence[Section],
    after: Sequence[Section],
) -> SectionMove:
    likeness = sorted(
        ((_likeness(section, other, before, after), other) for other in new),
        key=lambda pair: -pair[0],
    )
    likely = [(score, other) for score, other in likeness if score >= MAYBE][:MOST_CANDIDATES]
    names = [other.anchor for _, other in likely]
    move = SectionMove(old_anchor=section.anchor, new_anchor=None, candidates=names)
    if not likely:
        move.how, move.state = "gone", "recognised"
    elif likely[0][0] >= SAME and (len(likely) == 1 or likely[1][0] < SAME):
        move.how, move.state, move.new_anchor = "renamed", "recognised", names[0]
    else:
        parts = [other for _, other in likely if _share(other, section) >= SAME]
        move.how, move.state = ("split" if len(parts) > 1 else "renamed"), "asked"
    return move


def _likeness(
    one: Section, other: Section, before: Sequence[Section], after: Sequence[Section]
) -> float:
    """How alike two sections are, 0..1: by their text, else by heading and place."""
    if one.hash == other.hash and one.text.strip():
        return 1.0
    text = _ratio(one.text, other.text)
    heading = _ratio(one.heading, other.heading)
    share = max(text, _share(other, one) * 0.7)
    if not one.text.strip() and not other.text.strip():
        # A heading alone: its words, and whether it stands where the other one stood.
        same_place = before.index(one) == after.index(other)
        return max(heading, 0.6 if same_place and one.level == other.level else 0.0)
    return max(share, 0.5 * heading if heading >= 0.6 else 0.0)


def _share(part: Section, whole: Section) -> float:
    """How much of one section's words stood in the other: 1 for a piece that was split off."""
    words = fold(part.text).split()
    if len(words) < 4:
        return 0.0
    there = set(fold(whole.text).split())
    return sum(word in there for word in words) / len(words)


def _ratio(one: str, other: str) -> float:
    a, b = fold(one).split(), fold(other).split()
    if not a or not b:
        return 0.0
    return SequenceMatcher(None, a, b, autojunk=len(a) + len(b) > 2000).ratio()


@dataclass(frozen=True)
class Followed:
    """The moves of some procedures, to follow an anchor from where it was to where it is."""

    steps: dict[tuple[str, str], str]

    def now(self, slug: str, anchor: str, there: Iterable[str]) -> str | None:
        """The anchor under which a section is found among those that are there, or None."""
        present, seen = set(there), {anchor}
        while anchor not in present:
            following = self.steps.get((slug, anchor))
            if following is None or following in seen:
                return None
            seen.add(anchor := following)
        return anchor


def follow(session: Session, slugs: Iterable[str]) -> Followed:
    """What is known of where the sections of these procedures went; later moves win."""
    rows = session.execute(
        select(Procedure.slug, SectionMove.old_anchor, SectionMove.new_anchor)
        .join(Procedure, Procedure.id == SectionMove.procedure_id)
        .where(
            Procedure.slug.in_(list(slugs)),
            SectionMove.state.in_(("recognised", "decided")),
            SectionMove.new_anchor.is_not(None),
        )
        .order_by(SectionMove.revision_id)
    )
    return Followed({(slug, old): new for slug, old, new in rows if new})


# The same for queries of many people: where each anchor led, also in several steps.
MOVED = """
    moved (procedure_id, old, new) AS (
        SELECT procedure_id, old_anchor, new_anchor FROM section_move
        WHERE state IN ('recognised', 'decided') AND new_anchor IS NOT NULL
        UNION
        SELECT moved.procedure_id, moved.old, section_move.new_anchor
        FROM moved JOIN section_move
          ON section_move.procedure_id = moved.procedure_id AND section_move.old_anchor = moved.new
        WHERE section_move.state IN ('recognised', 'decided')
          AND section_move.new_anchor IS NOT NULL)
"""


def asked(session: Session, slug: str | None = None) -> list[tuple[Procedure, SectionMove]]:
    """The moves that wait for a person's word, of one procedure or of all."""
    query = (
        select(Procedure, SectionMove)
        .join(Procedure, Procedure.id == SectionMove.procedure_id)
        .where(SectionMove.state == "asked", Procedure.retired_at.is_(None))
        .order_by(Procedure.slug, SectionMove.id)
    )
    if slug is not None:
        query = query.where(Procedure.slug == slug)
    return [(row, move) for row, move in session.execute(query)]


def old_section(session: Session, move: SectionMove) -> Section:
    """The section as it was last, in the revision before."""
    after = session.get_one(ProcedureRevision, move.revision_id)
    return session.execute(
        select(Section)
        .join(ProcedureRevision, ProcedureRevision.id == Section.revision_id)
        .where(
            ProcedureRevision.procedure_id == move.procedure_id,
            ProcedureRevision.number < after.number,
            Section.anchor == move.old_anchor,
        )
        .order_by(ProcedureRevision.number.desc())
        .limit(1)
    ).scalar_one()


def decide(
    session: Session, slug: str, move_id: int, new_anchor: str | None, *, by: str, now: datetime
) -> SectionMove:
    """Say where a section went, or with None that it is gone.

    Raises Missing for a move that is not of this procedure, Invalid for an anchor that its
    revision does not have.
    """
    found = session.execute(
        select(SectionMove)
        .join(Procedure, Procedure.id == SectionMove.procedure_id)
        .where(SectionMove.id == move_id, Procedure.slug == slug)
    ).scalar_one_or_none()
    if found is None:
        raise Missing
    there = session.execute(
        select(Section.anchor).where(Section.revision_id == found.revision_id)
    ).scalars()
    if new_anchor is not None and new_anchor not in set(there):
        raise Invalid(gettext("That version has no such section. Choose one of the list."))
    found.new_anchor, found.state = new_anchor, "decided"
    found.how = "gone" if new_anchor is None else found.how
    found.decided_at, found.decided_by = now, by
    session.flush()
    chain.append(
        session,
        "section.moved",
        by=by,
        about=f"{slug}#{found.old_anchor}",
        at=now,
        data={"to": new_anchor},
    )
    return found
