"""An installation on SQLite with something in it, and ways to spoil its backups."""

import hashlib
import io
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from quizapp import create_app, schema
from quizapp.backups import making, package
from quizapp.content import importer
from quizapp.db import db, driver
from quizapp.people import teams
from tests.conftest import SAMPLES, TODAY, settings

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)


def quiet(_step: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of people, procedures and banks, and a backup of it, to copy."""
    folder = tmp_path_factory.mktemp("filled")
    app = create_app(settings_of(folder))
    with app.app_context():
        schema.bring_up(db.engine)
        session = db.session()
        files = importer.gather([SAMPLES / "procedures", SAMPLES / "banks"])
        importer.import_files(session, files, by="test", now=NOW, today=TODAY)
        add_person(session, "Ana Agente", "1001")
        session.commit()
        making.make(db.engine, folder / "good.zip", now=NOW, keep=None, progress=quiet)
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def home(tmp_path: Path, filled: Path) -> Path:
    """The instance folder, with the database."""
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copy(filled / "quizapp.sqlite3", folder)
    return folder


@pytest.fixture
def live(home: Path) -> Iterator[Flask]:
    """An application on SQLite, whatever else is tested on."""
    app = create_app(settings_of(home))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def backup(filled: Path, tmp_path: Path) -> Path:
    """A backup of what is there before a test begins."""
    return Path(shutil.copy(filled / "good.zip", tmp_path))


def settings_of(folder: Path) -> dict[str, Any]:
    """Settings of an application on SQLite in a folder."""
    return {**settings(folder), "DATABASE_URL": "", "LOCALE": "en"}


def add_person(session: Any, name: str, number: str) -> None:
    """Somebody, by whom two states of the database are told apart."""
    teams.add_user(session, name=name, role="agent", employee_number=number, by="test", now=NOW)


def contents(path: Path) -> dict[str, list[Any]]:
    """All rows of a database, by table."""
    connection = driver.connect(str(path))
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608
            for (name,) in names
        }
    finally:
        connection.close()


Spoil = Callable[[dict[str, Any], dict[str, bytes]], None]


def forge(source: Path, target: Path, spoil: Spoil) -> Path:
    """A backup whose parts were changed and that was sealed again, as an attacker would."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop(package.MANIFEST))
    spoil(manifest, members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = package.MARK + b"0" * 64
        archive.writestr(package.MANIFEST, json.dumps(manifest))
        for name, data in members.items():
            archive.writestr(name, data)
    target.write_bytes(seal(out.getvalue()))
    return target


def seal(data: bytes) -> bytes:
    """The bytes with the checksum that they should have."""
    return data[:-64] + hashlib.sha256(data[:-64]).hexdigest().encode()


def changed_database(*statements: str) -> Spoil:
    """Change the database within, and the checksums with it."""

    def spoil(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
        with tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_bytes(members["database.sqlite3"])
            connection = driver.connect(file.name, isolation_level=None)
            for statement in statements:
                connection.execute(statement)
            connection.close()
            replace_database(manifest, members, Path(file.name).read_bytes())

    return spoil


def replace_database(manifest: dict[str, Any], members: dict[str, bytes], data: bytes) -> None:
    """Put other bytes in the place of the database, with checksums that are right."""
    members["database.sqlite3"] = data
    manifest["members"]["database.sqlite3"] = {
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


# Opens a database as a server does and holds it, idle, until its input ends.
HOLDER = """
import sys
from pathlib import Path
from quizapp.db import engine_for
connection = engine_for(Path(sys.argv[1])).connect()
connection.exec_driver_sql("SELECT count(*) FROM evidence_entry").fetchone()
connection.rollback()
print("open", flush=True)
sys.stdin.read()
"""

# Adds to the evidence whenever it is asked; says each entry's number once it is committed.
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy.orm import Session
from quizapp.db import engine_for
from quizapp.evidence import chain
engine = engine_for(Path(sys.argv[1]))
held = engine.connect()  # the last to close would empty the write-ahead log
for _ in sys.stdin:
    with Session(engine) as session:
        chain.append(session, "test", by="test", about="test", at=datetime.now(UTC), data={})
        seq, _ = chain.head(session)
        session.commit()
    print(seq, flush=True)
"""


def command(script: str, *arguments: str | Path) -> list[str]:
    """What starts one of these in a process of its own."""
    return [sys.executable, "-c", script, *map(str, arguments)]
