"""Taking a backup: copy, examine, pack, read back, and only then give it its name."""

import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask_babel import gettext
from sqlalchemy import Engine

from quizapp import schema
from quizapp.backups import package, postgres, sqlite
from quizapp.backups.package import MEMBERS, Manifest, Progress
from quizapp.db import driver
from quizapp.errors import Refused

ENDING = ".zip"
NAME = re.compile(r"quizapp-\d{8}T\d{6}Z\.zip")
WORK = ".quizapp-backup-"  # folders that an interrupted backup leaves, for a day
LEFT_BEHIND = 24 * 3600


@dataclass(frozen=True)
class Made:
    """A backup: where it is, what it holds, and which older ones were removed for it."""

    path: Path
    manifest: Manifest
    removed: list[Path]


def make(
    engine: Engine, target: Path, *, now: datetime, keep: int | None, progress: Progress
) -> Made:
    """Back the database up into a file or, under a name with the time, into a folder.

    `keep` is how many of this installation's backups stay in the folder. Raises Refused; then
    nothing stands under the backup's name.
    """
    folder, path = _place(target, now)
    if keep is not None and path.parent != target:
        raise Refused(gettext("--keep is for backups into a folder; this is a file."))
    if path.exists():
        raise Refused(gettext("%(path)s exists; a backup overwrites nothing.", path=path))
    if not target.parent.is_dir():
        raise Refused(
            gettext(
                "%(path)s does not exist. Check the path, or make it: mkdir -p %(path)s",
                path=target.parent,
            )
        )
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _sweep(folder)
        with tempfile.TemporaryDirectory(prefix=WORK, dir=folder) as work:
            manifest = _make(engine, Path(work), now, progress)
            # Unlike a rename, a link never takes the place of a file.
            os.link(Path(work) / "packed", path)
            sqlite.sync_folder(folder)
    except OSError as error:
        raise Refused(
            gettext(
                "The backup could not be written to %(path)s: %(reason)s.",
                path=folder,
                reason=error.strerror,
            )
        ) from error
    return Made(path, manifest, _thin_out(path, manifest, keep) if keep else [])


def _place(target: Path, now: datetime) -> tuple[Path, Path]:
    """The folder and the file that a target means."""
    if target.suffix == ENDING and not target.is_dir():
        return target.parent, target
    return target, target / f"quizapp-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{ENDING}"


def _make(engine: Engine, work: Path, now: datetime, progress: Progress) -> Manifest:
    kind = engine.dialect.name
    database = work / MEMBERS[kind]
    if kind == "sqlite":
        source = sqlite.path_of(engine)
        if source.exists() and source.stat().st_size > shutil.disk_usage(work).free:
            raise Refused(gettext("There is no room for a copy in %(path)s.", path=work.parent))
        sqlite.copy(source, database, progress)
        facts, tool = sqlite.examine(database), f"SQLite {driver.sqlite_version}"
    else:
        facts, tool = postgres.dump(engine, database)
    manifest = Manifest(
        at=now,
        version=schema.program(),
        kind=kind,
        tool=tool,
        facts=facts,
        size=database.stat().st_size,
        sha256=package.sha256(database),
    )
    packed = work / "packed"
    package.pack(packed, database, manifest, progress)
    database.unlink()
    # What was written is read again before anybody relies on it.
    package.unpack(packed, package.read(packed), database, progress)
    return manifest


def _thin_out(newest: Path, manifest: Manifest, keep: int) -> list[Path]:
    """Remove this installation's older backups from the folder, up to the `keep` newest."""
    ours = [
        path
        for path in sorted(newest.parent.iterdir(), reverse=True)
        if NAME.fullmatch(path.name) and package.is_ours(path, manifest.facts.first)
    ]
    older = [path for path in ours if path != newest][max(0, keep - 1) :]
    for path in older:
        path.unlink()
    return older


def _sweep(folder: Path) -> None:
    """Clear up after backups that were killed."""
    for path in folder.glob(f"{WORK}*"):
        if time.time() - path.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(path, ignore_errors=True)
