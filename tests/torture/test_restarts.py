"""PostgreSQL goes away and comes back in mid exam: it is said, nothing is lost, it goes on."""

import random
import time

import pytest

from tests.postgres import OwnServer
from tests.torture.checks import damage, losses, wrong_ends
from tests.torture.clients import Crowd, at_work, crowd
from tests.torture.harness import Installation, Server

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

CLIENTS = 16
ITEMS = 12
RESTARTS = 10


def restarted_under_load(
    installation: Installation,
    postgres: OwnServer,
    modes: list[str],
    target: str = "wsgi:app",
) -> tuple[Crowd, list[float]]:
    """Stop and start PostgreSQL under load; what the clients noted.

    Second come the seconds from when it accepts again until sixteen requests were served.
    """
    chance, back = random.Random(20261122), []
    with Server(installation, target=target) as server:
        people = crowd(server.port, CLIENTS, ITEMS, submits=0.05)
        with at_work(people):
            for mode in modes:
                people.await_traffic()
                time.sleep(chance.uniform(0, 0.5))
                postgres.stop(mode)
                time.sleep(chance.uniform(0.2, 1))
                postgres.start_again()
                accepts = time.monotonic()
                people.await_traffic()
                back.append(time.monotonic() - accepts)
    return people, back


def test_nothing_is_lost_while_postgresql_is_restarted(install, postgres, figure):
    installation = install(CLIENTS, ITEMS)
    modes = ["fast", "immediate"] * (RESTARTS // 2)
    people, back = restarted_under_load(installation, postgres, modes)
    figure(
        f"{RESTARTS} restarts, {people.acknowledged} answers and {people.results} submits "
        f"acknowledged, {people.statuses.count(503)} times 503, back in {max(back):.1f} s at most"
    )
    # No 0: a connection that breaks may take the 503 with it.
    assert set(people.statuses) == {200, 303, 503}
    assert people.faults == []
    assert losses(installation, people.journals) == []
    assert wrong_ends(installation, people.journals) == []
    assert damage(installation) == []
    assert max(back) < 5


def test_a_server_that_takes_it_for_a_fault_of_its_own_is_caught(install, postgres):
    people, _ = restarted_under_load(
        install(CLIENTS, ITEMS), postgres, ["fast"], "tests.torture.broken:blind"
    )
    assert 500 in people.statuses
    assert people.faults


def test_commits_that_do_not_wait_for_the_disk_are_caught(install, postgres):
    installation = install(CLIENTS, ITEMS)
    with (
        postgres.setting("synchronous_commit", "off"),
        postgres.setting("wal_writer_delay", "10000"),
        Server(installation, target="tests.torture.broken:trusting") as server,
    ):
        people = crowd(server.port, CLIENTS, ITEMS)
        with at_work(people):
            people.await_traffic(64)
            postgres.stop("immediate")
        postgres.start_again()
    assert losses(installation, people.journals), "the check must notice answers that were lost"
