"""Banks, procedures and programs written back as files: what is here as it is now, with keys."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content import banks, documents, editing, keys, matching, pictures
from quizapp.content.arrivals import Row
from quizapp.content.models import Bank, Item, Procedure
from quizapp.errors import Missing, Refused
from quizapp.formats import model
from quizapp.formats.ids import with_ids
from quizapp.formats.reader import read


@dataclass(frozen=True)
class Written:
    """A file that was written, or why not: `status` is written, unchanged or refused.

    `problems` are what of the document no file holds.
    """

    path: Path
    status: str
    reason: str = ""
    problems: tuple[model.Problem, ...] = ()


def bank_document(session: Session, bank: Bank) -> model.Bank:
    """A bank as it is now, with its pictures, for a file in any format."""
    text = editing.bank_text(session, bank)
    document = read(text.name, text.text.encode())
    if not isinstance(document, model.Bank):
        raise Missing
    images = tuple(pictures.images_in(session, text.text))
    return replace(document, source=text.text, images=images)


def kept_here(session: Session, bank: Bank) -> list[model.Problem]:
    """What of a bank no file holds: all but one of the keys that an item accepts."""
    places = banks.places(session, bank)
    status = keys.statuses(session, [place.revision.id for place in places])
    return [
        model.Problem(place.line or 1, 1, "warning", "accepted-kept-here", {"item": place.item.uid})
        for place in places
        if status[place.revision.id].several
    ]


def write_back(session: Session, procedures_in: Path, banks_in: Path) -> list[Written]:
    """Write every document to the file it came from, or into its folder; the caller commits.

    A file that changed since it was last taken is not written over.
    """
    found = []
    live = select(Procedure).where(Procedure.retired_at.is_(None)).order_by(Procedure.slug)
    for row in session.execute(live).scalars():
        text = editing.procedure_text(session, row)
        found.append(_write(session, row, procedures_in / text.name, text.text))
    for bank, _ in banks.live(session):
        text = editing.bank_text(session, bank)
        written = _write(session, bank, banks_in / text.name, text.text)
        found.append(replace(written, problems=tuple(kept_here(session, bank))))
    for program in documents.programs[0].live(session):
        source = documents.newest_of(session, program).source
        found.append(_write(session, program, banks_in / _program_name(program), source))
    return found


def _program_name(program: Row) -> str:
    """The name of a program's file, unlike that of a bank of the same slug."""
    return f"{program.slug}.trilha.md"


def write_copies(session: Session, folder: Path) -> list[Written]:
    """Write every document into a folder, as native text, with the pictures; nothing here
    changes."""
    found = []
    live = select(Procedure).where(Procedure.retired_at.is_(None)).order_by(Procedure.slug)
    texts: list[tuple[editing.Text, list[model.Problem]]] = [
        (editing.procedure_text(session, row), []) for row in session.execute(live).scalars()
    ]
    texts += [
        (editing.bank_text(session, bank), kept_here(session, bank))
        for bank, _ in banks.live(session)
    ]
    for row in documents.programs[0].live(session):
        source = documents.newest_of(session, row).source
        texts.append((editing.Text(row.slug, _program_name(row), source, 0), []))
    for text, problems in texts:
        path = folder / text.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.text, encoding="utf-8")
        _write_pictures(session, folder, text.text)
        found.append(Written(path, "written", problems=tuple(problems)))
    return found


def _write(session: Session, row: Row, into: Path, text: str) -> Written:
    """Write a document where its file stands, if that is text of ours; else into its folder."""
    came = Path(row.path) if row.path else None
    path = came if came and came.suffix in {".md", ".txt"} and came.parent.is_dir() else into
    data = text.encode()
    if path.exists():
        there = path.read_bytes()
        if there == data:
            _taken(row, path, data)
            return Written(path, "unchanged")
        if path != came or hashlib.sha256(there).hexdigest() != row.file_hash:
            reason = gettext("The file changed since it was last imported: import it first.")
            return Written(path, "refused", reason)
        if _says_the_same(path, there, text):
            return Written(path, "unchanged")
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, data)
    _write_pictures(session, path.parent, text)
    _taken(row, path, data)
    session.flush()
    return Written(path, "written")


def _says_the_same(path: Path, there: bytes, text: str) -> bool:
    """Whether a file differs from what would be written in line ends and the like alone."""
    document = read(path.name, there)
    return not isinstance(document, model.Unreadable) and document.source == text


def _taken(row: Row, path: Path, data: bytes) -> None:
    row.path, row.file_hash = str(path.resolve()), hashlib.sha256(data).hexdigest()


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole or leave the old one: never half of it."""
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def _write_pictures(session: Session, folder: Path, text: str) -> None:
    for image in pictures.images_in(session, text):
        path = folder / image.name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(image.data)


def formatted(session: Session, document: model.Bank) -> str:
    """A bank's native text with ids: those its items have here already, else new ones.

    Raises Refused for a bank that is no native text: `convert` writes one.
    """
    if document.format != "native":
        raise Refused(
            gettext("Only native banks hold ids. Make one of it with: quizapp convert FILE -o OUT")
        )
    bank = session.execute(select(Bank).where(Bank.slug == document.id)).scalar_one_or_none()
    if bank is None:
        return with_ids(document)
    rows = session.execute(select(Item).where(Item.bank_id == bank.id)).scalars()
    known = {item.uid: item for item in rows}
    matched = matching.match(document.items, banks.places(session, bank), known)
    taken = {item.id for item in document.items if item.id_given} | set(known)
    items = []
    for source, item in zip(document.items, matched, strict=True):
        uid = source.id
        if not source.id_given:
            uid = item.uid if item else matching.free_uid(source.id, taken)
        taken.add(uid)
        items.append(replace(source, id=uid))
    return with_ids(replace(document, items=tuple(items)))
