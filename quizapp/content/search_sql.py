"""The search's statements for each engine: which rows match, the best ones first.

SQLite ranks by FTS5's BM25, headings counting six times. PostgreSQL's own ranks do not know
which words are rare; there a word counts by its inverse document frequency as in BM25, times
`ts_rank`, which grows ever less with repetition and shrinks with the length of the text.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from quizapp.content.visibility import READABLE


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all the stems or any; of the last one perhaps only the beginning."""

    stems: list[str]
    all: bool
    last_begun: bool


def sections_statement(
    dialect: str, wanted: Wanted, viewer: int | None
) -> tuple[TextClause, dict[str, Any]]:
    """Sections in force: slug, title, anchor, heading, text; with :today and :limit to give.

    With a person only of procedures that they may read.
    """
    values = _VALUES[dialect](wanted)
    if viewer is None:
        return _SECTIONS[dialect], values
    return _READABLE_SECTIONS[dialect], {**values, "viewer": viewer}


def items_statement(dialect: str, wanted: Wanted) -> tuple[TextClause, dict[str, Any]]:
    """Items of live banks: slug of the bank, uid, stem; with :limit to give."""
    return _ITEMS[dialect], _VALUES[dialect](wanted)


def _for_sqlite(wanted: Wanted) -> dict[str, Any]:
    terms = [f'"{stem}"' for stem in wanted.stems]
    if wanted.last_begun:
        terms[-1] += "*"
    return {"match": (" AND " if wanted.all else " OR ").join(terms)}


def _for_postgres(wanted: Wanted) -> dict[str, Any]:
    terms = ["'" + stem.replace("\\", "").replace("'", "''") + "'" for stem in wanted.stems]
    if wanted.last_begun:
        terms[-1] += ":*"
    return {"match": (" & " if wanted.all else " | ").join(terms), "terms": terms}


_VALUES = {"sqlite": _for_sqlite, "postgresql": _for_postgres}

_SECTION = """
    SELECT procedure.slug, procedure_revision.title, section.anchor, section.heading, section.text
    FROM {found}
    JOIN section ON section.id = {section}
    JOIN procedure_revision ON procedure_revision.id = section.revision_id
    JOIN procedure ON procedure.id = procedure_revision.procedure_id
    WHERE {matches} procedure.retired_at IS NULL{and_readable}
      AND procedure_revision.number = (
          SELECT max(number) FROM procedure_revision AS other
          WHERE other.procedure_id = procedure.id
            AND (other.in_force_from IS NULL OR other.in_force_from <= :today))
    ORDER BY {best}, section.id
    LIMIT :limit
"""
_ITEM = """
    SELECT bank.slug, item.uid, item_revision.stem
    FROM {found}
    JOIN item ON item.id = {item}
    JOIN bank ON bank.id = item.bank_id
    JOIN item_revision ON item_revision.item_id = item.id
    WHERE {matches} item.retired_at IS NULL AND bank.retired_at IS NULL
      AND item_revision.number = (
          SELECT max(number) FROM item_revision AS other WHERE other.item_id = item.id)
    ORDER BY {best}, item.id
    LIMIT :limit
"""
_RANKED = """
    WITH term AS (
        SELECT to_tsquery('simple', one) AS term FROM unnest(CAST(:terms AS text[])) AS one
    ),
    hit AS (
        SELECT term, {id} AS id, words,
               ts_rank('{{0.167, 0.167, 0.167, 1}}', words, term, 1) AS near
        FROM term JOIN {table} ON words @@ term
    ),
    rare AS (
        SELECT term, ln(1 + ((SELECT count(*) FROM {table}) - count(*) + 0.5) / (count(*) + 0.5))
            AS weight
        FROM hit GROUP BY term
    ),
    found AS (
        SELECT id, sum(near * weight) AS rank FROM hit JOIN rare USING (term)
        WHERE words @@ to_tsquery('simple', :match) GROUP BY id
    )
"""


def _sections(and_readable: str) -> dict[str, TextClause]:
    return {
        "sqlite": text(
            _SECTION.format(
                found="search_section",
                section="search_section.section_id",
                matches="search_section MATCH :match AND",
                and_readable=and_readable,
                best="bm25(search_section, 6.0, 1.0)",
            )
        ),
        "postgresql": text(
            _RANKED.format(table="search_section", id="section_id")
            + _SECTION.format(
                found="found",
                section="found.id",
                matches="",
                and_readable=and_readable,
                best="found.rank DESC",
            )
        ),
    }


_SECTIONS = _sections("")
# Asked of the procedures once, and not of each section that matches: those may be thousands.
# PostgreSQL would join, and take the wrong order; an array it makes first.
_IDS = f"SELECT procedure.id FROM procedure WHERE {READABLE}"  # noqa: S608
_READABLE_SECTIONS = {
    "sqlite": _sections(f" AND procedure.id IN ({_IDS})")["sqlite"],
    "postgresql": _sections(f" AND procedure.id = ANY (ARRAY({_IDS}))")["postgresql"],
}
_ITEMS = {
    "sqlite": text(
        _ITEM.format(
            found="search_item",
            item="search_item.item_id",
            matches="search_item MATCH :match AND",
            best="bm25(search_item)",
        )
    ),
    "postgresql": text(
        _RANKED.format(table="search_item", id="item_id")
        + _ITEM.format(found="found", item="found.id", matches="", best="found.rank DESC")
    ),
}
