"""An acknowledged answer is on the disk: each acknowledgement has its own flush.

A kill does not show this, because what the system holds survives it; flushes are counted, of
the server's workers on SQLite, of PostgreSQL's own processes there.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.torture.clients import Agent
from tests.torture.harness import Installation, Server

SAVES = 60
STRACE = shutil.which("strace")


def may_trace() -> bool:
    """Whether processes may be watched here."""
    return (
        bool(STRACE)
        and not subprocess.run(
            [str(STRACE), "-f", "-o", "/dev/null", "true"], capture_output=True
        ).returncode
    )


pytestmark = pytest.mark.skipif(not may_trace(), reason="needs strace, and leave to trace")


def flushes(installation: Installation, target: str = "wsgi:app") -> int:
    """How many flushes so many acknowledged saves of one client in series bring."""
    with Server(installation, target=target, workers=1) as server:
        agent = Agent(server.port, 1)
        agent.sign_in()
        assert agent.start().status == 303
        pids = postgres_pids(installation) if installation.url else server.worker_pids
        trace = installation.folder / "trace"
        with watched(pids, trace):
            for n in range(SAVES):
                # Another place each time: the same answer again would not be written.
                reply = agent.save(n % 8 + 1, n // 8 % 4 + 1)
                assert reply.status == 200
                assert reply.json["saved"]
    lines = trace.read_text().splitlines()
    return sum("fdatasync(" in line or "fsync(" in line for line in lines)


def postgres_pids(installation: Installation) -> list[int]:
    """The server's processes: its first one makes those that are still to come."""
    folder = Path(installation.url.split("host=")[1].replace("%2F", "/"))
    first = (folder / "postmaster.pid").read_text().split()[0]
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [int(first), *map(int, children)]


@contextmanager
def watched(pids: list[int], trace: Path) -> Iterator[None]:
    """Write down what these processes, and those they make, flush meanwhile."""
    strace = subprocess.Popen(
        [
            *(str(STRACE), "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", str(trace)),
            *(f"--attach={pid}" for pid in pids),
        ]
    )
    give_up = time.monotonic() + 30
    while not all(_is_watched(pid) for pid in pids):
        assert time.monotonic() < give_up, "strace could not attach"
        time.sleep(0.02)
    try:
        yield
    finally:
        strace.terminate()
        strace.wait()


def _is_watched(pid: int) -> bool:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return all("TracerPid:\t0\n" not in (one / "status").read_text() for one in threads)


def test_each_acknowledgement_is_flushed(install, figure):
    found = flushes(install(1))
    figure(f"{found} flushes for {SAVES} acknowledged saves")
    assert found >= SAVES


def test_a_database_that_does_not_flush_is_caught(install, database, request, figure):
    installation = install(1)
    if database == "sqlite":
        found = flushes(installation, "tests.torture.broken:careless")
    else:
        postgres = request.getfixturevalue("postgres")
        with postgres.setting("fsync", "off"):
            found = flushes(installation)
    figure(f"{found} flushes for {SAVES} saves")
    assert found < SAVES


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_postgresql_that_would_not_wait_is_told_to(postgres, install):
    with postgres.setting("synchronous_commit", "off"):
        assert flushes(install(1)) >= SAVES
