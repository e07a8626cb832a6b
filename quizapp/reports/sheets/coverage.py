"""Coverage both ways as two tables: the sections, and the items that rest on none."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from quizapp.people import calendars
from quizapp.reports import analysis, coverage
from quizapp.reports.coverage import Coverage, Line
from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Share, Sheet


def of_all(
    session: Session, reader: Reader, _args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """Everything in force: there is nothing to choose, and nobody's name."""
    found = coverage.of_all(session, reader, calendars.day_of(None, now), now)
    return [_sections(found, reader), _items(found)]


def _sections(found: Coverage, reader: Reader) -> Sheet:
    columns = (
        Column("procedure", gettext("Procedure"), "text", 36),
        Column("section", gettext("Section"), "text", 36),
        Column("reference", gettext("Reference"), "text", 36),
        Column("words", gettext("Words"), "count"),
        Column("state", gettext("Tested"), "state"),
        Column("questions", gettext("Questions"), "text", 24),
        Column("points", gettext("Points"), "share"),
        Column("percent", gettext("Points (%)"), "percent"),
        Column("unreached", gettext("Not reached"), "count"),
    )
    rows = [
        (
            one.title,
            line.heading,
            f"{line.slug}#{line.anchor}",
            line.words,
            _state(line),
            ", ".join(item.uid for item in line.items),
            Share(line.cell.points, line.cell.answers) if line.cell.answers else None,
            None if line.cell.is_few else line.cell.percent,
            line.cell.unreached or None,
        )
        for one in found.procedures
        for line in one.lines
    ]
    said = gettext("Which sections the exams test, and what everybody got in them")
    notes = [
        gettext("Of each person the first attempt in which they got to a question, in each exam."),
        gettext("There is no percentage below %(n)s answers.", n=analysis.limits()[0]),
    ]
    if found.as_of:
        day = found.as_of.astimezone(reader.zone)
        notes.append(gettext("As of %(day)s.", day=f"{day:%d/%m/%Y}"))
    if found.waiting:
        notes.append(_waiting(found.waiting))
    return Sheet(
        gettext("Sections"), gettext("Coverage"), said, columns, rows, tuple(notes), landscape=True
    )


def _waiting(exams: int) -> str:
    return str(
        ngettext(
            "%(num)s exam is not worked out yet: its answers are not in it.",
            "%(num)s exams are not worked out yet: their answers are not in it.",
            exams,
        )
    )


def _state(line: Line) -> str:
    words: dict[str, str] = {
        "tested": gettext("tested"),
        "above": gettext("with the section above it"),
        "": gettext("not tested"),
    }
    return words["tested" if line.items else "above" if line.above else ""]


def _items(found: Coverage) -> Sheet:
    columns = (
        Column("bank", gettext("Question bank"), "text", 36),
        Column("item", gettext("Question"), "text", 20),
        Column("stem", gettext("Text"), "text", 60),
        Column("gone", gettext("Cites what is gone"), "text", 36),
    )
    lost = [(item, ", ".join(references)) for item, references in found.gone]
    rows = [
        (item.bank_title, item.uid, item.stem, references or None)
        for item, references in [*lost, *((item, "") for item in found.unlinked)]
    ]
    said = gettext("Questions that cite no section, or one that is gone")
    return Sheet(gettext("Questions"), gettext("Coverage"), said, columns, rows, landscape=True)
