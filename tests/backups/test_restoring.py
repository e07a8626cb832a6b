"""A restore checks first and then replaces all or nothing; what was there is kept."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from flask_migrate import upgrade
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from quizapp import create_app, schema
from quizapp.backups import facts, making, package, restoring, sqlite
from quizapp.db import db, driver
from quizapp.errors import Refused
from quizapp.evidence import chain
from tests.backups.conftest import (
    HOLDER,
    NOW,
    add_person,
    changed_database,
    command,
    contents,
    forge,
    quiet,
    replace_database,
    seal,
    settings_of,
)
from tests.examples import tried

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def database(home, live, backup):
    """The file of the database, to which somebody was added after the backup."""
    add_person(db.session(), "Bia Agente", "1002")
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    return home / "quizapp.sqlite3"


def names(path):
    return sorted(row[2] for row in contents(path)["user"])


def refused(path, database, match):
    """The restore is refused, and nothing at all is different afterwards."""
    before = {p: p.read_bytes() for p in database.parent.iterdir() if p.is_file()}
    with pytest.raises(Refused, match=match):
        restoring.restore(db.engine, path, now=LATER, progress=quiet)
    assert {p: p.read_bytes() for p in database.parent.iterdir() if p.is_file()} == before


def test_a_restore_brings_every_row_back_and_says_so_in_the_evidence(live, backup, database):
    with sqlite_copy(backup, database.parent.parent / "then.sqlite3") as then:
        expected = contents(then)
    last = expected["evidence_entry"][-1]
    now = contents(database)
    assert now != expected
    restored = restoring.restore(db.engine, backup, now=LATER, progress=quiet)
    found = contents(database)
    added = [row for row in found["evidence_entry"] if row not in expected["evidence_entry"]]
    found["evidence_entry"] = [row for row in found["evidence_entry"] if row not in added]
    assert found == expected
    ((seq, _, kind, by, _, data, previous, _),) = added
    assert (kind, by, previous) == ("database.restored", "system", last[-1])
    assert seq == last[0] + 1
    # How far the evidence went that is no longer there.
    assert json.loads(data)["replaced"] == [
        now["evidence_entry"][-1][0],
        now["evidence_entry"][-1][-1],
    ]
    assert chain.first_break(db.session()) is None
    assert contents(restored.kept) == now


class sqlite_copy:
    """The database of a backup, unpacked by hand."""

    def __init__(self, backup, target):
        self.backup, self.target = backup, target

    def __enter__(self):
        package.unpack(self.backup, package.read(self.backup), self.target, quiet)
        return self.target

    def __exit__(self, *_):
        self.target.unlink()


def test_what_is_replaced_is_kept_with_what_stood_in_its_log_only(live, backup, database):
    """A server that was killed leaves its last commits in the write-ahead log."""
    log = database.with_name(database.name + "-wal")
    raw = driver.connect(str(database))
    raw.execute("PRAGMA wal_autocheckpoint=0")
    raw.execute("UPDATE user SET name = 'Bia de Souza' WHERE employee_number = '1002'")
    raw.commit()
    crashed = database.parent.parent / "crashed"
    crashed.mkdir()
    for path in (database, log):
        shutil.copy(path, crashed / path.name)
    raw.close()
    for path in (database, log):
        shutil.copy(crashed / path.name, path)
    restored = restoring.restore(db.engine, backup, now=LATER, progress=quiet)
    assert not log.exists()
    assert names(database) == ["Ana Agente"]
    assert names(restored.kept) == ["Ana Agente", "Bia de Souza"]


def test_a_restore_into_an_empty_folder_needs_no_database_there(backup, tmp_path):
    app = create_app(settings_of(tmp_path / "new"))
    with app.app_context():
        restored = restoring.restore(db.engine, backup, now=LATER, progress=quiet)
        assert restored.kept is None
        assert chain.first_break(db.session()) is None
        db.session.remove()
        db.engine.dispose()
    assert names(tmp_path / "new" / "quizapp.sqlite3") == ["Ana Agente"]


def test_a_restored_database_is_the_owners_only_and_leaves_no_work_behind(backup, database):
    restoring.restore(db.engine, backup, now=LATER, progress=quiet)
    assert database.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in database.parent.iterdir()) == [
        "quizapp.sqlite3",
        "quizapp.sqlite3.replaced-20261122T053000Z",
    ]


def test_nothing_is_restored_while_another_process_has_it_open_even_idle(backup, database):
    holder = subprocess.Popen(
        command(HOLDER, database), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "open\n"
        before = names(database)
        with pytest.raises(Refused, match="systemctl stop"):
            restoring.restore(db.engine, backup, now=LATER, progress=quiet)
        assert names(database) == before
        assert not list(database.parent.glob("*replaced*"))
        # Nor a damaged one, which SQLite itself cannot lock.
        shutil.copy(database, kept := database.parent.parent / "kept")
        with database.open("r+b") as file:
            file.write(b"no longer a database")
        with pytest.raises(Refused, match="systemctl stop"), sqlite.alone(database):
            pass
        shutil.copy(kept, database)
    finally:
        holder.communicate("")
    restoring.restore(db.engine, backup, now=LATER, progress=quiet)
    assert names(database) == ["Ana Agente"]


def test_who_had_just_opened_the_old_file_cannot_write_to_it(backup, database):
    """Opened but not yet read from: no lock tells of it, but SQLite sees that the file moved."""
    raw = driver.connect(str(database), isolation_level=None)
    restored = restoring.restore(db.engine, backup, now=LATER, progress=quiet)
    before = contents(restored.kept)
    with pytest.raises(driver.OperationalError):
        raw.execute("UPDATE user SET name = 'X'")
    raw.close()
    assert contents(restored.kept) == before


@pytest.mark.parametrize("at", [0, 16, 4096, 9000])
def test_a_damaged_database_is_replaced_and_kept(backup, database, at):
    with database.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 200)
    damaged = database.read_bytes()
    restored = restoring.restore(db.engine, backup, now=LATER, progress=quiet)
    assert names(database) == ["Ana Agente"]
    assert restored.kept.read_bytes()[at : at + 200] == damaged[at : at + 200]


def test_any_flipped_byte_is_noticed(backup, tmp_path):
    data = backup.read_bytes()
    path = tmp_path / "flipped.zip"

    @examples(
        max_examples=tried(100),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.integers(0, len(data) - 1), st.integers(1, 255))
    def flip(position, difference):
        spoilt = bytearray(data)
        spoilt[position] ^= difference
        path.write_bytes(spoilt)
        with pytest.raises(Refused):
            package.read(path)

    flip()
    path.write_bytes(data)
    assert package.read(path)


@pytest.mark.parametrize("left", [0, 1, 21, 86, 1000, -86, -85, -1])
def test_a_backup_that_is_cut_off_is_refused(backup, database, tmp_path, left):
    path = tmp_path / "cut.zip"
    path.write_bytes(backup.read_bytes()[:left])
    refused(path, database, "cut off|damaged")


def test_what_is_no_backup_is_refused(backup, database, tmp_path):
    refused(database, database, "no backup")
    refused(tmp_path / "none.zip", database, "cannot be read")
    refused(tmp_path, database, "cannot be read")
    sealed = tmp_path / "sealed.zip"
    sealed.write_bytes(seal(b"x" * 1000 + package.MARK + b"0" * 64))
    refused(sealed, database, "damaged")


def value(*path, to):
    """Change one value of the manifest."""

    def spoil(manifest, _members):
        *parents, last = path
        for key in parents:
            manifest = manifest[key]
        manifest[last] = to

    return spoil


def page_of_noise(manifest, members):
    data = bytearray(members["database.sqlite3"])
    data[4096 * 3 : 4096 * 4] = os.urandom(4096)
    replace_database(manifest, members, bytes(data))


def no_database(manifest, members):
    replace_database(manifest, members, b"x" * 10_000)


@pytest.mark.parametrize(
    "spoil, match",
    [
        (value("revision", to="9999"), "newer"),
        (value("format", to=2), "form"),
        (value("kind", to="postgresql"), "damaged"),
        (value("kind", to="oracle"), "damaged"),
        (value("counts", "user", to=2), "user"),
        (value("counts", to="none"), "damaged"),
        (value("evidence", "head", to="0" * 64), "evidence"),
        (value("evidence", to=None), "damaged"),
        (value("members", "database.sqlite3", "sha256", to="0" * 64), "damaged"),
        (value("members", "database.sqlite3", "size", to=5), "damaged"),
        (value("at", to="yesterday"), "damaged"),
        (lambda m, _: m.clear(), "damaged"),
        (lambda _, members: members.clear(), "damaged"),
        (lambda _, members: members.update({"../../etc/cron.d/x": b"x"}), "damaged"),
        (page_of_noise, "damaged|malformed|cannot be used"),
        (no_database, "cannot be used|damaged"),
        (changed_database("UPDATE user SET name = 'Z'", "DELETE FROM user"), "user"),
        (
            changed_database("INSERT INTO one_time_code VALUES (1, 9, 'x', NULL, 1, 1, NULL)"),
            "code",
        ),
        (
            changed_database(
                "DROP TRIGGER evidence_entry_no_update",
                "UPDATE evidence_entry SET \"by\" = 'Mallory' WHERE seq = 3",
            ),
            r"\b3\b",
        ),
        (
            changed_database(
                "DROP TRIGGER evidence_entry_no_delete",
                "DELETE FROM evidence_entry WHERE seq = (SELECT max(seq) FROM evidence_entry)",
            ),
            "evidence",
        ),
    ],
)
def test_a_forged_backup_changes_nothing(backup, database, tmp_path, spoil, match):
    refused(forge(backup, tmp_path / "forged.zip", spoil), database, match)


def test_the_forgers_tools_alone_spoil_nothing(backup, database, tmp_path):
    """The control: sealed again without a change, or with a harmless one, it is taken."""
    forged = forge(backup, tmp_path / "forged.zip", changed_database("UPDATE user SET name = 'Z'"))
    restoring.restore(db.engine, forged, now=LATER, progress=quiet)
    assert names(database) == ["Z"]


def test_a_bomb_is_stopped_at_the_size_that_it_told(backup, database, tmp_path):
    """Both sizes of the zip's headers lie: 64 MB of zeros that say they are one database."""

    def swell(manifest, members):
        manifest["members"]["database.sqlite3"]["size"] = 2**16
        members["database.sqlite3"] = bytes(2**26)

    forged = forge(backup, tmp_path / "bomb.zip", swell)
    data = forged.read_bytes()
    assert len(data) < 2**20
    true, told = (2**26).to_bytes(4, "little"), (2**16).to_bytes(4, "little")
    assert data.count(true) == 2
    forged.write_bytes(seal(data.replace(true, told)))
    refused(forged, database, "damaged")


def test_a_backup_too_large_for_the_disk_is_refused(backup, database, tmp_path, monkeypatch):
    monkeypatch.setattr(
        restoring.shutil, "disk_usage", lambda _p: shutil._ntuple_diskusage(1, 1, 0)
    )
    refused(backup, database, "no room")


def test_a_migration_that_fails_changes_nothing(backup, database, monkeypatch):
    def fail(_engine):
        raise Refused("the migration failed")

    monkeypatch.setattr(schema, "bring_up", fail)
    refused(backup, database, "the migration failed")


def test_a_backup_of_an_older_version_is_migrated_before_it_is_put_in_place(database, tmp_path):
    old = create_app(settings_of(tmp_path / "old"))
    with old.app_context():
        upgrade(revision="0002")
        with Session(db.engine) as session:
            chain.append(session, "x", by="test", about="test", at=datetime.now(UTC), data={})
            session.execute(
                text(
                    "INSERT INTO team (public_id, name, created_at) VALUES ('t', 'Norte', :now)"
                ).bindparams(now="2026-01-01 00:00:00.000000")
            )
            session.commit()
        path = tmp_path / "old.zip"
        making.make(db.engine, path, now=NOW, keep=None, progress=quiet)
        db.session.remove()
        db.engine.dispose()
    assert package.read(path).facts.revision == "0002"
    restoring.restore(db.engine, path, now=LATER, progress=quiet)
    assert schema.state(db.engine) == "same"
    found = contents(database)
    assert [row[2] for row in found["team"]] == ["Norte"]
    assert [row[2] for row in found["evidence_entry"]] == ["x", "database.restored"]


def test_a_backup_is_checked_without_a_database(backup, database, tmp_path):
    before = contents(database)
    assert restoring.check(backup, quiet) == package.read(backup)
    assert contents(database) == before
    forged = forge(backup, tmp_path / "forged.zip", value("counts", "user", to=7))
    with pytest.raises(Refused, match="user"):
        restoring.check(forged, quiet)


def test_facts_that_differ_are_named():
    told = facts.Facts("0003", {"a": 1, "b": 2}, "x", 1, "x")
    facts.compare(told, told)
    for found, match in (
        (facts.Facts("0003", {"a": 1, "b": 3}, "x", 1, "x"), "b"),
        (facts.Facts("0003", {"a": 1}, "x", 1, "x"), "b"),
        (facts.Facts("0003", {"a": 1, "b": 2}, "x", 1, "y"), "evidence"),
        (facts.Facts("0002", {"a": 1, "b": 2}, "x", 1, "x"), "."),
    ):
        with pytest.raises(Refused, match=match):
            facts.compare(told, found)
