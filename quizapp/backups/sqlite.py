"""SQLite: copying a database that is in use, looking at a copy, putting one in place."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext
from sqlalchemy import Engine

from quizapp.backups import facts
from quizapp.backups.facts import Facts
from quizapp.backups.package import Progress
from quizapp.db import driver, engine_for
from quizapp.errors import Refused

PAGES = 2000  # copied at a time, between two words on the progress
PATIENCE = 3.0  # seconds that a command of a moment may hold the database
LOCKS_AT, LOCKS = 0x40000000, 512  # where in the file SQLite's own locks are


def path_of(engine: Engine) -> Path:
    """The file of the application's database."""
    name = engine.url.database
    if not name or name == ":memory:":
        raise Refused(gettext("A database in memory has no backup."))
    return Path(name).resolve()


def copy(source: Path, target: Path, progress: Progress) -> None:
    """Copy a database, whoever writes to it meanwhile: all that was committed before is in."""
    if not source.exists():
        raise Refused(gettext("There is no database of quizapp here yet. Run: quizapp upgrade"))
    origin = _open(source)
    try:
        # Read within one transaction: without it every foreign write makes the copy begin anew,
        # and beside a busy server it would never end. Writers are not kept waiting (WAL).
        origin.execute("PRAGMA query_only=ON")
        origin.execute("BEGIN")
        origin.execute("SELECT count(*) FROM sqlite_master").fetchone()
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        made = driver.connect(str(target), isolation_level=None)
        try:
            origin.backup(
                made,
                pages=PAGES,
                sleep=0,
                progress=lambda _status, left, total: progress(
                    gettext("Copying"), total - left, total
                ),
            )
            made.execute("PRAGMA journal_mode=DELETE")  # one file, without companions
        finally:
            made.close()
    except driver.DatabaseError as error:
        raise _unreadable(source, error) from error
    finally:
        origin.close()


def examine(path: Path) -> Facts:
    """The facts of a copy. Raises Refused unless it is sound throughout."""
    raw = _open(path)
    try:
        (said,) = raw.execute("PRAGMA integrity_check(1)").fetchone()
        astray = raw.execute("PRAGMA foreign_key_check").fetchone()
    except driver.DatabaseError as error:
        raise _unreadable(path, error) from error
    finally:
        raw.close()
    if said != "ok" or astray:
        raise Refused(
            gettext(
                "The database is damaged (%(reason)s). Keep it, and take an earlier backup.",
                reason=said
                if said != "ok"
                else gettext("a row of %(t)s points nowhere", t=astray[0]),
            )
        )
    engine = engine_for(path)
    try:
        with engine.connect() as connection:
            return facts.of(connection)
    finally:
        engine.dispose()
        settle(path)


def head(path: Path) -> tuple[int, str] | None:
    """The last entry of a database's evidence; None where there is none to be read."""
    if not path.exists():
        return None
    raw = _open(path)
    try:
        last = "SELECT seq, hash FROM evidence_entry ORDER BY seq DESC LIMIT 1"
        found: tuple[int, str] | None = raw.execute(last).fetchone()
        return found
    except driver.DatabaseError:
        return None  # damaged, or without tables
    finally:
        raw.close()


def settle(path: Path) -> None:
    """Merge a copy's write-ahead log into it, so that it is one file, and see it on the disk."""
    raw = _open(path)
    try:
        raw.execute("PRAGMA journal_mode=DELETE")
    finally:
        raw.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def put(new: Path, path: Path, now: datetime) -> Path | None:
    """Put a settled copy in the place of a database, which is kept beside it under the path given.

    Raises Refused where a server, worker or command has the database open.
    """
    kept = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    if os.geteuid() == 0:  # the service, which is not root, has to be able to write
        owner = (path if path.exists() else path.parent).stat()
        os.chown(new, owner.st_uid, owner.st_gid)
    with alone(path):
        if path.exists():
            os.link(path, kept)
            kept.chmod(0o600)
        # Only a damaged database still has these. They would be taken for the new one's.
        for suffix in ("-wal", "-shm", "-journal"):
            companion = path.with_name(path.name + suffix)
            if companion.exists():
                companion.rename(kept.with_name(kept.name + suffix))
        new.replace(path)
        sync_folder(path.parent)
    return kept if kept.exists() else None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Have the database for oneself, its write-ahead log merged into it.

    Every process that has it open in WAL mode, even an idle one, holds a shared lock on it;
    leaving WAL mode needs an exclusive one. Who opens it later finds the new file, and who
    had opened it a moment ago is told by SQLite that it was moved. Raises Refused.
    """
    if not path.exists():
        yield
        return
    raw = _open(path)
    try:
        raw.execute("PRAGMA journal_mode=DELETE")
        raw.execute("BEGIN EXCLUSIVE")
        # Who came between the two has set it to WAL again.
        (mode,) = raw.execute("PRAGMA journal_mode").fetchone()
        if mode != "delete":
            raise _in_use(path)
    except driver.OperationalError as error:
        raw.close()
        if "locked" not in str(error):
            raise _unreadable(path, error) from error
        raise _in_use(path) from error
    except driver.DatabaseError:  # damaged: SQLite will not lock it, so we do in its way
        raw.close()
        with locked(path):
            yield
        return
    except BaseException:
        raw.close()
        raise
    try:
        yield
    finally:
        raw.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold SQLite's own locks on a database, without a change to it. Raises Refused.

    Only where this process has it not open itself: closing the file gives up all its locks.
    """
    if not path.exists():
        yield
        return
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCKS, LOCKS_AT)
        except OSError as error:
            raise _in_use(path) from error
        yield


def sync_folder(folder: Path) -> None:
    """See the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _open(path: Path) -> Any:
    """A connection of the driver's own, which makes no database where there is none."""
    return driver.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=PATIENCE
    )


def _in_use(path: Path) -> Refused:
    return Refused(
        gettext(
            "%(path)s is in use. Stop the server and the worker (systemctl stop quizapp), and try "
            "again.",
            path=path,
        )
    )


def _unreadable(path: Path, error: Exception) -> Refused:
    return Refused(gettext("%(path)s cannot be used: %(reason)s.", path=path, reason=error))
