"""The clock of a running server jumps by two hours: nobody in an exam notices."""

import json
import re
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from quizapp.quiz.models import Attempt
from tests.torture.clients import Agent
from tests.torture.harness import Installation, Server
from tests.torture.set_clock import FILE

LIMIT = timedelta(minutes=30)
HOURS = (2, 0, -2)


@contextmanager
def exam(folder, target):
    """A server and an agent whose attempt ends in half an hour."""
    installation = Installation(folder / "instance", 2)
    installation.make()
    with Server(installation, target=target, log=folder / "log") as server:
        agent = Agent(server.port, 1)
        agent.sign_in()
        assert agent.start().status == 303
        with installation.opened() as session:
            attempt = session.query(Attempt).filter_by(public_id=agent.attempt).one()
            deadline = attempt.started_at + LIMIT
            session.execute(update(Attempt).values(deadline_at=deadline))
            session.commit()
        yield installation, server, agent


def end_of(agent: Agent) -> tuple[float, float]:
    """Between which moments of a counter the attempt ends, as the server says."""
    before = time.monotonic()
    reply = agent.request("GET", f"/attempts/{agent.attempt}/state", json=True)
    assert reply.status == 200, reply
    left: int = reply.json["left"]
    return before + left, time.monotonic() + left + 1


def step_of(port: int) -> int:
    """The step that one of the server's processes has noticed."""
    machine = Agent(port, 0)
    reply = machine.request("GET", "/readyz")
    machine.hang_up()
    step: int = reply.json["clock_step_seconds"]
    return step


def set_clock(installation: Installation, server: Server, hours: int) -> None:
    """Set the clock of the server's machine; wait until all its processes have said so."""
    said_before = len(said(server.log))
    (installation.folder / FILE).write_text(str(hours * 3600))
    give_up = time.monotonic() + 20
    while len(said(server.log)) < said_before + server.workers:
        step_of(server.port)
        assert time.monotonic() < give_up, said(server.log)
    assert abs(step_of(server.port) - hours * 3600) < 5


def said(log: Path) -> list[str]:
    """What the clock has said in the server's log."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line["message"] for line in lines if line["logger"] == "quizapp.clock"]


def troubles(folder, target: str) -> list[str]:
    """What an agent in an exam notices of jumps, in words."""
    found = []
    with exam(folder, target) as (installation, server, agent):
        first, last = end_of(agent)
        assert 1500 < last - time.monotonic() < 1810
        for number, hours in enumerate(HOURS, start=1):
            if target.endswith("steady"):
                set_clock(installation, server, hours)
            else:
                (installation.folder / FILE).write_text(str(hours * 3600))
                time.sleep(2)  # the plain clock says nothing that one could wait for
            reply = agent.save(number, 1)
            if reply.status != 200 or not reply.json["saved"]:
                found.append(f"{hours} h: the save was answered by {reply.status}")
            page = agent.request("GET", f"/attempts/{agent.attempt}/items/1")
            if page.status != 200:
                found.append(f"{hours} h: the page was answered by {page.status}")
            early, late = end_of(agent)
            if late < first - 2 or early > last + 2:
                found.append(f"{hours} h: the end moved by {early - first:.0f} s")
            newcomer = Agent(server.port, 2)
            newcomer.sign_in()
            newcomer.hang_up()
        agent.hang_up()
        with installation.opened() as session:
            state = session.query(Attempt).filter_by(public_id=agent.attempt).one().state
            if state != "open":
                found.append(f"the attempt is {state}")
    return found


def test_nobody_in_an_exam_gains_or_loses_time_by_a_jump_and_it_is_logged(tmp_path):
    assert troubles(tmp_path, "tests.torture.set_clock:steady") == []
    steps = " ".join(said(tmp_path / "log"))
    assert re.search(r"set by 7(199|200|201) s", steps)
    assert re.search(r"set by -7(199|200|201) s", steps)
    assert "agrees again" in steps


def test_the_plain_clock_would_be_noticed(tmp_path):
    found = troubles(tmp_path, "tests.torture.set_clock:plain")
    assert any(trouble.startswith("2 h") for trouble in found), found
