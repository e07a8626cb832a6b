"""Uploads: what somebody brought by page is read, previewed, then taken whole or not at all.

An upload goes from reading to ready, from there to taken (a large one by way of taking), or to
dropped; to failed where the trial broke. Its bytes are kept until it is taken or dropped, and
no longer than KEPT. Reading takes its time: it is done before one begins to write.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, undefer

from quizapp.content import brought, previews
from quizapp.content.brought import Brought
from quizapp.content.models import Upload, UploadFile
from quizapp.content.reading import Given, Progress, Seen, read_all
from quizapp.errors import Missing
from quizapp.formats.model import Problem, Unreadable
from quizapp.people.models import opaque_id

log = logging.getLogger(__name__)

# The kinds of jobs that tasks/ does.
READ, TAKE = "upload.read", "upload.take"

# Questions and sections of one upload: so many are imported in about three seconds.
MOST_THINGS = 10_000

KEPT = timedelta(days=7)
OPEN = ("reading", "ready", "taking", "failed")


def begin(session: Session, files: Sequence[Brought], *, by: str, now: datetime) -> Upload:
    """Keep the files; what they would become is still to be found out."""
    upload = Upload(public_id=opaque_id(), state="reading", report=[], at=now, by=by)
    session.add(upload)
    session.flush()
    _add_files(session, upload, [(f.position, f.name, "file", f.data) for f in files])
    return upload


def _add_files(
    session: Session, upload: Upload, rows: Sequence[tuple[int, str, str, bytes]]
) -> None:
    if rows:
        session.execute(
            insert(UploadFile),
            [
                {"upload_id": upload.id, "position": n, "name": name, "role": role, "data": data}
                for n, name, role, data in rows
            ],
        )


def own(session: Session, public_id: str, by: str) -> Upload:
    """The upload of this person, as it stands now. Raises Missing, for another's too."""
    upload = session.execute(
        select(Upload)
        .where(Upload.public_id == public_id, Upload.by == by)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if upload is None:
        raise Missing
    return upload


def open_ones(session: Session, by: str) -> list[Upload]:
    """What this person has neither taken nor dropped yet, newest first."""
    return list(
        session.execute(
            select(Upload).where(Upload.by == by, Upload.state.in_(OPEN)).order_by(Upload.id.desc())
        ).scalars()
    )


def files_of(session: Session, upload: Upload) -> list[Brought]:
    """The files as they were brought, with their bytes."""
    rows = session.execute(
        select(UploadFile.position, UploadFile.name, UploadFile.data)
        .where(UploadFile.upload_id == upload.id, UploadFile.role == "file")
        .order_by(UploadFile.position)
    )
    return [Brought(*row) for row in rows]


def holds(session: Session, upload: Upload, files: Sequence[Brought]) -> bool:
    """Whether the upload has these files and no others; by their sizes, which is quick."""
    rows = session.execute(
        select(UploadFile.position, UploadFile.name, func.length(UploadFile.data))
        .where(UploadFile.upload_id == upload.id, UploadFile.role == "file")
        .order_by(UploadFile.position)
    )
    return [tuple(row) for row in rows] == [(f.position, f.name, len(f.data)) for f in files]


def file_of(session: Session, upload: Upload, position: int) -> UploadFile:
    """A file with what was made of it, without its bytes. Raises Missing."""
    found = session.execute(
        select(UploadFile)
        .where(UploadFile.upload_id == upload.id, UploadFile.position == position)
        .options(undefer(UploadFile.source), undefer(UploadFile.shown))
    ).scalar_one_or_none()
    if found is None or found.role != "file":
        raise Missing
    return found


def picture_of(session: Session, upload: Upload, name: str) -> bytes:
    """The bytes of a picture that came within a file. Raises Missing."""
    data = session.execute(
        select(UploadFile.data).where(
            UploadFile.upload_id == upload.id,
            UploadFile.role == "picture",
            UploadFile.name == name,
        )
    ).scalar()
    if data is None:
        raise Missing
    return data


def read(
    files: Sequence[Brought],
    *,
    progress: Progress = lambda done, total: None,
    patience: float | None = None,
) -> list[Seen]:
    """What the files hold, those that are no pictures. Needs no database: nobody should wait for
    it. Raises reading.OutOfTime after `patience` seconds, and sandbox.NotStarted.
    """
    given = [Given(f.path, f.data, f.beside) for f in brought.to_import(files)]
    return _as_many_as_fit(read_all(given, progress=progress, patience=patience))


def _as_many_as_fit(seen: Sequence[Seen]) -> list[Seen]:
    """The files as long as there are not too many things in them: importing locks others out."""
    found, total = [], 0
    for one in seen:
        total += len(one.shown)
        if len(one.shown) and total > MOST_THINGS:
            args: dict[str, str | int] = {"most": MOST_THINGS}
            problem = Problem(1, 1, "error", "upload-too-much", args)
            one = Seen(Unreadable((problem,)), [])
        found.append(one)
    return found


def change(session: Session, upload: Upload, files: Sequence[Brought]) -> None:
    """Have the upload read again, with these files alone and as they are here."""
    session.execute(delete(UploadFile).where(UploadFile.upload_id == upload.id))
    _add_files(session, upload, [(f.position, f.name, "file", f.data) for f in files])
    upload.state, upload.report = "reading", []


def preview(
    session: Session,
    upload: Upload,
    files: Sequence[Brought],
    seen: Sequence[Seen],
    *,
    now: datetime,
    today: date,
) -> None:
    """Import the files on trial and keep what would become of them; else nothing changes."""
    trial = session.begin_nested()
    tried = _tried(session, upload, files, seen, now, today)
    trial.rollback()
    _keep(session, upload, seen, tried)


def take(
    session: Session,
    upload: Upload,
    files: Sequence[Brought],
    seen: Sequence[Seen],
    *,
    now: datetime,
    today: date,
) -> bool:
    """Import the files for good, all of them; or none, where one is refused, is in conflict, or
    would now replace something else than the preview showed. Then the preview is a new one.
    """
    bases = {said["position"]: said.get("base") for said in upload.report}
    trial = session.begin_nested()
    tried = _tried(session, upload, files, seen, now, today)
    for one in tried or []:
        one.entry["stale"] = one.entry.get("base") != bases.get(one.entry["position"])
    if not tried or any(one.entry["stale"] or previews.is_in_the_way(one.entry) for one in tried):
        trial.rollback()
        _keep(session, upload, seen, tried)
        return False
    trial.commit()
    upload.state, upload.report = "taken", [one.entry for one in tried]
    _forget_bytes(session, upload)
    return True


def set_beside(
    session: Session,
    upload: Upload,
    files: Sequence[Brought],
    seen: Sequence[Seen],
    *,
    now: datetime,
    today: date,
) -> bool:
    """Note a conflict of these files with what a page changed; else nothing changes."""
    trial = session.begin_nested()
    tried = _tried(session, upload, files, seen, now, today)
    statuses = {one.entry["status"] for one in tried or []}
    if "conflict" in statuses and statuses <= {"conflict", "picture", "unused"}:
        trial.commit()
        return True
    trial.rollback()
    return False


def _tried(
    session: Session,
    upload: Upload,
    files: Sequence[Brought],
    seen: Sequence[Seen],
    now: datetime,
    today: date,
) -> list[previews.Tried] | None:
    """What importing the files did; None where it broke: that is a fault of ours, which must
    not look like the file's nor end in a page without a way on.
    """
    try:
        return previews.run(session, files, seen, by=upload.by, now=now, today=today)
    except OperationalError:  # the database is busy: the whole may be tried again
        raise
    except Exception:
        log.exception("the trial of upload %s broke", upload.public_id)
        return None


def _keep(
    session: Session,
    upload: Upload,
    seen: Sequence[Seen],
    tried: list[previews.Tried] | None,
) -> None:
    """Store a preview, with the pictures that came within the files."""
    if tried is None:
        upload.state, upload.report = "failed", []
        return
    upload.state, upload.report = "ready", [one.entry for one in tried]
    here = UploadFile.upload_id == upload.id
    session.execute(delete(UploadFile).where(here, UploadFile.role == "picture"))
    for one in tried:
        position = UploadFile.position == one.entry["position"]
        values = {"source": one.source, "shown": one.shown}
        session.execute(update(UploadFile).where(here, position).values(values))
    found = {
        image.name: image.data
        for one in seen
        if not isinstance(one.document, Unreadable)
        for image in one.document.images
        if image.data
    }
    first = max(one.entry["position"] for one in tried) + 1
    _add_files(
        session,
        upload,
        [(n, name, "picture", data) for n, (name, data) in enumerate(found.items(), start=first)],
    )


def drop(session: Session, upload: Upload) -> None:
    """Forget an upload that was not taken."""
    upload.state, upload.report = "dropped", []
    _forget_bytes(session, upload)


def expire(session: Session, now: datetime) -> int:
    """Drop what was neither taken nor dropped for too long; returns how many."""
    old = list(
        session.execute(
            select(Upload).where(Upload.state.in_(OPEN), Upload.at < now - KEPT)
        ).scalars()
    )
    for upload in old:
        drop(session, upload)
    return len(old)


def _forget_bytes(session: Session, upload: Upload) -> None:
    session.execute(delete(UploadFile).where(UploadFile.upload_id == upload.id))
