"""The reader: a procedure's sections, and a person's word about the text that was shown.

An acknowledgement is about a section's hash and is only ever added: once for a text, and once
more where a renewal asks for it anew. It goes with the section where that has another heading.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from markupsafe import Markup
from sqlalchemy import Integer, String, func, select, text
from sqlalchemy.orm import Session

from quizapp.content import moves
from quizapp.content.models import ProcedureRevision, Section
from quizapp.content.procedures import is_in_force
from quizapp.content.visibility import READABLE
from quizapp.db import UtcDateTime
from quizapp.errors import Missing
from quizapp.evidence import chain
from quizapp.people.models import User
from quizapp.study.models import Acknowledgement

# Filled by create_app. Called when a person (by id) acknowledged a section, in its transaction.
acknowledged: list[Callable[[Session, int, datetime], object]] = []

# new; read as it is now; read, and changed since; read before a renewal that asks anew.
State = Literal["new", "read", "changed", "anew"]


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


# Filled likewise. From when on a person's renewals ask anew for sections of a text, by anchor; ""
# is all of it.
asked_anew: list[Callable[[Session, int, Text], Mapping[str, datetime]]] = []

# Plain SQL where the reader's speed is decided; what a revision says never changes and is kept.
_FIND = """
    SELECT procedure_revision.id, procedure_revision.source_hash FROM procedure
    JOIN procedure_revision ON procedure_revision.procedure_id = procedure.id
    WHERE procedure.slug = :slug AND procedure.retired_at IS NULL
      AND (in_force_from IS NULL OR in_force_from <= :today){and_readable}
    ORDER BY number DESC LIMIT 1
"""
_IN_FORCE = text(_FIND.format(and_readable=""))
_READABLE = text(_FIND.format(and_readable=f" AND {READABLE}"))
_GIVEN = text(
    "SELECT anchor, section_hash, max(at) AS at FROM acknowledgement "
    "WHERE user_id = :user AND procedure_id = :procedure GROUP BY anchor, section_hash"
).columns(at=UtcDateTime)


def text_of(session: Session, slug: str, today: date, viewer: int | None = None) -> Text:
    """The procedure of this slug as it is in force today. Raises Missing.

    With a person also where they may not read it.
    """
    asked = {"slug": slug, "today": today.isoformat()}
    if viewer is None:
        found = session.connection().execute(_IN_FORCE, asked).first()
    else:
        found = session.connection().execute(_READABLE, {**asked, "viewer": viewer}).first()
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


def states(session: Session, user_id: int, shown: Text) -> list[State]:
    """How each section of a text stands with a person, in order."""
    rows = session.connection().execute(_GIVEN, {"user": user_id, "procedure": shown.procedure_id})
    given = _followed(session, shown, [(anchor, digest, at) for anchor, digest, at in rows])
    if not given:
        return ["new"] * len(shown.parts)
    anchors = {anchor for anchor, _ in given}
    since: dict[str, datetime] = {}
    for ask in asked_anew:
        since.update(ask(session, user_id, shown))

    def state(part: Part) -> State:
        at = given.get((part.anchor, part.hash))
        if at is None:
            return "changed" if part.anchor in anchors else "new"
        begins = [since[key] for key in ("", part.anchor) if key in since]
        return "anew" if begins and at < max(begins) else "read"

    return [state(part) for part in shown.parts]


def _followed(
    session: Session, shown: Text, rows: Sequence[tuple[str, str, datetime]]
) -> dict[tuple[str, str], datetime]:
    """When a person gave their word, by the section's anchor in this text and the hash."""
    there = {part.anchor for part in shown.parts}
    followed = None
    if any(anchor not in there for anchor, _, _ in rows):  # read under another heading
        followed = moves.follow(session, [shown.slug])
    given: dict[tuple[str, str], datetime] = {}
    for anchor, digest, at in rows:
        now = (followed and followed.now(shown.slug, anchor, there)) or anchor
        given[now, digest] = max(at, given.get((now, digest), at))
    return given


def acknowledge(
    session: Session, user: User, shown: Text, anchor: str, shown_hash: str, *, now: datetime
) -> bool:
    """Take a person's word that they read a section. False when its text is no longer that shown.

    Said before about the same text, it stands: nothing is added. Raises Missing for a section
    that is not there.
    """
    place = next((i for i, part in enumerate(shown.parts) if part.anchor == anchor), None)
    if place is None:
        raise Missing
    part = shown.parts[place]
    if shown_hash != part.hash:
        return False
    if states(session, user.id, shown)[place] == "read":
        return True
    session.add(
        Acknowledgement(
            user_id=user.id,
            procedure_id=shown.procedure_id,
            anchor=anchor,
            section_hash=part.hash,
            revision_id=shown.revision_id,
            at=now,
        )
    )
    session.flush()
    chain.append(
        session,
        "section.acknowledged",
        by=user.public_id,
        about=f"{shown.slug}#{anchor}",
        at=now,
        data={"hash": part.hash, "revision": shown.revision},
    )
    for tell in acknowledged:
        tell(session, user.id, now)
    return True


def read_counts(session: Session, user_id: int, today: date) -> dict[int, int]:
    """How many sections of each procedure in force this person has read as they are now."""
    rows = session.execute(
        select(ProcedureRevision.procedure_id, func.count(Section.id.distinct()))
        .join(Section, Section.revision_id == ProcedureRevision.id)
        .join(
            _OWN,
            (_OWN.c.procedure_id == ProcedureRevision.procedure_id)
            & (_OWN.c.anchor == Section.anchor)
            & (_OWN.c.section_hash == Section.hash),
        )
        .where(is_in_force(today))
        .group_by(ProcedureRevision.procedure_id),
        {"user": user_id},
    )
    return dict(iter(rows))


def said_by(people: str) -> str:
    """The words of people (SQL that lists their ids), as a table for other queries.

    What was said of a section stands under its anchor of then, and under those it has had since.
    """
    return f"""
    WITH RECURSIVE {moves.MOVED}
    SELECT user_id, procedure_id, anchor, section_hash, at FROM acknowledgement
    WHERE user_id IN ({people})
    UNION ALL
    SELECT given.user_id, given.procedure_id, moved.new, given.section_hash, given.at
    FROM acknowledgement AS given
    JOIN moved ON moved.procedure_id = given.procedure_id AND moved.old = given.anchor
    WHERE given.user_id IN ({people})"""  # noqa: S608


_OWN = (
    text(said_by(":user"))
    .columns(procedure_id=Integer, anchor=String, section_hash=String)
    .subquery("own")
)
