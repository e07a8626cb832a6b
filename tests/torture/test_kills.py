"""kill -9 at random moments: what was acknowledged is there, exactly once."""

import os
import random
import time

from tests.torture.checks import damage, losses, wrong_ends
from tests.torture.clients import Crowd, at_work, crowd
from tests.torture.harness import Installation, Server

CLIENTS = 16
ITEMS = 12
# A submit now and then, and then a start: this share of the requests.
SUBMITS = 0.05
# On SQLite; PostgreSQL, whose own processes live on, gets a quarter.
KILLS = int(os.environ.get("QUIZAPP_KILLS", "12"))


def killed_under_load(
    installation: Installation, kills: int, target: str = "wsgi:app"
) -> tuple[Crowd, int]:
    """Kill the server under load, all of it or one worker; what the clients noted.

    Second comes how many of the kills were of the whole server.
    """
    chance, whole = random.Random(20261122), 0
    with Server(installation, target=target) as server:
        people = crowd(server.port, CLIENTS, ITEMS, submits=SUBMITS)
        with at_work(people):
            for _ in range(kills):
                server.ensure()
                people.await_traffic()
                time.sleep(chance.uniform(0, 1))  # the moment is random; nothing waits for a state
                if chance.random() < 0.5 or not server.kill_worker():
                    whole += 1
                    server.kill()
            server.ensure()
            people.await_traffic()
        server.kill()
    return people, whole


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(install, database, figure):
    kills = KILLS if database == "sqlite" else -(-KILLS // 4)
    installation = install(CLIENTS, ITEMS)
    people, whole = killed_under_load(installation, kills)
    figure(
        f"{kills} kills ({whole} of the whole server), {people.acknowledged} answers, "
        f"{len(people.journals)} starts, {people.results} submits acknowledged"
    )
    assert people.acknowledged > kills * CLIENTS, "the clients must have got somewhere"
    assert people.results
    lost = losses(installation, people.journals)
    wrong = wrong_ends(installation, people.journals)
    broken = damage(installation)
    figure(f"{len(lost)} answers lost, {len(wrong)} wrong results, {len(broken)} damages")
    assert (lost, wrong, broken) == ([], [], [])
    assert people.faults == []


def test_a_server_that_acknowledges_too_early_is_caught(install):
    installation = install(CLIENTS, ITEMS)
    people, _ = killed_under_load(installation, 3, target="tests.torture.broken:hasty")
    assert losses(installation, people.journals), "the check must notice answers that were lost"


def test_a_submit_that_is_acknowledged_too_early_is_caught(install):
    installation = install(CLIENTS, ITEMS)
    people, _ = killed_under_load(installation, 6, target="tests.torture.broken:forgetful")
    assert wrong_ends(installation, people.journals), "the check must notice results that were lost"
