"""A backup is whole, whoever writes meanwhile; it overwrites and removes nothing of others."""

import os
import shutil
import signal
import subprocess
import time
import zipfile
from datetime import timedelta

import pytest

from quizapp.backups import making, package, restoring, sqlite
from quizapp.db import db, driver
from quizapp.errors import Refused
from quizapp.evidence import chain
from tests.backups.conftest import (
    NOW,
    WRITER,
    command,
    contents,
    quiet,
)


@pytest.fixture
def writer(home, live):
    """A process that commits when it is called, and gives the number that it acknowledged."""
    process = subprocess.Popen(
        command(WRITER, home / "quizapp.sqlite3"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def acknowledged():
        process.stdin.write("\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, "the writer ended"
        return int(line)

    yield acknowledged
    process.communicate()


def test_a_backup_beside_a_writer_has_all_that_was_acknowledged_before(
    live, writer, tmp_path, monkeypatch
):
    monkeypatch.setattr(sqlite, "PAGES", 5)
    before = max(writer() for _ in range(20))
    seen, steps = [], 0

    def watch(_step, done, total):
        nonlocal steps
        steps += 1
        assert steps < 2 * total, "the copy begins anew with every foreign write"
        seen.append(writer())  # so the writer goes on while it is being copied

    sqlite.copy(sqlite.path_of(db.engine), tmp_path / "copy.sqlite3", watch)
    assert len(seen) > 10
    assert seen == sorted(set(seen))
    facts = sqlite.examine(tmp_path / "copy.sqlite3")
    assert before <= facts.seq < seen[-1]
    assert facts.counts["evidence_entry"] == facts.seq


def test_a_mere_copy_of_the_file_lacks_what_was_acknowledged(home, live, writer, tmp_path):
    """The control: what the test above looks for is not there of itself."""
    before = max(writer() for _ in range(20))
    shutil.copy(home / "quizapp.sqlite3", tmp_path / "copy.sqlite3")
    seq, _ = sqlite.head(tmp_path / "copy.sqlite3")
    assert seq < before


def test_a_backup_is_one_file_for_its_owner_with_all_rows(home, live, backup):
    assert backup.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(backup) as archive:
        assert sorted(archive.namelist()) == ["database.sqlite3", "manifest.json"]
        archive.extract("database.sqlite3", home / "unpacked")
    assert contents(home / "unpacked" / "database.sqlite3") == contents(home / "quizapp.sqlite3")
    manifest = package.read(backup)
    assert manifest.facts.counts["user"] == 1
    assert (manifest.facts.seq, manifest.facts.head) == chain.head(db.session())


def test_neither_the_secret_nor_demonstration_accounts_are_in_a_backup(home, live, tmp_path):
    (home / "secret_key").write_text("the secret of this place")
    (home / "demo-accounts.txt").write_text("the accounts of this place")
    made = making.make(db.engine, tmp_path / "b.zip", now=NOW, keep=None, progress=quiet)
    with zipfile.ZipFile(made.path) as archive:
        for name in archive.namelist():
            assert b"of this place" not in archive.read(name)


def test_a_damaged_database_makes_no_backup(home, live, tmp_path):
    path = home / "quizapp.sqlite3"
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(Refused):
        making.make(db.engine, tmp_path / "out", now=NOW, keep=None, progress=quiet)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_broken_chain_makes_no_backup(live, tmp_path):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER evidence_entry_no_update")
        connection.exec_driver_sql("UPDATE evidence_entry SET data = '{}' WHERE seq = 2")
    with pytest.raises(Refused, match=r"\b2\b"):
        making.make(db.engine, tmp_path / "out", now=NOW, keep=None, progress=quiet)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_row_that_points_nowhere_makes_no_backup(live, tmp_path):
    raw = driver.connect(str(sqlite.path_of(db.engine)))
    raw.execute("INSERT INTO one_time_code VALUES (1, 999, 'x', NULL, 'x', 'x', NULL)")
    raw.commit()
    raw.close()
    with pytest.raises(Refused, match="one_time_code"):
        making.make(db.engine, tmp_path / "out", now=NOW, keep=None, progress=quiet)


def test_a_disk_that_is_too_small_is_said_before_the_copy(live, tmp_path, monkeypatch):
    monkeypatch.setattr(making.shutil, "disk_usage", lambda _p: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(Refused, match=str(tmp_path)):
        making.make(db.engine, tmp_path / "out", now=NOW, keep=None, progress=quiet)


def test_a_backup_overwrites_nothing(live, backup):
    before = backup.read_bytes()
    with pytest.raises(Refused, match=r"good\.zip"):
        making.make(db.engine, backup, now=NOW, keep=None, progress=quiet)
    assert backup.read_bytes() == before


def test_keep_removes_older_backups_of_this_installation_only(live, home, tmp_path):
    folder = tmp_path / "out"

    def take(hours, keep=None):
        return making.make(
            db.engine, folder, now=NOW + timedelta(hours=hours), keep=keep, progress=quiet
        )

    mine = [take(hours).path for hours in range(3)]
    note = folder / "quizapp-20200101T000000Z.zip"
    note.write_bytes(b"a note of somebody's")
    # Another installation's has the same kind of name.
    other = folder / "quizapp-20200102T000000Z.zip"
    raw = driver.connect(str(home / "quizapp.sqlite3"))
    raw.execute("DROP TRIGGER evidence_entry_no_delete")
    raw.execute("DELETE FROM evidence_entry")
    raw.commit()
    raw.close()
    taken = making.make(db.engine, tmp_path / "o.zip", now=NOW, keep=None, progress=quiet)
    taken.path.rename(other)
    # Back to what it was, from one's own backup.
    restoring.restore(db.engine, mine[-1], now=NOW, progress=quiet)
    last = take(3, keep=2)
    assert sorted(last.removed) == mine[:2]
    assert sorted(folder.iterdir()) == sorted([note, other, mine[2], last.path])


# A backup that takes its time over the copy, so that it can be ended there.
SLOW = """
import sys, time
from quizapp.backups import sqlite
from quizapp.cli import main
examine = sqlite.examine
sqlite.examine = lambda *args: time.sleep(60) or examine(*args)
main()
"""


def test_a_backup_that_is_ended_leaves_nothing(home, tmp_path):
    """By SIGTERM, as systemd does; what a SIGKILL leaves, a later backup clears up."""
    folder = tmp_path / "out"
    left = end_at_work(home, folder, signal.SIGKILL)
    old = time.time() - 2 * making.LEFT_BEHIND
    os.utime(left, (old, old))
    gone = end_at_work(home, folder, signal.SIGTERM)
    assert gone != left
    assert list(folder.iterdir()) == []


def end_at_work(home, folder, kind):
    """Begin a backup and end it once it copies; the folder that it worked in."""
    before = set(folder.glob("*"))
    process = subprocess.Popen(
        command(SLOW, "backup", folder),
        env={**os.environ, "QUIZAPP_INSTANCE": str(home), "QUIZAPP_DATABASE_URL": ""},
    )
    give_up = time.monotonic() + 60
    while not (work := [p.parent for p in folder.glob("*/database*") if p.parent not in before]):
        assert process.poll() is None, "it ended before it could be ended"
        assert time.monotonic() < give_up
        time.sleep(0.005)
    process.send_signal(kind)
    assert process.wait(timeout=60) != 0
    return work[0]
