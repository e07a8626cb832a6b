"""From files to rows: each file whole or not at all, the others go on."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from quizapp.content import banks, citations, conflicts, documents, pictures
from quizapp.content.arrivals import Arrival
from quizapp.evidence import chain
from quizapp.formats.images import image_of
from quizapp.formats.model import Document, Problem, Unreadable
from quizapp.formats.model import Procedure as ProcedureDocument
from quizapp.formats.model import Program as ProgramDocument
from quizapp.formats.reader import read
from quizapp.items.kinds import SCORABLE

# What a walk through a folder takes up. Any other file can still be named by itself.
TEXT = frozenset({".md", ".markdown", ".txt", ".text", ".gift", ".csv", ".tsv", ".json"})
DOCUMENTS = frozenset({".docx", ".doc", ".odt", ".pdf", ".html", ".htm", ".xlsx", ".xml", ".zip"})
MARKDOWN = frozenset({".md", ".markdown", ".mdown"})
# A picture beside a Markdown file, as the file refers to it.
_REFERENCE = re.compile(rb"!\[[^\]\n]{0,500}\]\(\s*<?([^\s<>()]{1,300})")

Reader = Callable[[str, bytes, Mapping[str, bytes]], Document]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class File:
    """A file to import: the path as it is shown, the path as it is kept, its bytes.

    `beside` has the pictures that a Markdown file refers to, by the name it uses.
    """

    path: str
    kept: str
    data: bytes
    beside: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What became of one file; `status` is added, updated, unchanged, conflict or refused."""

    path: str
    kind: str | None
    format: str | None
    title: str | None
    status: str
    sections: int
    items: int
    unkeyed: int
    problems: tuple[Problem, ...]
    slug: str = ""
    left_out: int = 0
    steps: int = 0
    document: Document | None = field(default=None, repr=False, compare=False)


def gather(paths: Iterable[str | Path]) -> list[File]:
    """The files that these paths name, folders walked through in order of name.

    Raises FileNotFoundError for a path that is not there.
    """
    found: dict[str, File] = {}
    for given in paths:
        path = Path(given)
        if not path.exists():
            raise FileNotFoundError(str(given))
        for file in _walk(path) if path.is_dir() else [path]:
            kept = str(file.resolve())
            data = file.read_bytes()
            root = path if path.is_dir() else path.parent
            beside = _beside(file, root, data) if file.suffix.lower() in MARKDOWN else {}
            found.setdefault(kept, File(file.as_posix(), kept, data, beside))
    return list(found.values())


def _walk(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix.lower() in TEXT | DOCUMENTS
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _beside(file: Path, root: Path, data: bytes) -> dict[str, bytes]:
    """The pictures that a file refers to, from within the folder that is imported alone."""
    inside = root.resolve()
    found = {}
    for name in references(data):
        target = (file.parent / name).resolve()
        if target.is_relative_to(inside) and target.is_file():
            content = target.read_bytes()
            if image_of(content):
                found[name] = content
    return found


def references(data: bytes) -> set[str]:
    """What a Markdown text calls the pictures that it shows."""
    return {found.decode("utf-8", "replace") for found in _REFERENCE.findall(data)}


def import_files(
    session: Session,
    files: Sequence[File],
    *,
    by: str,
    now: datetime,
    today: date,
    reader: Reader = read,
    progress: Progress = lambda done, total: None,
    origin: str = "file",
) -> list[Report]:
    """Import the files, procedures first so that citations can be checked; in given order
    otherwise. Each file has a savepoint of its own; the caller commits.

    `origin` is "upload" for files that stand in no folder here.
    """
    total = 2 * len(files)
    found = []
    for number, file in enumerate(files, start=1):
        found.append((file, reader(file.path, file.data, file.beside)))
        progress(number, total)
    taken: dict[tuple[str, str], File] = {}
    done: dict[str, tuple[str, list[Problem]]] = {}
    for wanted in (ProcedureDocument, object):
        for file, document in found:
            if file.kept in done or not isinstance(document, wanted):
                continue
            arrival = Arrival(by, now, origin, file.kept if origin == "file" else "")
            done[file.kept] = _import_one(session, file, document, taken, arrival)
            progress(len(files) + len(done), total)
    return [_report(session, file, document, *done[file.kept], today) for file, document in found]


def _import_one(
    session: Session,
    file: File,
    document: Document,
    taken: dict[tuple[str, str], File],
    arrival: Arrival,
) -> tuple[str, list[Problem]]:
    problems = list(document.problems)
    if isinstance(document, Unreadable) or any(p.severity == "error" for p in problems):
        return "refused", problems
    identity = documents.kind_of(document), document.id
    other = _namesake(session, identity, taken, arrival)
    if other:
        clash = Problem(1, 1, "error", "identity-taken", {"id": document.id, "path": other})
        return "refused", [*problems, clash]
    taken[identity] = file
    arrival = replace(arrival, file_hash=hashlib.sha256(file.data).hexdigest())
    with session.begin_nested():
        known = conflicts.known_state(session, document, arrival)
        if known == "unchanged":
            return "unchanged", problems
        if known == "conflict":
            conflicts.record(session, document, arrival)
            said = Problem(1, 1, "warning", "edited-here-too", {"id": document.id})
            return "conflict", [*problems, said]
        problems += pictures.keep(session, document.images, by=arrival.by, now=arrival.now)
        status, more = documents.store(session, document, arrival)
        return status, problems + more


def _namesake(
    session: Session,
    identity: tuple[str, str],
    taken: dict[tuple[str, str], File],
    arrival: Arrival,
) -> str | None:
    """Another file that is this document already: silently, one would replace the other."""
    beside = taken.get(identity)
    if beside:
        return beside.path
    if arrival.origin != "file":
        return None
    row = documents.row_of(session, *identity)
    earlier = row.path if row and row.retired_at is None else ""
    if earlier and earlier != arrival.path and os.path.exists(earlier):
        return os.path.relpath(earlier)
    return None


def _report(
    session: Session,
    file: File,
    document: Document,
    status: str,
    problems: list[Problem],
    today: date,
) -> Report:
    if isinstance(document, Unreadable):
        return Report(
            file.path, None, None, None, status, 0, 0, 0, tuple(problems), document=document
        )
    if isinstance(document, ProcedureDocument):
        count = len(document.sections)
        return Report(
            file.path,
            "procedure",
            document.format,
            document.title,
            status,
            count,
            0,
            0,
            tuple(problems),
            document.id,
            document=document,
        )
    if isinstance(document, ProgramDocument):
        return Report(
            file.path,
            "program",
            document.format,
            document.title,
            status,
            0,
            0,
            0,
            _in_order([*problems, *documents.programs[0].remarks(session, document, today)]),
            document.id,
            steps=len(document.steps),
            document=document,
        )
    if status in ("refused", "conflict"):
        unkeyed = sum(i.key != "given" and i.kind in SCORABLE for i in document.items)
    else:
        bank = banks.find(session, document.id)
        here = banks.standings(session, bank)
        unkeyed = sum(not one.keyed and one.kind in SCORABLE for one in here)
        keyed = {one.label for one in here if one.keyed}
        problems = [
            *(p for p in problems if p.code != "key-missing" or p.args["number"] not in keyed),
            *_uncited(session, here, today),
        ]
    return Report(
        file.path,
        "bank",
        document.format,
        document.title,
        status,
        0,
        len(document.items),
        unkeyed,
        _in_order(problems),
        document.id,
        len(document.left_out),
        document=document,
    )


def _in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda p: (p.line, p.column)))


def _uncited(session: Session, here: Sequence[banks.Standing], today: date) -> list[Problem]:
    """Citations of sections that are not there."""
    cited = citations.cited_by(session, [one.revision_id for one in here], today)
    return [
        Problem(
            one.line or 1,
            1,
            "warning",
            "source-unknown",
            {"item": one.uid, "source": citation.reference},
        )
        for one in here
        for citation in cited.get(one.revision_id, [])
        if not citation.title
    ]


def prune(
    session: Session, folder: str | Path, files: Sequence[File], *, by: str, now: datetime
) -> list[str]:
    """Retire the documents that came from this folder and are no longer in it, and the items
    that its banks no longer have. Returns what was retired. What rests on them stays.
    """
    root = Path(folder).resolve()
    seen = {file.kept for file in files}
    retired: list[str] = []
    for row in documents.live(session):
        if row.path in seen or not Path(row.path).is_relative_to(root):
            continue
        row.retired_at = now
        retired.append(row.slug)
        session.flush()
        chain.append(
            session,
            f"{row.__tablename__}.retired",
            by=by,
            about=row.slug,
            at=now,
            data={},
        )
    for bank, _ in banks.live(session):
        if Path(bank.path).is_relative_to(root):
            count = banks.retire_missing_items(session, bank, by=by, now=now)
            if count:
                retired.append(f"{bank.slug} ({count})")
    return retired
