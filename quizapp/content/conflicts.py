"""A file and a page that both changed a document: kept side by side until a person settles it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content import documents
from quizapp.content.arrivals import Arrival, place
from quizapp.content.documents import Readable, kind_of, revisions_of, row_of
from quizapp.content.models import Conflict
from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.formats import model
from quizapp.formats.reader import read

State = Literal["new", "unchanged", "changed", "conflict"]


def known_state(session: Session, document: Readable, arrival: Arrival) -> State:
    """How a file stands to what is here.

    unchanged: these bytes were taken already, or say what is here. conflict: a page changed
    the document since its file was last taken, and the file says something else again. For the
    file of a folder an upload is such a change too; for an upload an earlier one is none.
    """
    row = row_of(session, kind_of(document), document.id)
    if row is None:
        return "new"
    hash_is_of_another = arrival.origin == "upload" and row.path
    if row.retired_at is None and row.file_hash == arrival.file_hash and not hash_is_of_another:
        place(row, arrival)
        return "unchanged"
    revisions = revisions_of(session, kind_of(document), row.id)
    newest = revisions[-1]
    changed_here = newest.origin in _here(arrival)
    if changed_here and newest.source != document.source and row.retired_at is None:
        return "conflict"
    return "changed"


def record(session: Session, document: Readable, arrival: Arrival) -> None:
    """Keep the file's text beside the page's; a later state of the file takes its place."""
    kind = kind_of(document)
    row = row_of(session, kind, document.id)
    assert row is not None  # noqa: S101 - known_state found it
    revisions = revisions_of(session, kind, row.id)
    before = [r.number for r in revisions if r.origin not in _here(arrival)]
    found = open_one(session, kind, document.id)
    if found and found.file_hash == arrival.file_hash:
        return
    if found is None:
        found = Conflict(document=kind, slug=document.id)
        session.add(found)
    found.path, found.file_hash, found.source = (
        arrival.path,
        arrival.file_hash or "",
        document.source,
    )
    found.base_number, found.page_number = (before or [0])[-1], revisions[-1].number
    found.at, found.by = arrival.now, arrival.by
    session.flush()


def _here(arrival: Arrival) -> tuple[str, ...]:
    """The origins of states that a file of this arrival does not know of."""
    return ("page",) if arrival.origin == "upload" else ("page", "upload")


def open_one(session: Session, kind: str, slug: str) -> Conflict | None:
    """The conflict of a document that waits to be settled."""
    return session.execute(
        select(Conflict).where(
            Conflict.document == kind, Conflict.slug == slug, Conflict.settled_at.is_(None)
        )
    ).scalar_one_or_none()


def find(session: Session, number: int) -> Conflict:
    """A conflict that waits, by its number. Raises Missing."""
    found = session.get(Conflict, number)
    if found is None or found.settled_at is not None:
        raise Missing
    return found


def open_ones(session: Session) -> list[Conflict]:
    """All conflicts that wait, oldest first."""
    return list(
        session.execute(
            select(Conflict).where(Conflict.settled_at.is_(None)).order_by(Conflict.id)
        ).scalars()
    )


@dataclass(frozen=True)
class Sides:
    """The three texts of a conflict: what both began from, the page's and the file's.

    `name` says by its ending how to read them; `number` is that of the page's revision.
    """

    base: str
    page: str
    file: str
    title: str
    name: str
    number: int


def sides(session: Session, conflict: Conflict) -> Sides:
    """The texts of a conflict. Raises Missing when its document is gone."""
    row = row_of(session, conflict.document, conflict.slug)
    if row is None:
        raise Missing
    revisions = revisions_of(session, conflict.document, row.id)
    texts = {r.number: r.source for r in revisions}
    newest = revisions[-1]
    ending = "txt" if getattr(newest, "format", "") == "text" else "md"
    return Sides(
        texts.get(conflict.base_number, ""),
        newest.source,
        conflict.source,
        newest.title,
        f"{conflict.slug}.{ending}",
        newest.number,
    )


def settle(
    session: Session, conflict: Conflict, text: str, *, by: str, now: datetime, reason: str
) -> None:
    """Make a text the document's state: the page's, the file's or one made of both.

    Raises Invalid for a text that cannot be read, or that is another document.
    """
    seen = sides(session, conflict)
    document = read(seen.name, text.encode())
    if isinstance(document, model.Unreadable) or any(
        p.severity == "error" for p in document.problems
    ):
        raise Invalid(gettext("The text has errors: mend the lines that are marked."))
    if kind_of(document) != conflict.document or document.id != conflict.slug:
        raise Invalid(gettext("The text is of another document: keep its kind and id."))
    row = row_of(session, conflict.document, conflict.slug)
    if row is None:
        raise Missing
    arrival = Arrival(by, now, "settled", reason=reason)
    documents.store(session, document, arrival)
    # The file as it stands has been seen: until it changes again it says nothing new.
    came = "file" if conflict.path else "upload"
    place(row, replace(arrival, origin=came, file_hash=conflict.file_hash))
    digest = hashlib.sha256(text.encode()).hexdigest()
    conflict.kept = "file" if text == conflict.source else "page" if text == seen.page else "both"
    conflict.settled_at, conflict.settled_by = now, by
    session.flush()
    chain.append(
        session,
        "conflict.settled",
        by=by,
        about=conflict.slug,
        at=now,
        data={"kept": conflict.kept, "source": digest},
    )
