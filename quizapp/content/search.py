"""Search over sections and items, in Portuguese, blind to accents and plurals.

Text and query pass through one normaliser (content.stems), so that the database only compares
stems: SQLite by FTS5, PostgreSQL by tsvector (content.search_sql).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import text
from sqlalchemy.orm import Session

from quizapp.content.models import ItemRevision, ProcedureRevision
from quizapp.content.search_sql import Wanted, items_statement, sections_statement
from quizapp.content.stems import WORD, stem, stems

LONGEST_QUERY = 200
LONGEST_TEXT = 300_000  # characters of a section's stems: PostgreSQL takes 1 MB
SNIPPET = 28  # words


def index_sections(session: Session, slug: str, revision: ProcedureRevision) -> None:
    """Put a revision's sections into the index.

    Those of the revision before it stay when this one has a date to come in force; the
    query picks among them by that date.
    """
    if revision.in_force_from is None:
        session.execute(text("DELETE FROM search_section WHERE slug = :slug"), {"slug": slug})
    for section in revision.sections:
        session.execute(
            text(
                "INSERT INTO search_section (heading, body, slug, revision_id, section_id)"
                " VALUES (:heading, :body, :slug, :revision, :section)"
            ),
            {
                "heading": stems(f"{section.heading or revision.title}"),
                "body": stems(section.text)[:LONGEST_TEXT],
                "slug": slug,
                "revision": revision.id,
                "section": section.id,
            },
        )


def index_item(session: Session, revision: ItemRevision) -> None:
    """Put an item's newest revision into the index of the trainers, in place of the last."""
    session.execute(
        text("DELETE FROM search_item WHERE item_id = :item"), {"item": revision.item_id}
    )
    add_items(session, [(revision.item_id, revision.stem, revision.content)])


def add_items(session: Session, found: Iterable[tuple[int, str, dict[str, Any]]]) -> None:
    """Put new items into the index: each with its id, stem and content."""
    rows = [
        {
            "item": item_id,
            "body": stems(" ".join([stem_, *(option["text"] for option in content["options"])]))[
                :LONGEST_TEXT
            ],
        }
        for item_id, stem_, content in found
    ]
    session.execute(text("INSERT INTO search_item (body, item_id) VALUES (:body, :item)"), rows)


@dataclass(frozen=True)
class SectionHit:
    """A section that matches, with a snippet whose matching words are marked."""

    slug: str
    title: str
    anchor: str
    heading: str
    snippet: Markup


@dataclass(frozen=True)
class ItemHit:
    """An item that matches."""

    bank: str
    uid: str
    snippet: Markup


def find_sections(
    session: Session, query: str, today: date, limit: int = 30, *, viewer: int | None = None
) -> list[SectionHit]:
    """The best sections of the procedures in force that a person may read, without one of all.

    Empty for a query without words.
    """
    # The last word may be begun: people search while they type.
    wanted = Wanted(_words(query), all=True, last_begun=True)
    return _sections(session, wanted, today, limit, viewer)


def _sections(
    session: Session, wanted: Wanted, today: date, limit: int, viewer: int | None = None
) -> list[SectionHit]:
    if not wanted.stems:
        return []
    dialect = session.connection().dialect.name
    statement, values = sections_statement(dialect, wanted, viewer)
    rows = session.execute(statement, {**values, "today": today.isoformat(), "limit": limit})
    return [
        SectionHit(row.slug, row.title, row.anchor, row.heading, _snippet(row.text, wanted.stems))
        for row in rows
    ]


# Words that nearly every question has say nothing about its section.
_EVERYWHERE = frozenset(
    stem(word)
    for word in WORD.findall(
        "a o as os um uma de do da dos das no na nos nas em com por para que qual quais como "
        "quando onde e ou se é são ser está deve devem fazer faz ao aos à às não mais antes "
        "depois sobre entre seu sua cliente atendente alternativa correta errada incorreta "
        "seguir abaixo opção questão the of to in is are what which should when how not and or "
        "for with"
    )
)
_MOST_TERMS = 24


def nearest_sections(session: Session, words: str, today: date, limit: int) -> list[SectionHit]:
    """The sections in force that share most with a text, rare words counting most (BM25)."""
    terms = list(
        dict.fromkeys(
            term
            for word in WORD.findall(words[:2000])
            if (term := stem(word)) not in _EVERYWHERE and len(term) > 1
        )
    )[:_MOST_TERMS]
    return _sections(session, Wanted(terms, all=False, last_begun=False), today, limit)


def find_items(session: Session, query: str, limit: int = 30) -> list[ItemHit]:
    """The best items of the live banks: for trainers alone."""
    wanted = Wanted(_words(query), all=True, last_begun=True)
    if not wanted.stems:
        return []
    statement, values = items_statement(session.connection().dialect.name, wanted)
    rows = session.execute(statement, {**values, "limit": limit})
    return [ItemHit(row.slug, row.uid, _snippet(row.stem, wanted.stems)) for row in rows]


def _words(query: str) -> list[str]:
    return [stem(word) for word in WORD.findall(query[:LONGEST_QUERY]) if word.strip("_")]


def _snippet(source: str, wanted: Iterable[str]) -> Markup:
    """The words around the first match, escaped, with matches in <mark>."""
    words = source.split()
    targets = tuple(wanted)

    def matches(word: str) -> bool:
        return any(stem(part).startswith(targets) for part in WORD.findall(word))

    first = next((i for i, word in enumerate(words) if matches(word)), 0)
    start = max(0, first - SNIPPET // 3)
    shown = words[start : start + SNIPPET]
    marked = (
        Markup("<mark>{}</mark>").format(word) if matches(word) else escape(word) for word in shown
    )
    return (
        Markup("… " if start else "")
        + Markup(" ").join(marked)
        + Markup(" …" if start + SNIPPET < len(words) else "")
    )
