"""Restoring a backup: all that can be found out about it is found out before anything changes."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from quizapp import schema
from quizapp.backups import facts, package, postgres, sqlite
from quizapp.backups.package import Manifest, Progress
from quizapp.db import engine_for
from quizapp.errors import Refused
from quizapp.evidence import chain


@dataclass(frozen=True)
class Restored:
    """What was restored, and where the database that it replaced is kept."""

    manifest: Manifest
    kept: Path | None


def check(path: Path, progress: Progress) -> Manifest:
    """Look at a backup from end to end, as far as that can be done without restoring it."""
    manifest = package.read(path)
    with _unpacked(path, manifest, None, progress) as database:
        if manifest.kind == "sqlite":
            facts.compare(manifest.facts, sqlite.examine(database))
        else:
            postgres.examine(database, manifest.tool)
    return manifest


def refuse_unfit(engine: Engine, manifest: Manifest) -> None:
    """Raises Refused where this backup cannot go into this database at present."""
    if not schema.is_known(manifest.facts.revision):
        raise Refused(
            gettext(
                "The backup was made by a newer quizapp (%(version)s) than this one (%(own)s). "
                "Install that version and restore with it.",
                version=manifest.version,
                own=schema.program(),
            )
        )
    if manifest.kind != engine.dialect.name:
        raise Refused(
            gettext(
                "This is a backup of %(kind)s, and QUIZAPP_DATABASE_URL names %(own)s. A backup "
                "goes back into a database of its own kind.",
                kind=manifest.kind,
                own=engine.dialect.name,
            )
        )
    if manifest.kind == "postgresql" and not postgres.is_empty(engine):
        raise Refused(
            gettext(
                "The database %(name)s is not empty. Make a new one (createdb quizapp_restored), "
                "name it in QUIZAPP_DATABASE_URL, and restore there; the present one stays as it "
                "is.",
                name=engine.url.database,
            )
        )
    refuse_in_use(engine)


def refuse_in_use(engine: Engine) -> None:
    """Raises Refused while a server, worker or command of ours has the database open."""
    engine.dispose()  # this process itself has it open no longer
    if engine.dialect.name == "sqlite":
        with sqlite.locked(sqlite.path_of(engine)):
            return
    if postgres.others(engine):
        raise Refused(
            gettext(
                "The database %(name)s is in use. Stop the server and the worker (systemctl stop "
                "quizapp), and try again.",
                name=engine.url.database,
            )
        )


def restore(engine: Engine, path: Path, *, now: datetime, progress: Progress) -> Restored:
    """Bring a backup back, migrated to this version; the evidence gets an entry of it.

    Raises Refused, and then nothing was changed. On PostgreSQL the database has to be empty;
    on SQLite the one that is replaced stays beside it.
    """
    manifest = package.read(path)
    refuse_unfit(engine, manifest)
    if manifest.kind == "postgresql":
        with _unpacked(path, manifest, None, progress) as database:
            postgres.examine(database, manifest.tool)
            postgres.restore(engine, database, manifest.tool, manifest.facts)
        schema.bring_up(engine)
        _record(engine, manifest, None, now)
        return Restored(manifest, None)
    place = sqlite.path_of(engine)
    with _unpacked(path, manifest, place.parent, progress) as database:
        facts.compare(manifest.facts, sqlite.examine(database))
        copy = engine_for(database)
        schema.bring_up(copy)
        _record(copy, manifest, sqlite.head(place), now)
        copy.dispose()
        sqlite.settle(database)
        return Restored(manifest, sqlite.put(database, place, now))


@contextmanager
def _unpacked(
    path: Path, manifest: Manifest, folder: Path | None, progress: Progress
) -> Iterator[Path]:
    """The database within, in a folder that only we can read and that goes away again."""
    try:
        with tempfile.TemporaryDirectory(prefix=".quizapp-restore-", dir=folder) as work:
            if manifest.size > shutil.disk_usage(work).free:
                raise Refused(
                    gettext(
                        "There is no room for the %(n)s MB of this backup in %(path)s.",
                        n=manifest.size // 2**20 + 1,
                        path=Path(work).parent,
                    )
                )
            database = Path(work) / manifest.member
            package.unpack(path, manifest, database, progress)
            yield database
    except OSError as error:
        raise Refused(
            gettext("%(path)s cannot be restored: %(reason)s.", path=path, reason=error)
        ) from error


def _record(
    engine: Engine, manifest: Manifest, replaced: tuple[int, str] | None, now: datetime
) -> None:
    """Say in the chain that what came after the backup is no longer in it, and how it ended."""
    with Session(engine) as session:
        chain.append(
            session,
            "database.restored",
            by=chain.SYSTEM,
            about="database",
            at=now,
            data={
                "backup": manifest.at.isoformat(),
                "head": [manifest.facts.seq, manifest.facts.head],
                "replaced": replaced,
            },
        )
        session.commit()
