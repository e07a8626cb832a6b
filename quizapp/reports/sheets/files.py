"""A report as a file: the one way from who asks to the bytes."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from quizapp.content.stems import fold
from quizapp.errors import Missing
from quizapp.reports.readers import Reader
from quizapp.reports.sheets import csv, pdf, xlsx
from quizapp.reports.sheets.model import Sheet
from quizapp.reports.sheets.registry import KINDS, Args, Kind

FORMATS = ("xlsx", "csv", "pdf")
# Cells that are written while a page waits: a PDF of 3,000 takes a second, the others a tenth.
AT_ONCE = {"csv": 100_000, "xlsx": 60_000, "pdf": 3_000}
MIMES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class File:
    """A file as it is handed over, and how many rows it has."""

    name: str
    data: bytes
    rows: int

    @property
    def mime(self) -> str:
        """What it is."""
        return mime_of(self.name)


def mime_of(name: str) -> str:
    """What a file of this name is."""
    return MIMES[name.rpartition(".")[2]]


def kind_of(reader: Reader, kind: str, form: str) -> Kind:
    """A kind of report that there is for this reader. Raises Missing."""
    found = KINDS.get(kind)
    if found is None or reader.role not in found.roles or form not in FORMATS:
        raise Missing
    return found


def is_long(session: Session, reader: Reader, kind: str, args: Args, now: datetime) -> bool:
    """Whether it is known beforehand that a page should not wait for a report."""
    found = KINDS[kind]
    return found.is_long is not None and found.is_long(session, reader, args, now)


def tables(session: Session, reader: Reader, kind: str, args: Args, now: datetime) -> list[Sheet]:
    """A report's tables in the reader's language. Raises Missing for what is not the reader's."""
    with force_locale(reader.locale):
        return KINDS[kind].build(session, reader, args, now)


def takes_long(sheets: Sequence[Sheet], form: str) -> bool:
    """Whether tables are more than what a page waits for, about a second."""
    return sum(len(one.rows) * len(one.columns) for one in sheets) > AT_ONCE[form]


def write(sheets: Sequence[Sheet], reader: Reader, form: str, now: datetime) -> File:
    """The file that has these tables; as CSV, several make an archive with a file for each."""
    if not sheets:
        raise Missing
    day = now.astimezone(reader.zone).date()
    name = f"{_slug(sheets[0].title)}-{day:%Y-%m-%d}"
    rows = sum(len(sheet.rows) for sheet in sheets)
    with force_locale(reader.locale):
        if form == "csv" and len(sheets) > 1:
            return File(f"{name}-csv.zip", _archive(sheets, reader, now), rows)
        return File(f"{name}.{form}", _WRITERS[form](sheets, reader, now), rows)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:80] or "quizapp"


def _archive(sheets: Sequence[Sheet], reader: Reader, now: datetime) -> bytes:
    data = io.BytesIO()
    at = now.astimezone(reader.zone).timetuple()[:6]
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, sheet in enumerate(sheets, start=1):
            entry = zipfile.ZipInfo(f"{number:02}-{_slug(sheet.name)}.csv", at)
            archive.writestr(entry, csv.write(sheet, reader), zipfile.ZIP_DEFLATED)
    return data.getvalue()


_Writer = Callable[[Sequence[Sheet], Reader, datetime], bytes]
_WRITERS: dict[str, _Writer] = {
    "csv": lambda sheets, reader, now: csv.write(sheets[0], reader),
    "xlsx": xlsx.write,
    "pdf": pdf.write,
}
