"""`quizapp serve` as it is run: it ends without cutting off a request, and its worker works."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from quizapp.quiz.models import Attempt
from tests.torture.clients import Agent
from tests.torture.harness import ROOT, Installation, free_port


@pytest.fixture
def installation(tmp_path) -> Installation:
    made = Installation(tmp_path, 2)
    made.make()
    return made


@pytest.fixture
def served(installation) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The server with its worker, once it answers, and its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "quizapp", "serve", f"--port={port}"],
        env={**installation.environment, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    agent = Agent(port, 0)
    wait_for(lambda: agent.request("GET", "/readyz").status == 200)
    agent.hang_up()
    yield process, port
    if process.poll() is None:
        process.terminate()
        process.wait(60)


def wait_for(came, seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while not came():
        assert time.monotonic() < give_up, "it did not come about in time"
        time.sleep(0.05)


def test_a_request_that_runs_when_the_server_is_told_to_end_is_answered(installation, served):
    process, port = served
    agent = Agent(port, 1)
    agent.sign_in()
    agent.start()
    replies = []
    with installation.opened() as session:
        session.execute(text("SELECT 1"))  # outside a request this takes the write lock
        saving = threading.Thread(target=lambda: replies.append(agent.save(1, 1)))
        saving.start()
        time.sleep(0.5)  # until the save waits for the lock
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)  # until everybody knows
        assert process.poll() is None
        session.rollback()
        saving.join()
    assert replies[0].status == 200
    assert replies[0].json["saved"]
    assert process.wait(60) == 0
    assert Agent(port, 1).request("GET", "/healthz").status == 0
    agent.hang_up()


def test_the_worker_submits_what_nobody_opens_again(installation, served):
    _, port = served
    agent = Agent(port, 1)
    agent.sign_in()
    agent.start()
    assert agent.save(1, 1).status == 200
    agent.hang_up()
    with installation.opened() as session:
        attempt = session.query(Attempt).one()
        over = attempt.started_at - timedelta(minutes=1)
        session.execute(update(Attempt).values(deadline_at=over))
        session.commit()

        def is_submitted() -> bool:
            session.expire_all()
            found = session.query(Attempt).one()
            session.commit()
            return (found.state, found.ended) == ("submitted", "deadline")

        wait_for(is_submitted)


def test_a_worker_that_dies_is_there_again(installation, served):
    _, port = served
    agent = Agent(port, 0)
    sign = installation.folder / "worker-alive"
    wait_for(sign.exists)
    worker = next(
        int(name)
        for name in os.listdir("/proc")
        if name.isdigit() and str(installation.folder) in environment(name) and is_worker(name)
    )
    os.kill(worker, signal.SIGKILL)
    sign.unlink()
    wait_for(sign.exists)
    assert agent.request("GET", "/readyz").json["worker"] == "ok"
    agent.hang_up()


def environment(number: str) -> str:
    try:
        with open(f"/proc/{number}/environ", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def is_worker(number: str) -> bool:
    with open(f"/proc/{number}/cmdline") as file:
        return "\0worker\0" in file.read()
