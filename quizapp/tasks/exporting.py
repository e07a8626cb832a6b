"""Reports that take longer than a page waits."""

from typing import Any

from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.db import only_reading
from quizapp.errors import Missing
from quizapp.jobs import Progress
from quizapp.reports import readers
from quizapp.reports.models import ExportedFile
from quizapp.reports.sheets import exported, files

STEPS = 2  # reading the figures, writing the file


def make(session: Session, args: dict[str, Any], progress: Progress) -> None:
    """Make a file as its reader may have it now; where that is nothing, it is forgotten."""
    number = args["file"]
    now = clock.now()
    try:
        with only_reading() as reading:  # nobody waits meanwhile
            row = reading.get(ExportedFile, number)
            if row is None or row.name:
                return
            kind, form, given = row.kind, row.format, row.args
            reader = readers.find(reading, row.user_id)
            files.kind_of(reader, kind, form)
            tables = files.tables(reading, reader, kind, given, now)
        progress(1, STEPS)
        made = files.write(tables, reader, form, now)
        progress(STEPS, STEPS)
        row = session.get_one(ExportedFile, number, populate_existing=True)
        exported.keep(session, row, reader, made, now)
    except Missing:
        session.rollback()
        row = session.get(ExportedFile, number)
        if row is not None:
            session.delete(row)
            session.flush()
