"""The disk fills up in mid exam: it is said, nothing acknowledged is lost, it goes on after."""

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from quizapp.evidence import chain
from tests.torture.harness import Agent, Installation, Journal, Server, keep_saving, losses

AGENTS, ITEMS = 4, 8
MEGABYTES = 12


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False, text=True)
    except OSError as error:
        pytest.skip(f"no mount here: {error}")
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path: Path) -> None:
    """Take all the space that is left."""
    with path.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


class Exam:
    """Agents who save all the time."""

    def __init__(self, server: Server) -> None:
        self.agents = [Agent(server.port, n) for n in range(1, AGENTS + 1)]
        self.journals: dict[str, Journal] = {}
        for agent in self.agents:
            agent.sign_in()
            assert agent.start().status == 303
            self.journals[agent.attempt] = Journal()

    @property
    def statuses(self) -> list[int]:
        return [s for journal in self.journals.values() for s in journal.statuses]

    @contextmanager
    def saving(self, seed: int) -> Iterator[None]:
        stop = threading.Event()
        threads = [
            threading.Thread(
                target=keep_saving,
                args=(agent, self.journals[agent.attempt], ITEMS, stop, seed + agent.number),
            )
            for agent in self.agents
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def until(self, enough: Callable[[], bool], seconds: float = 60) -> None:
        give_up = time.monotonic() + seconds
        while not enough():
            assert time.monotonic() < give_up, f"not in time: {set(self.statuses)}"
            time.sleep(0.02)


def test_a_full_disk_is_said_and_it_goes_on_when_there_is_room(small, figure):
    installation = Installation(small / "instance", AGENTS, ITEMS)
    installation.make()
    with Server(installation) as server:
        exam = Exam(server)
        with exam.saving(1):
            exam.until(lambda: exam.statuses.count(200) > 200)
        before = len(exam.statuses)
        assert set(exam.statuses) == {200}
        fill(small / "filler")
        with exam.saving(2):
            exam.until(lambda: len([s for s in exam.statuses if s in (503, 507)]) > 200)
        assert set(exam.statuses) <= {200, 503, 507}
        refused = len(exam.statuses) - exam.statuses.count(200)
        reply = exam.agents[0].save(1, 1)
        assert (reply.status, reply.json["saved"], reply.json["retry"]) == (507, False, True)
        assert reply.json["message"]
        # What needs no space works: the page with the answers, the sign-in page.
        for path in (f"/attempts/{exam.agents[0].attempt}/items/1", "/quizzes"):
            assert exam.agents[0].request("GET", path).status == 200
        (small / "filler").unlink()
        freed = time.monotonic()
        while exam.agents[0].save(1, 2).status != 200:
            assert time.monotonic() - freed < 5, "it should work at once when there is room"
        # Saved outside the journal: its items are answered anew below.
        count = exam.statuses.count(200)
        with exam.saving(3):
            exam.until(lambda: exam.statuses.count(200) > count + 400)
        assert set(exam.statuses[before:]) <= {200, 503, 507}
    assert losses(installation, exam.journals) == []
    with installation.opened() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert chain.first_break(session) is None
    figure(f"{exam.statuses.count(200)} saves acknowledged, {refused} refused while it was full")


def test_a_server_that_acknowledges_before_the_commit_is_caught(small):
    installation = Installation(small / "instance", AGENTS, ITEMS)
    installation.make()
    with Server(installation, target="tests.torture.broken:hasty") as server:
        exam = Exam(server)
        with exam.saving(1):
            exam.until(lambda: exam.statuses.count(200) > 200)
        fill(small / "filler")
        with exam.saving(2):
            count = exam.statuses.count(200)
            exam.until(lambda: exam.statuses.count(200) > count + 400)
        time.sleep(0.5)  # what it puts off is tried after 0.3 s
        (small / "filler").unlink()
    assert losses(installation, exam.journals), "the check must notice answers that were lost"


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts")
def test_an_instance_folder_that_cannot_be_written_is_said_at_the_start(small):
    installation = Installation(small / "instance", 1)
    installation.folder.mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    said = subprocess.run(
        [sys.executable, "-m", "quizapp", "serve"],
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert "QUIZAPP_INSTANCE" in said.stderr
    assert "cannot be written to" in said.stderr
    assert "Traceback" not in said.stderr
