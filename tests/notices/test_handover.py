"""The courier: on its own once it has a message, and closed about what it was told."""

import os
import pickle
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quizapp.notices import courier, handover, mail
from quizapp.notices.courier import Server
from quizapp.notices.handover import Courier
from tests.mailbox import mailbox

NAME = "<a@example.com>"


@pytest.fixture
def box():
    with mailbox() as made:
        yield made


@pytest.fixture
def journal(tmp_path):
    with handover.hold(tmp_path) as held:
        yield held


@pytest.fixture
def line(box, journal):
    made = Courier(server(box), journal)
    yield made
    made.close()


def server(box):
    return Server("127.0.0.1", box.port, "none", "", "segredo", "quiz@example.com")


def a_message(box):
    return mail.message(
        server(box),
        to="ana@example.com",
        subject="x",
        text="x",
        language="en",
        message_id=NAME,
        at=datetime.now(UTC),
    )


def test_what_the_server_took_is_in_the_journal_when_it_is_said(box, journal, line):
    line.send("ana@example.com", a_message(box))
    journal.heard.clear()  # as in the next worker
    assert list(journal.taken()) == box.ids == [NAME]
    journal.clear()
    assert journal.taken() == {}


def test_what_the_server_took_is_on_the_disk_before_it_is_said(box, tmp_path, monkeypatch):
    done = []

    class Taken:
        is_open = True

        def send(self, *_):
            done.append("taken")

    monkeypatch.setattr(courier.os, "fsync", lambda file: done.append(file))
    file = os.open(tmp_path / "journal", os.O_WRONLY | os.O_CREAT)
    done.append(courier._send(Taken(), "ana@example.com", a_message(box), file))
    os.close(file)
    assert done == ["taken", file, ("taken", "", True)]
    assert (tmp_path / "journal").read_text().startswith(f"{NAME} ")


def test_a_new_journal_is_in_its_folder_before_anything_is_sent(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(os.fstat(file).st_ino))
    for _ in range(2):
        with handover.hold(tmp_path) as held:
            assert held is not None
    assert synced == [tmp_path.stat().st_ino], "once, when it was made"


def test_a_courier_that_is_told_to_end_finishes_the_message_in_hand(box, journal, line):
    pid = line._process.pid
    assert os.getsid(pid) == pid != os.getsid(0)
    for kind in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        box.answers["RCPT"] = lambda kind=kind: os.kill(pid, kind)
        line.send("ana@example.com", a_message(box))
    assert box.ids == [NAME] * 3


def test_secrets_are_neither_in_its_arguments_nor_in_its_environment(box, journal, monkeypatch):
    monkeypatch.setenv("QUIZAPP_SMTP_PASSWORD", "segredo")
    line = Courier(server(box), journal)
    about = Path(f"/proc/{line._process.pid}")
    seen = (about / "cmdline").read_bytes() + (about / "environ").read_bytes()
    line.close()
    assert b"courier.py" in seen
    assert b"segredo" not in seen
    assert b"QUIZAPP_" not in seen


def test_a_message_of_which_a_part_came_is_not_sent(box, journal, line):
    order = pickle.dumps(("ana@example.com", a_message(box)))
    line._process.stdin.write(order[:-1])
    line.close()
    assert line._process.returncode == 0
    assert box.messages == []


def test_a_second_worker_does_not_hold_the_journal_while_a_courier_does(box, tmp_path):
    with handover.hold(tmp_path) as journal:
        line = Courier(server(box), journal)
    with handover.hold(tmp_path) as journal:
        assert journal is None, "its worker let go of it, and it did not"
    line.close()
    with handover.hold(tmp_path) as journal:
        assert journal is not None
