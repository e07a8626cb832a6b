"""PostgreSQL that is restarted in the middle of exams, and a server killed upon it."""

import os
import threading
import time

import pytest

from quizapp.evidence import chain
from tests.postgres import own_or_skip
from tests.torture.harness import Agent, Installation, Journal, Server, keep_saving, losses
from tests.torture.test_kills import CLIENTS, ITEMS, killed_under_load

RESTARTS = int(os.environ.get("QUIZAPP_RESTARTS", "3"))
KILLS = int(os.environ.get("QUIZAPP_KILLS_POSTGRES", "2"))
BACK = 5.0  # seconds


@pytest.fixture
def postgres():
    """A server of one's own that waits for the disk, with an empty database."""
    server = own_or_skip(durable=True)
    server.run("CREATE DATABASE tortura")
    yield server
    server.throw_away()


def restarted_under_load(
    installation: Installation, postgres, restarts: int, target: str = "wsgi:app"
) -> tuple[dict[str, Journal], list[float]]:
    """Restart PostgreSQL under load; the journals by attempt, and the seconds until it served."""
    journals: dict[str, Journal] = {}
    waits = []
    with Server(installation, target=target) as server:
        agents = [Agent(server.port, n) for n in range(1, installation.agents + 1)]
        for agent in agents:
            agent.sign_in()
            assert agent.start().status == 303
            journals[agent.attempt] = Journal()
        stop = threading.Event()
        threads = [
            threading.Thread(
                target=keep_saving,
                args=(agent, journals[agent.attempt], ITEMS, stop, agent.number),
            )
            for agent in agents
        ]
        for thread in threads:
            thread.start()
        reader = Agent(server.port, 1)
        reader.sign_in()
        for n in range(restarts):
            time.sleep(1.5)  # of work; nothing waits for a state
            postgres.stop("immediate" if n % 2 else "fast")
            time.sleep(0.5)
            postgres.start_again()
            begun = time.monotonic()
            while reader.request("GET", "/progress").status != 200:
                if time.monotonic() - begun > 2 * BACK:
                    break
                time.sleep(0.05)
            waits.append(time.monotonic() - begun)
        time.sleep(1.5)
        stop.set()
        for thread in threads:
            thread.join()
    return journals, waits


def test_nothing_is_lost_while_the_database_restarts(tmp_path, postgres, figure):
    installation = Installation(tmp_path, 8, ITEMS, url=postgres.url("tortura"))
    installation.make()
    journals, waits = restarted_under_load(installation, postgres, RESTARTS)
    statuses = [status for journal in journals.values() for status in journal.statuses]
    # 0 is a kept connection that the server had closed: a browser asks again by itself.
    assert {200, 503} <= set(statuses) <= {0, 200, 503}
    assert max(waits) < BACK
    assert losses(installation, journals) == []
    with installation.opened() as session:
        assert chain.first_break(session) is None
    figure(
        f"{RESTARTS} restarts, {statuses.count(200)} answers acknowledged and none lost, "
        f"{statuses.count(503)} told to wait, back within {max(waits):.1f} s"
    )


def test_an_application_that_takes_it_for_a_fault_is_caught(tmp_path, postgres):
    installation = Installation(tmp_path, 4, ITEMS, url=postgres.url("tortura"))
    installation.make()
    journals, _ = restarted_under_load(
        installation, postgres, 1, target="tests.torture.broken:blind"
    )
    assert 500 in {status for journal in journals.values() for status in journal.statuses}


def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(tmp_path, postgres, figure):
    installation = Installation(tmp_path, CLIENTS, ITEMS, url=postgres.url("tortura"))
    installation.make()
    journals = killed_under_load(installation, KILLS)
    acknowledged = sum(len(seqs) for j in journals.values() for seqs in j.acknowledged.values())
    assert acknowledged > KILLS * CLIENTS, "the clients must have got somewhere"
    assert losses(installation, journals) == []
    with installation.opened() as session:
        assert chain.first_break(session) is None
    figure(f"{KILLS} kills on PostgreSQL, {acknowledged} acknowledged answers, none lost")
