"""kill -9 at random moments: what was acknowledged is there."""

import os
import random
import threading
import time

import pytest
from sqlalchemy import text

from quizapp.evidence import chain
from tests.torture.harness import Agent, Installation, Journal, Server, keep_saving, losses

CLIENTS = 16
ITEMS = 12
KILLS = int(os.environ.get("QUIZAPP_KILLS", "3"))


def killed_under_load(installation: Installation, kills: int, target: str = "wsgi:app") -> dict:
    """Kill the server so often under load; returns the journals by attempt."""
    chance = random.Random(20261122)
    server = Server(installation, target=target)
    journals: dict[str, Journal] = {}
    server.start()
    agents = [Agent(server.port, n) for n in range(1, CLIENTS + 1)]
    for agent in agents:
        agent.sign_in()
        assert agent.start().status == 303
        journals[agent.attempt] = Journal()
    for kill in range(kills):
        stop = threading.Event()
        threads = [
            threading.Thread(
                target=keep_saving,
                args=(agent, journals[agent.attempt], ITEMS, stop, kill * 100 + agent.number),
            )
            for agent in agents
        ]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.1, 1.2))  # the moment is random; nothing waits for a state
        server.kill()
        stop.set()
        for thread in threads:
            thread.join()
        server.start()
    server.kill()
    return journals


def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(tmp_path, figure):
    installation = Installation(tmp_path, CLIENTS, ITEMS)
    installation.make()
    journals = killed_under_load(installation, KILLS)
    acknowledged = sum(len(seqs) for j in journals.values() for seqs in j.acknowledged.values())
    assert acknowledged > KILLS * CLIENTS, "the clients must have got somewhere"
    assert losses(installation, journals) == []
    assert not {s for j in journals.values() for s in j.statuses} - {0, 200}
    with installation.opened() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        assert chain.first_break(session) is None
    figure(f"{KILLS} kills, {acknowledged} acknowledged answers, none lost")


def test_a_server_that_acknowledges_too_early_is_caught(tmp_path):
    installation = Installation(tmp_path, CLIENTS, ITEMS)
    installation.make()
    journals = killed_under_load(installation, 3, target="tests.torture.broken:hasty")
    assert losses(installation, journals), "the check must notice answers that were lost"


@pytest.fixture(autouse=True)
def _no_leftovers():
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
