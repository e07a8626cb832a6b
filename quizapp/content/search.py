"""Search over sections and items, in Portuguese, blind to accents and plurals.

Text and query pass through one normaliser, so that the database only compares stems:
fold accents, restore -ção/-ão (which the stemmer needs), reduce plurals, stem, fold.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import snowballstemmer
from markupsafe import Markup, escape
from sqlalchemy import text
from sqlalchemy.orm import Session

from quizapp.content.models import ItemRevision, ProcedureRevision

WORD = re.compile(r"\w+")
LONGEST_QUERY = 200
SNIPPET = 28  # words

# Plural endings of folded words and their singular, longest first.
PLURALS = (
    ("coes", "cao"),
    ("soes", "sao"),
    ("oes", "ao"),
    ("aes", "ao"),
    ("ais", "al"),
    ("eis", "el"),
    ("ois", "ol"),
    ("uis", "ul"),
    ("ens", "em"),
    ("ins", "im"),
    ("ons", "om"),
    ("uns", "um"),
    ("res", "r"),
    ("zes", "z"),
    ("s", ""),
)


def fold(word: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem under which a word is found."""
    folded = fold(word)
    if len(folded) <= 3 or not folded.isalpha():
        return folded
    for plural, singular in PLURALS:
        if folded.endswith(plural) and len(folded) - len(plural) >= 2:
            folded = folded[: -len(plural)] + singular
            break
    restored = re.sub(r"cao$", "ção", folded)
    restored = re.sub(r"ao$", "ão", restored)
    # The stemmer keeps state while it works: one for each call, as threads share this module.
    return fold(snowballstemmer.stemmer("portuguese").stemWord(restored))


def stems(words: str) -> str:
    """The stems of a text, in order, with blanks between."""
    return " ".join(stem(word) for word in WORD.findall(words))


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
                "body": stems(section.text),
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
            "body": stems(" ".join([stem_, *(option["text"] for option in content["options"])])),
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


def find_sections(session: Session, query: str, today: date, limit: int = 30) -> list[SectionHit]:
    """The best sections of the procedures in force; empty for a query without words."""
    match = _match(query)
    return _sections(session, match, _wanted(query), today, limit) if match else []


def _sections(
    session: Session, match: str, wanted: list[str], today: date, limit: int
) -> list[SectionHit]:
    rows = session.execute(
        text(
            """
            SELECT procedure.slug, procedure_revision.title, section.anchor, section.heading,
                   section.text
            FROM search_section
            JOIN section ON section.id = search_section.section_id
            JOIN procedure_revision ON procedure_revision.id = section.revision_id
            JOIN procedure ON procedure.id = procedure_revision.procedure_id
            WHERE search_section MATCH :match
              AND procedure.retired_at IS NULL
              AND procedure_revision.number = (
                  SELECT max(number) FROM procedure_revision AS other
                  WHERE other.procedure_id = procedure.id
                    AND (other.in_force_from IS NULL OR other.in_force_from <= :today))
            ORDER BY bm25(search_section, 6.0, 1.0)
            LIMIT :limit
            """
        ),
        {"match": match, "today": today.isoformat(), "limit": limit},
    )
    return [
        SectionHit(row.slug, row.title, row.anchor, row.heading, _snippet(row.text, wanted))
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
    if not terms:
        return []
    match = " OR ".join(f'"{term}"' for term in terms)
    return _sections(session, match, terms, today, limit)


def find_items(session: Session, query: str, limit: int = 30) -> list[ItemHit]:
    """The best items of the live banks: for trainers alone."""
    match = _match(query)
    if not match:
        return []
    rows = session.execute(
        text(
            """
            SELECT bank.slug, item.uid, item_revision.stem
            FROM search_item
            JOIN item ON item.id = search_item.item_id
            JOIN bank ON bank.id = item.bank_id
            JOIN item_revision ON item_revision.item_id = item.id
            WHERE search_item MATCH :match
              AND item.retired_at IS NULL AND bank.retired_at IS NULL
              AND item_revision.number = (
                  SELECT max(number) FROM item_revision AS other WHERE other.item_id = item.id)
            ORDER BY bm25(search_item)
            LIMIT :limit
            """
        ),
        {"match": match, "limit": limit},
    )
    wanted = _wanted(query)
    return [ItemHit(row.slug, row.uid, _snippet(row.stem, wanted)) for row in rows]


def _wanted(query: str) -> list[str]:
    return [stem(word) for word in WORD.findall(query[:LONGEST_QUERY])]


def _match(query: str) -> str:
    """All the words, the last one as a beginning: people search while they type."""
    terms = _wanted(query)
    return " AND ".join(f'"{t}"' for t in terms[:-1]) + (
        (" AND " if len(terms) > 1 else "") + f'"{terms[-1]}"*' if terms else ""
    )


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
