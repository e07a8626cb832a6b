"""An acknowledged answer is on the disk: each acknowledgement has its own flush.

A kill does not show this, because what the system holds survives it; flushes are counted.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.torture.harness import Agent, Installation, Server

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


def flushes(folder: Path, target: str) -> int:
    """How many flushes so many acknowledged saves of one client in series bring."""
    installation = Installation(folder, 1)
    installation.make()
    trace = folder / "trace"
    watch = (str(STRACE), "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", str(trace))
    with Server(installation, target=target, workers=1, threads=1, before=watch) as server:
        agent = Agent(server.port, 1)
        agent.sign_in()
        agent.start()
        before = count(trace)
        for n in range(SAVES):
            # Another place each time: the same answer again would not be written.
            reply = agent.save(n % 8 + 1, n // 8 % 4 + 1)
            assert reply.status == 200
            assert reply.json["saved"]
        return count(trace) - before


def count(trace: Path) -> int:
    """Flushes that were begun so far."""
    return sum("fdatasync(" in line or "fsync(" in line for line in trace.read_text().splitlines())


def test_each_acknowledgement_is_flushed(tmp_path, figure):
    found = flushes(tmp_path, "wsgi:app")
    figure(f"{found} flushes for {SAVES} acknowledged saves")
    assert found >= SAVES


def test_a_database_that_does_not_flush_is_caught(tmp_path):
    assert flushes(tmp_path, "tests.torture.broken:careless") < SAVES
