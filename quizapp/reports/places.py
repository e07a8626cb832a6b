"""Where an answer counts: in the competencies of its item, or in the sections that it cites.

What it cited that day is followed to where it stands now, and compared with what it says there.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp.certification.facts import chunks
from quizapp.content import citations
from quizapp.content.citations import Citation
from quizapp.content.models import ItemRevision, Procedure, ProcedureRevision, Section
from quizapp.content.procedures import is_in_force
from quizapp.formats.text import alphabetical
from quizapp.reports.answers import Answer

By = Literal["competency", "section"]


@dataclass(frozen=True)
class Place:
    """A column: a competency by its name, a procedure by its slug or a section by its anchor,
    with the slug before it where sections of several procedures stand together.

    `at` is where it is read, if it can be; `order` where it stands among the others.
    """

    key: str
    title: str
    order: tuple[object, ...]
    at: Citation | None = None


# Of each answer the columns it counts in, and whether its section has changed since.
Placed = tuple[tuple[Place, bool], ...]


def of_answers(
    session: Session,
    found: Sequence[Answer],
    by: By,
    procedure: str | None,
    today: date,
    viewer: int,
) -> tuple[list[Placed], tuple[tuple[str, str], ...]]:
    """The columns of each answer, in their order; and what procedures there are.

    By section they are those of a procedure, or of all for None; for "" whole procedures.
    """
    if by == "competency":
        names = _competencies(session, {answer.revision_id for answer in found})
        of = {
            revision: tuple((Place(name, name, (alphabetical(name),)), False) for name in several)
            for revision, several in names.items()
        }
        return [of.get(answer.revision_id, ()) for answer in found], ()
    cited = {text: json.loads(text) for text in {answer.sections for answer in found}}
    references = {reference for one in cited.values() for reference in one}
    now = citations.resolved(session, references, today, viewer)
    titles = {place.slug: place.title for place in now.values()}
    procedures = sorted(titles.items(), key=lambda one: alphabetical(one[1]))
    order = _order(session, procedure, today)
    placed = {text: _placed(one, now, procedure, order) for text, one in cited.items()}
    return [placed[answer.sections] for answer in found], tuple(procedures)


def _placed(
    cited: Mapping[str, str],
    now: Mapping[str, Citation],
    procedure: str | None,
    order: Sequence[str],
) -> Placed:
    """Where an item counts that cited this, by the hashes of that day."""
    found: dict[str, tuple[Place, bool]] = {}
    for reference, digest in cited.items():
        at = now.get(reference)
        if at is None or (procedure and at.slug != procedure):
            continue
        place = _procedure(at) if procedure == "" else _section(at, procedure, order)
        has_changed = at.hash != digest or found.get(place.key, (place, False))[1]
        found[place.key] = place, has_changed
    return tuple(found.values())


def _procedure(at: Citation) -> Place:
    return Place(at.slug, at.title, (alphabetical(at.title),), Citation(at.slug, "", None))


def _section(at: Citation, procedure: str | None, order: Sequence[str]) -> Place:
    """Steps count for their section; what cites the whole procedure comes first."""
    place = order.index(at.anchor) if at.anchor in order else -1
    whole = Citation(at.slug, at.anchor, None, at.title, at.heading)
    key = at.anchor or WHOLE if procedure else f"{at.slug}#{at.anchor}"
    order_of_all = alphabetical(at.title), place, alphabetical(at.heading)
    return Place(key, at.heading or at.title, order_of_all, whole)


# No anchor: those have no full stop.
WHOLE = "."


def _order(session: Session, slug: str | None, today: date) -> list[str]:
    """The anchors of a procedure in force, in its order."""
    if not slug:
        return []
    rows = session.execute(
        select(Section.anchor)
        .join(ProcedureRevision, ProcedureRevision.id == Section.revision_id)
        .join(Procedure, Procedure.id == ProcedureRevision.procedure_id)
        .where(Procedure.slug == slug, is_in_force(today))
        .order_by(Section.position)
    )
    return list(rows.scalars())


def _competencies(session: Session, revisions: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for some in chunks(sorted(revisions)):
        found |= dict(iter(session.execute(_COMPETENCIES, {"revisions": some})))
    return found


_COMPETENCIES = select(ItemRevision.id, ItemRevision.competencies).where(
    ItemRevision.id.in_(bindparam("revisions", expanding=True))
)
