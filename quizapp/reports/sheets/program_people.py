"""The people of a program as its trainers see them: by company number, without names."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.certification import programs
from quizapp.reports import programs as reports
from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Share, Sheet
from quizapp.reports.words import STANDING_NAMES


def of_program(
    session: Session, _reader: Reader, args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """Who is under way in a program, `program` in the arguments, or was certified by it.

    Raises Missing.
    """
    program = programs.find_any(session, args.get("program", ""))
    rows = reports.of_program(session, program.id, now)
    called = programs.revision_of(session, program).title
    columns = (
        Column("number", gettext("Company number"), "text", 16),
        Column("state", gettext("Situation"), "state"),
        Column("steps", gettext("Steps"), "share"),
        Column("due", gettext("Due"), "date"),
        Column("valid", gettext("Valid until"), "date"),
        Column("version", gettext("Version"), "count"),
    )
    title = gettext("People in the program %(program)s", program=called)
    said = gettext("Who is ready, under way, overdue or about to expire")
    return [Sheet(called, title, said, columns, [_row(row) for row in rows])]


def _row(row: reports.Row) -> tuple[object, ...]:
    cell = row.cells[0]
    return (
        row.employee_number or row.public_id,
        STANDING_NAMES.get(cell.state),
        Share(cell.done, cell.total) if cell.is_open else None,
        cell.due_on,
        cell.valid_until,
        cell.version,
    )
