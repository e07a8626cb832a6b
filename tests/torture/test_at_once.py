"""Many at once, over HTTP, and lines that break: one attempt, one result, nobody turned away.

Each demand is a function that asserts it, so that it can be held against an application that
does not meet it.
"""

import re
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.torture.checks import losses
from tests.torture.clients import Agent, at_work, crowd, together
from tests.torture.harness import Installation, Server
from tests.torture.proxy import Proxy

WRITERS = 64
SECONDS = 10


@pytest.fixture(scope="module")
def installation(install) -> Installation:
    return install(WRITERS)


@pytest.fixture(scope="module")
def server(installation) -> Iterator[Server]:
    with Server(installation) as running:
        yield running


@pytest.fixture
def hurried(installation) -> Iterator[Server]:
    with Server(installation, target="tests.torture.broken:hurried") as running:
        yield running


@pytest.fixture
def strict(installation) -> Iterator[Server]:
    with Server(installation, target="tests.torture.broken:strict") as running:
        yield running


def signed_in(server: Server, number: int, port: int | None = None) -> Agent:
    agent = Agent(port or server.port, number)
    agent.sign_in()
    return agent


def rows(installation: Installation, table: str, attempt: str) -> int:
    """How many rows of a table are about an attempt."""
    query = f"SELECT count(*) FROM {table} JOIN attempt ON attempt.id = attempt_id"  # noqa: S608
    with installation.opened() as session:
        counted = session.execute(text(f"{query} WHERE public_id = :attempt"), {"attempt": attempt})
        found: int = counted.scalar_one()
        return found


def open_attempts(installation: Installation, number: int) -> list[str]:
    """The attempts of the agent with this number that are open."""
    query = (
        'SELECT attempt.public_id FROM attempt JOIN "user" ON "user".id = attempt.user_id '
        "WHERE \"user\".employee_number = :number AND attempt.state = 'open'"
    )
    with installation.opened() as session:
        return list(session.execute(text(query), {"number": str(number)}).scalars())


def starts_are_one_attempt(installation: Installation, server: Server, number: int) -> None:
    agent = signed_in(server, number)
    replies = together([agent.twin().start for _ in range(50)])
    assert [reply.status for reply in replies] == [303] * 50
    found = {re.search(r"/attempts/(\w+)", reply.location)[1] for reply in replies}
    assert list(found) == open_attempts(installation, number)


def test_fifty_starts_at_once_are_one_attempt(installation, server):
    starts_are_one_attempt(installation, server, 1)


def test_fifty_starts_without_locks_are_caught(installation, hurried):
    with pytest.raises(AssertionError):
        starts_are_one_attempt(installation, hurried, 2)


def submits_are_one_result(installation: Installation, server: Server, number: int) -> None:
    agent = signed_in(server, number)
    assert agent.start().status == 303
    for position in range(1, 9):
        assert agent.save(position, 1).status == 200
    agents = [agent.twin() for _ in range(20)]
    calls = [lambda a=a, n=n: a.submit(key="k" if n % 2 else "") for n, a in enumerate(agents)]
    replies = together(calls)
    assert [reply.status for reply in replies] == [200] * 20
    assert len({reply.body for reply in replies}) == 1
    assert rows(installation, "score", agent.attempt) == 1


def test_twenty_submits_at_once_are_one_result(installation, server):
    submits_are_one_result(installation, server, 3)


def test_twenty_submits_without_locks_are_caught(installation, hurried):
    with pytest.raises(AssertionError):
        submits_are_one_result(installation, hurried, 4)


def what_was_cut_can_be_repeated(installation: Installation, server: Server, number: int) -> None:
    """Of a start, a save and a submit the answer is lost after the server has sent it."""
    with Proxy(server.port) as line:
        agent = signed_in(server, number, line.port)
        line.cut_next()
        assert agent.start().status == 0
        (began,) = open_attempts(installation, number)
        assert agent.start().status == 303
        assert agent.attempt == began

        line.cut_next()
        assert agent.save(1, 1, seq=7).status == 0
        assert rows(installation, "response_event", began) == 1
        again = agent.save(1, 1, seq=7)
        assert again.status == 200
        assert again.json["saved"]
        assert rows(installation, "response_event", began) == 1

        line.cut_next()
        assert agent.submit(key="k").status == 0
        first, second = agent.submit(key="k"), agent.submit()
        assert (first.status, second.status) == (200, 200)
        assert first.body == second.body == line.cut[-1].partition(b"\r\n\r\n")[2]
        assert rows(installation, "score", began) == 1
        agent.hang_up()
    assert len(line.cut) == 3


def test_what_was_cut_off_can_be_repeated(installation, server):
    what_was_cut_can_be_repeated(installation, server, 5)


def test_a_server_that_takes_repetitions_for_mistakes_is_caught(installation, strict):
    with pytest.raises(AssertionError):
        what_was_cut_can_be_repeated(installation, strict, 6)


def writers_are_served(installation: Installation, server: Server, figure, most: float = 2) -> None:
    people = crowd(server.port, WRITERS, 8)
    with at_work(people):
        time.sleep(SECONDS)
    times = people.seconds
    p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
    figure(f"{len(times)} saves in {SECONDS} s, median {p50:.3f} s, p99 {p99:.3f} s")
    assert set(people.statuses) == {200, 303}
    assert people.faults == []
    assert losses(installation, people.journals) == []
    assert p99 < most


def test_sixty_four_writers_are_all_served(installation, server, figure):
    writers_are_served(installation, server, figure)
    said = server.log.read_text()
    assert "lock" not in said, said


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_writers_that_begin_by_reading_are_caught(installation, hurried, figure):
    """On PostgreSQL they may: saves lock no more than their attempt there."""
    with pytest.raises(AssertionError):
        writers_are_served(installation, hurried, figure, most=60)
    assert "locked" in hurried.log.read_text() or "busy" in hurried.log.read_text()
