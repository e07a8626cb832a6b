"""Many at once, over HTTP: one attempt, one result, nobody turned away."""

import http.client
import re
import threading
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from quizapp.quiz.models import Attempt, Score
from tests.torture.harness import Agent, Installation, Journal, Reply, Server, keep_saving, losses

WRITERS = 64
SECONDS = 10


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    made = Installation(tmp_path_factory.mktemp("at_once"), WRITERS)
    made.make()
    return made


@pytest.fixture(scope="module")
def server(installation):
    with Server(installation) as running:
        yield running


def together(calls: Sequence[Callable[[], Reply]]) -> list[Reply]:
    """The answers to requests that leave at the same moment."""
    gate = threading.Barrier(len(calls))
    replies: list[Reply | None] = [None] * len(calls)

    def work(n: int) -> None:
        gate.wait()
        replies[n] = calls[n]()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [reply for reply in replies if reply is not None]


def like(agent: Agent) -> Agent:
    """Another connection of the same signed-in person."""
    twin = Agent(agent.port, agent.number)
    twin.cookie, twin.token, twin.attempt = agent.cookie, agent.token, agent.attempt
    return twin


def test_fifty_starts_at_once_are_one_attempt(installation, server):
    agent = Agent(server.port, 1)
    agent.sign_in()
    replies = together([like(agent).start for _ in range(50)])
    assert [reply.status for reply in replies] == [303] * 50
    found = {re.search(r"/attempts/(\w+)", reply.location)[1] for reply in replies}
    with installation.opened() as session:
        stored = session.execute(select(Attempt.public_id).where(Attempt.user_id == 1)).scalars()
        assert found == set(stored)
    assert len(found) == 1


def test_twenty_submits_at_once_are_one_result(installation, server):
    agent = Agent(server.port, 2)
    agent.sign_in()
    agent.start()
    assert agent.save(1, 1).status == 200
    agents = [like(agent) for _ in range(20)]
    calls = [lambda a=a, n=n: a.submit(key="k" if n % 2 else "") for n, a in enumerate(agents)]
    replies = together(calls)
    assert [reply.status for reply in replies] == [200] * 20
    assert len({reply.body for reply in replies}) == 1
    with installation.opened() as session:
        assert _scores(session, agent.attempt) == 1


def test_a_submit_whose_answer_was_cut_off_can_be_repeated(installation, server):
    agent = Agent(server.port, 3)
    agent.sign_in()
    agent.start()
    assert agent.save(1, 2).status == 200
    line = http.client.HTTPConnection("127.0.0.1", server.port)
    line.request(
        "POST",
        f"/attempts/{agent.attempt}/submit",
        urlencode({"csrf_token": agent.token, "client": agent.client, "key": "k"}),
        {
            "Accept": "application/json",
            "Cookie": agent.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    line.close()  # as a proxy that gave up: nobody reads the answer
    first, second = agent.submit(key="k"), agent.submit(key="k")
    assert (first.status, first.body) == (second.status, second.body) == (200, first.body)
    with installation.opened() as session:
        assert _scores(session, agent.attempt) == 1


def test_sixty_four_writers_are_all_served(installation, server, figure):
    agents = [Agent(server.port, n) for n in range(1, WRITERS + 1)]
    journals = {}
    for agent in agents:
        agent.client = f"w{agent.number}"
        agent.sign_in()
        assert agent.start().status == 303
        journals[agent.attempt] = Journal()
    stop = threading.Event()
    threads = [
        threading.Thread(target=keep_saving, args=(a, journals[a.attempt], 8, stop, a.number))
        for a in agents
    ]
    for thread in threads:
        thread.start()
    stop.wait(SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    statuses = [status for journal in journals.values() for status in journal.statuses]
    times = sorted(t for journal in journals.values() for t in journal.seconds)
    p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
    figure(f"{len(statuses)} saves in {SECONDS} s, median {p50:.3f} s, p99 {p99:.3f} s")
    assert set(statuses) == {200}
    assert losses(installation, journals) == []
    assert p99 < 2


def _scores(session, attempt: str) -> int:
    return session.execute(
        select(func.count(Score.id))
        .join(Attempt, Attempt.id == Score.attempt_id)
        .where(Attempt.public_id == attempt)
    ).scalar_one()
