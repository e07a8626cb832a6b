"""What would become of files: an import on trial, told as JSON and worded when it is read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.content import brought, documents
from quizapp.content.brought import Brought
from quizapp.content.importer import File, Report, import_files
from quizapp.content.reading import Seen, in_turn
from quizapp.content.showing import Shown
from quizapp.formats import model
from quizapp.formats.decoding import decode
from quizapp.formats.detection import binary_kind
from quizapp.formats.model import Problem, Unreadable

Entry = dict[str, Any]

MOST_PROBLEMS = 300  # of a file; the rest is counted
MOST_EXCERPTS = 60  # of them with the lines around
MOST_LEFT_OUT = 300
CONTEXT = 2  # lines above and below a problem's own
LONGEST_LINE = 240  # characters
# Files that are no text: their problems stand at lines of the text that they were turned into.
_TURNED = frozenset({"docx", "pdf", "html"})
# Said of the file as a whole: no line shows it.
_OF_ALL = frozenset(
    {"item-kept", "identity-taken", "edited-here-too", "image-unreadable", "upload-too-much"}
    | {"read-too-long", "read-too-much"}
)
_WEIGHT = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Tried:
    """What became of one file; `source` is its native text, as it was stored if it was."""

    entry: Entry
    source: str | None = None
    shown: list[Shown] | None = None


def run(
    session: Session,
    files: Sequence[Brought],
    seen: Sequence[Seen],
    *,
    by: str,
    now: datetime,
    today: date,
) -> list[Tried]:
    """Import files that were read already; the caller keeps that or rolls it back.

    The result is in the order of the files, with the pictures among them.
    """
    to_import = brought.to_import(files)
    read = [one.document for one in seen]
    bases = [_base(session, document) for document in read]
    reports = import_files(
        session,
        to_import,
        by=by,
        now=now,
        today=today,
        reader=in_turn(read),
        origin="upload",
    )
    tried = [
        Tried(_entry(file, report, base), _source(session, report), one.shown)
        for file, report, base, one in zip(to_import, reports, bases, seen, strict=True)
    ]
    used = brought.used_pictures(files)
    tried += [
        Tried(_picture_entry(file, used=file.name in used)) for file in files if file.is_picture
    ]
    return sorted(tried, key=lambda one: one.entry["position"])


def is_in_the_way(said: Entry) -> bool:
    """Whether a file keeps all the others from being taken."""
    return said["status"] in ("refused", "conflict")


def is_worth_taking(said: Iterable[Entry]) -> bool:
    """Whether taking the files would change anything."""
    return any(one["status"] in ("added", "updated") for one in said)


def current_source(session: Session, kind: str, slug: str) -> str | None:
    """The text of a document as it is here, to compare with; None where there is none."""
    row = documents.row_of(session, kind, slug)
    return documents.newest_of(session, row).source if row else None


def _base(session: Session, document: model.Document) -> int:
    """The number of the revision that a document would replace; 0 for none."""
    if isinstance(document, Unreadable):
        return 0
    kind = documents.kind_of(document)
    row = documents.row_of(session, kind, document.id)
    return documents.newest_of(session, row).number if row else 0


def _source(session: Session, report: Report) -> str | None:
    """The native text as it is stored, with the ids that items got; else as it was read."""
    if report.document is None or isinstance(report.document, Unreadable):
        return None
    if report.status in ("added", "updated"):
        return current_source(session, report.kind or "", report.slug)
    return report.document.source


def _entry(file: File, report: Report, base: int) -> Entry:
    """What became of one file, as JSON; `base` is the revision that it replaces."""
    document = report.document
    lines = source_lines(file, document)
    problems = sorted(report.problems, key=lambda p: (_WEIGHT[p.severity], p.line, p.column))
    out = document.left_out if isinstance(document, model.Bank) else ()
    return {
        "position": int(file.kept),
        "name": file.path,
        "status": report.status,
        "kind": report.kind,
        "format": report.format,
        "title": report.title,
        "slug": report.slug,
        "base": base,
        "sections": report.sections,
        "items": report.items,
        "steps": report.steps,
        "unkeyed": report.unkeyed,
        "left_out": [asdict(left) for left in out[:MOST_LEFT_OUT]],
        "left_out_count": len(out),
        "problems": [
            _problem(problem, lines if n < MOST_EXCERPTS else [])
            for n, problem in enumerate(problems[:MOST_PROBLEMS])
        ],
        "problem_counts": dict(Counter(problem.severity for problem in problems)),
    }


def _picture_entry(file: Brought, *, used: bool) -> Entry:
    """A picture that came beside the files."""
    return {
        "position": file.position,
        "name": file.name,
        "status": "picture" if used else "unused",
        "problems": [],
        "problem_counts": {},
    }


def source_lines(file: File, document: model.Document | None) -> list[str]:
    """The lines that the problems' numbers count: the file's own, where it is text."""
    kind = binary_kind(file.data)
    if document and not isinstance(document, Unreadable) and document.format in _TURNED:
        return document.source.split("\n")
    if kind in ("zip", "pdf"):
        return []
    decoded = decode(file.path, file.data)
    return [] if isinstance(decoded, Unreadable) else decoded[0].split("\n")


def _problem(problem: Problem, lines: list[str]) -> Entry:
    """A problem with its code and arguments, and the lines around it as [number, text]."""
    is_of_all = problem.severity == "info" and (problem.line, problem.column) == (1, 1)
    if problem.code in _OF_ALL or is_of_all:
        return {**asdict(problem), "line": 0, "lines": []}
    first, last = max(1, problem.line - CONTEXT), min(len(lines), problem.line + CONTEXT)
    around = [[n, _cut(lines[n - 1])] for n in range(first, last + 1)]
    return {**asdict(problem), "lines": around if problem.line <= len(lines) else []}


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + " …"


def problem_of(said: Entry) -> Problem:
    """The problem that an entry keeps."""
    return Problem(said["line"], said["column"], said["severity"], said["code"], said["args"])
