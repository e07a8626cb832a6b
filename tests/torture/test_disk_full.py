"""The disk fills up in mid exam: it is said, nothing acknowledged is lost, it goes on after."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.torture.checks import damage, losses
from tests.torture.clients import Crowd, at_work, crowd
from tests.torture.harness import Installation, Server

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


def until(enough: Callable[[], bool], exam: Crowd, seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while not enough():
        assert time.monotonic() < give_up, f"not in time: {set(exam.statuses)}"
        time.sleep(0.02)


def test_a_full_disk_is_said_and_it_goes_on_when_there_is_room(small, figure):
    installation = Installation(small / "instance", AGENTS, ITEMS)
    installation.make()
    with Server(installation, log=Path(os.devnull)) as server:
        exam = crowd(server.port, AGENTS, ITEMS)
        with at_work(exam):
            until(lambda: exam.statuses.count(200) > 200, exam)
        assert set(exam.statuses) == {200, 303}
        fill(small / "filler")
        with at_work(exam):
            until(lambda: len([s for s in exam.statuses if s in (503, 507)]) > 200, exam)
        assert set(exam.statuses) <= {200, 303, 503, 507}
        refused = len([s for s in exam.statuses if s in (503, 507)])
        agent = exam.sitters[0].agent
        reply = agent.save(1, 1)
        assert (reply.status, reply.json["saved"], reply.json["retry"]) == (507, False, True)
        assert reply.json["message"]
        # What needs no space works: the page with the answers, the sign-in page.
        for path in (f"/attempts/{agent.attempt}/items/1", "/quizzes"):
            assert agent.request("GET", path).status == 200
        (small / "filler").unlink()
        freed = time.monotonic()
        while agent.save(1, 2).status != 200:
            assert time.monotonic() - freed < 5, "it should work at once when there is room"
        # Saved outside the journal: its items are answered anew below.
        count = exam.statuses.count(200)
        with at_work(exam):
            until(lambda: exam.statuses.count(200) > count + 400, exam)
        assert set(exam.statuses) <= {200, 303, 503, 507}
    assert losses(installation, exam.journals) == []
    assert damage(installation) == []
    figure(f"{exam.statuses.count(200)} saves acknowledged, {refused} refused while it was full")


def test_a_server_that_acknowledges_before_the_commit_is_caught(small):
    installation = Installation(small / "instance", AGENTS, ITEMS)
    installation.make()
    with Server(installation, log=Path(os.devnull), target="tests.torture.broken:hasty") as server:
        exam = crowd(server.port, AGENTS, ITEMS)
        with at_work(exam):
            until(lambda: exam.statuses.count(200) > 200, exam)
        fill(small / "filler")
        with at_work(exam):
            count = exam.statuses.count(200)
            until(lambda: exam.statuses.count(200) > count + 400, exam)
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
