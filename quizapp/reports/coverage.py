"""Which sections the exam tests and which not, and which items rest on no section: for trainers.

A section is tested when an item cites it, a step of it or what is above it: a live item for
exams, of a kind that is scored, with a confirmed key. What everybody got wrong is said by
section, without names, from the first exposures of the item analysis.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from math import fsum
from typing import Any

from sqlalchemy import Date, Row, bindparam, func, select, text
from sqlalchemy.orm import Session

from quizapp.content import citations
from quizapp.content.models import Procedure, ProcedureRevision, Section
from quizapp.content.procedures import is_in_force
from quizapp.formats.text import alphabetical
from quizapp.items.kinds import SCORABLE
from quizapp.reports import analysis
from quizapp.reports.heatmap import Cell
from quizapp.reports.readers import Reader


@dataclass(frozen=True)
class Item:
    """A live item; `tests` says whether an exam can ask it and score the answer."""

    id: int
    revision_id: int
    bank: str
    bank_title: str
    uid: str
    stem: str
    tests: bool


@dataclass(frozen=True)
class Line:
    """A section in force: the items that test it, and what everybody got in them at first.

    `above` says that it is tested by what cites a section above it, `words` are its own.
    """

    slug: str
    anchor: str
    heading: str
    words: int
    above: bool
    items: tuple[Item, ...]
    cell: Cell

    @property
    def is_tested(self) -> bool:
        """Whether anything tests it."""
        return self.above or bool(self.items)


@dataclass(frozen=True)
class Covered:
    """A procedure in force, section by section; those without a text of their own are none."""

    slug: str
    title: str
    lines: tuple[Line, ...]

    @cached_property
    def untested(self) -> list[Line]:
        """The sections that nothing tests."""
        return [line for line in self.lines if not line.is_tested]

    @property
    def tested(self) -> int:
        """How many sections are tested."""
        return len(self.lines) - len(self.untested)


@dataclass(frozen=True)
class Coverage:
    """Both sides: procedures by title; items that cite nothing, and what cites what is gone.

    What everybody got is `as_of` now, or the oldest of the analyses it comes from that would come
    out otherwise today, None without any; `waiting` exams are not worked out yet.
    """

    procedures: tuple[Covered, ...]
    unlinked: tuple[Item, ...]
    gone: tuple[tuple[Item, tuple[str, ...]], ...]
    as_of: datetime | None
    waiting: int

    @property
    def sections(self) -> int:
        """How many sections there are."""
        return sum(len(one.lines) for one in self.procedures)

    @property
    def tested(self) -> int:
        """How many of them are tested."""
        return sum(one.tested for one in self.procedures)

    def weakest(self, most: int) -> list[tuple[Covered, Line]]:
        """The sections in which least was right, where enough was answered to say so."""
        found = [
            (one, line)
            for one in self.procedures
            for line in one.lines
            if not line.cell.is_few and line.cell.points < line.cell.answers
        ]
        return sorted(found, key=lambda pair: pair[1].cell.percent or 0.0)[:most]


def of_all(session: Session, reader: Reader, today: date, now: datetime) -> Coverage:
    """The coverage of everything that is in force, for a trainer."""
    items = _items(session)
    cited = citations.cited_by(session, [item.revision_id for item in items], today)
    by_place: dict[tuple[str, str], list[Item]] = defaultdict(list)
    unlinked, gone = [], []
    for item in items:
        places = cited.get(item.revision_id, [])
        lost = tuple(place.reference for place in places if not place.title)
        if not places:
            unlinked.append(item)
        elif lost:
            gone.append((item, lost))
        for slug, anchor in {(place.slug, place.anchor) for place in places if place.title}:
            if item.tests:
                by_place[slug, anchor].append(item)
    exams = [line for line in analysis.of_all(session, reader, now) if line.quiz.use == "exam"]
    worked = [line.worked for line in exams if line.worked]
    did = _did(worked)
    procedures = [
        Covered(slug, title, tuple(_lines(sections, by_place, did)))
        for slug, title, sections in _in_force(session, today)
    ]
    return Coverage(
        tuple(p for p in procedures if p.lines),
        tuple(unlinked),
        tuple(gone),
        min((one.at for one in worked if one.is_stale), default=now if worked else None),
        len(exams) - len(worked),
    )


def _did(worked: Sequence[analysis.Worked]) -> dict[int, Cell]:
    """What everybody got in each item; in several exams it is met for the first time in each."""
    did: dict[int, Cell] = defaultdict(Cell)
    for one in worked:
        for item, figures in one.figures.items.items():
            cell = did[item]
            cell.points += figures.earned
            cell.answers += figures.n
            cell.unreached += figures.unreached
    return did


def _items(session: Session) -> list[Item]:
    """The live items, bank by bank, in their order."""
    rows = session.execute(_ITEMS, {"kinds": sorted(SCORABLE)}).all()
    banks = sorted({(row.title, row.slug) for row in rows}, key=lambda b: alphabetical(b[0]))
    place = {slug: i for i, (_, slug) in enumerate(banks)}
    items = [Item(r.id, r.revision, r.slug, r.title, r.uid, r.stem, bool(r.tests)) for r in rows]
    return sorted(items, key=lambda item: place[item.bank])


_ITEMS = text(
    """
    SELECT item.id, item_revision.id AS revision, bank.slug, bank_revision.title, item.uid,
           item_revision.stem,
           CASE WHEN item_revision.use = 'exam' AND item_revision.kind IN :kinds AND EXISTS (
               SELECT 1 FROM item_key WHERE item_key.item_revision_id = item_revision.id
                 AND item_key.state = 'confirmed') THEN 1 ELSE 0 END AS tests
    FROM bank
    JOIN bank_revision ON bank_revision.id = bank.current_revision_id
    JOIN bank_entry ON bank_entry.bank_revision_id = bank_revision.id
    JOIN item_revision ON item_revision.id = bank_entry.item_revision_id
    JOIN item ON item.id = item_revision.item_id
    WHERE bank.retired_at IS NULL AND item.retired_at IS NULL
    ORDER BY bank.id, bank_entry.position
    """
).bindparams(bindparam("kinds", expanding=True))


def _in_force(session: Session, today: date) -> list[tuple[str, str, list[Row[Any]]]]:
    """The procedures that can be read, by title, with their sections in order."""
    found: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_SECTIONS, {"today": today}):
        found[row.slug, row.title].append(row)
    by_title = sorted(found, key=lambda one: alphabetical(one[1]))
    return [(slug, title, found[slug, title]) for slug, title in by_title]


# Words are counted as blanks, by the database: nearly right, and no text has to be read.
_SECTIONS = (
    select(
        Procedure.slug,
        ProcedureRevision.title,
        Section.anchor,
        Section.heading,
        Section.level,
        (func.length(Section.text) - func.length(func.replace(Section.text, " ", ""))).label(
            "blanks"
        ),
        (func.trim(Section.text) != "").label("has_text"),
    )
    .join(ProcedureRevision, ProcedureRevision.procedure_id == Procedure.id)
    .join(Section, Section.revision_id == ProcedureRevision.id)
    .where(is_in_force(bindparam("today", type_=Date)), Procedure.draft.is_(False))
    .order_by(Procedure.slug, Section.position)
)


def _lines(
    sections: Sequence[Row[Any]],
    by_place: Mapping[tuple[str, str], Sequence[Item]],
    did: Mapping[int, Cell],
) -> Iterator[Line]:
    """The sections of a procedure that have a text of their own."""
    enough = analysis.limits()[0]
    cited: list[int] = []  # the levels of the cited sections that one is within
    for row in sections:
        cited = [level for level in cited if level < row.level]
        items = tuple(by_place.get((row.slug, row.anchor), ()))
        above = bool(cited) or (row.slug, "") in by_place
        if row.has_text:
            cell = _sum([did[item.id] for item in items if item.id in did], enough)
            yield Line(row.slug, row.anchor, row.heading, row.blanks + 1, above, items, cell)
        if items:
            cited.append(row.level)


def _sum(cells: Sequence[Cell], enough: int) -> Cell:
    answers = sum(cell.answers for cell in cells)
    return Cell(
        fsum(cell.points for cell in cells),
        answers,
        unreached=sum(cell.unreached for cell in cells),
        is_few=answers < enough,
    )
