"""How many questions cite each section of a procedure, of those that somebody can be asked."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp.content import moves
from quizapp.content.models import Bank, BankEntry, Item, ItemRevision, ItemSource
from quizapp.quiz import blueprints, quizzes
from quizapp.quiz.blueprints import Candidate


def questions(session: Session, slug: str, there: Iterable[str], viewer: int) -> Counter[str]:
    """How many questions cite each section of a procedure, by the anchors there are.

    Those alone that have a key and that a published quiz takes from which is there for the viewer:
    what nobody can be asked, and what only others are, is in no count either.
    """
    cited = session.connection().execute(_CITING, {"slug": slug}).all()
    keyed = quizzes.with_key(session, {row.item for row in cited}) if cited else set()
    cited = [row for row in cited if row.item in keyed]
    asked = _asked(session, cited, viewer) if cited else set()
    anchors = {row.anchor for row in cited if row.revision in asked}
    now = _now(session, slug, anchors, set(there))
    # Once each, however many steps of a section it cites, and under how many of its names.
    places = {(now.get(row.anchor), row.revision) for row in cited if row.revision in asked}
    return Counter(anchor for anchor, _ in places if anchor is not None)


def _asked(session: Session, cited: Sequence[Any], viewer: int) -> set[int]:
    """Those of these item revisions that some quiz takes from."""
    asked: set[int] = set()
    asking = quizzes.asking(session, viewer)
    for use in {row.use for row in cited}:
        rows = list({row.revision: row for row in cited if row.use == use}.values())
        offered = [
            Candidate(row.bank, row.uid, tuple(row.competencies), tuple(row.tags), row.difficulty)
            for row in rows
        ]
        for its_use, blueprint in asking:
            if its_use == use:
                for part in blueprint.parts:
                    asked.update(rows[i].revision for i in blueprints.fits(part, offered))
    return asked


def _now(
    session: Session, slug: str, anchors: Collection[str], there: Collection[str]
) -> dict[str, str | None]:
    """What these sections are called now; None for one that is gone."""
    if all(anchor in there for anchor in anchors):
        return {anchor: anchor for anchor in anchors}
    followed = moves.follow(session, [slug])
    return {anchor: followed.now(slug, anchor, there) for anchor in anchors}


_CITING = (
    select(
        ItemSource.anchor,
        ItemRevision.id.label("revision"),
        Item.id.label("item"),
        ItemRevision.use,
        ItemRevision.competencies,
        ItemRevision.tags,
        ItemRevision.difficulty,
        Item.uid,
        Bank.slug.label("bank"),
    )
    .join(ItemRevision, ItemRevision.id == ItemSource.item_revision_id)
    .join(Item, Item.id == ItemRevision.item_id)
    .join(BankEntry, BankEntry.item_revision_id == ItemRevision.id)
    .join(Bank, Bank.current_revision_id == BankEntry.bank_revision_id)
    .where(ItemSource.procedure_slug == bindparam("slug"), Bank.retired_at.is_(None))
)
