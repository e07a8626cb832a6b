"""Clients under load that write down what was acknowledged: it has to be there afterwards.

They know nothing of how the application keeps its promises: they speak HTTP.
"""

import http.client
import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.torture.harness import OPTIONS, PASSWORD


@dataclass(frozen=True)
class Reply:
    """What came back; status 0 when the line broke and nobody knows what happened."""

    status: int
    body: bytes = b""
    location: str = ""
    retry_after: str = ""
    seconds: float = 0.0

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Agent:
    """An agent's browser without the browser: a cookie, a token and a kept connection."""

    def __init__(self, port: int, number: int) -> None:
        self.port, self.number = port, number
        self.cookie, self.token, self.attempt = "", "", ""
        self.client, self.seq = f"c{number}", 0
        self.connection: http.client.HTTPConnection | None = None

    def request(
        self, method: str, path: str, fields: Any = None, *, json: bool = False, timeout: float = 30
    ) -> Reply:
        """Send one request on the kept connection."""
        headers = {"Accept": "application/json" if json else "text/html", "Cookie": self.cookie}
        body = None
        if fields is not None:
            body = urlencode(fields, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.monotonic()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=timeout
                )
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return Reply(0)
        if cookie := answer.headers.get("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return Reply(
            answer.status,
            content,
            answer.headers.get("Location", ""),
            answer.headers.get("Retry-After", ""),
            time.monotonic() - begun,
        )

    def hang_up(self) -> None:
        """Drop the connection."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def __del__(self) -> None:
        self.hang_up()

    def sign_in(self) -> None:
        """Sign in and keep a token."""
        self._take_token(self.request("GET", "/sign-in"))
        reply = self.request(
            "POST",
            "/sign-in",
            {
                "csrf_token": self.token,
                "identifier": str(self.number),
                "password": PASSWORD,
            },
        )
        assert reply.status == 303, reply
        self._take_token(self.request("GET", "/quizzes"))

    def _take_token(self, reply: Reply) -> None:
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', reply.body)
        assert found, reply
        self.token = found[1].decode()

    def start(self, slug: str = "tortura") -> Reply:
        """Start the quiz, or go on with the open attempt."""
        reply = self.request("POST", f"/quizzes/{slug}/start", {"csrf_token": self.token})
        if found := re.search(r"/attempts/(\w+)", reply.location):
            self.attempt = found[1]
        return reply

    def save(self, position: int, place: int, *, seq: int | None = None) -> Reply:
        """Save one answer as the script does."""
        if seq is None:
            self.seq += 1
            seq = self.seq
        return self.request(
            "POST",
            f"/attempts/{self.attempt}/items/{position}",
            {
                "csrf_token": self.token,
                "client": self.client,
                "seq": seq,
                "option": place,
            },
            json=True,
        )

    def submit(
        self,
        *,
        json: bool = True,
        key: str = "",
        sheet: dict[int, tuple[int, int]] | None = None,
    ) -> Reply:
        """Submit what is saved and what the sheet brings: (seq, place) by position."""
        fields: dict[str, Any] = {"csrf_token": self.token, "client": self.client}
        if key:
            fields["key"] = key
        for position, (seq, place) in (sheet or {}).items():
            fields |= {f"{position}:seq": seq, f"{position}:option": place}
        return self.request("POST", f"/attempts/{self.attempt}/submit", fields, json=json)

    def twin(self) -> "Agent":
        """Another connection of the same signed-in person and window."""
        twin = Agent(self.port, self.number)
        twin.cookie, twin.token, twin.attempt = self.cookie, self.token, self.attempt
        return twin


@dataclass
class Journal:
    """What one agent sent and what was acknowledged, by position: (seq, place).

    `result` is the answer to the submit, once there was one.
    """

    sent: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    acknowledged: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    result: bytes = b""

    @property
    def open_ends(self) -> dict[int, tuple[int, int]]:
        """The last answers that nobody acknowledged."""
        return {
            position: sent[-1]
            for position, sent in self.sent.items()
            if sent[-1] not in self.acknowledged.get(position, ())
        }


class Sitter:
    """An agent who answers at random, submits now and then, and starts anew."""

    def __init__(self, agent: Agent, items: int, *, seed: int, submits: float = 0.0) -> None:
        self.agent, self.items, self.submits = agent, items, submits
        self.chance = random.Random(seed)
        self.journals: dict[str, Journal] = {}
        self.submitting, self.away, self.served = False, False, 0
        self.statuses: list[int] = []
        self.seconds: list[float] = []
        self.faults: list[str] = []
        self.agent.client = f"c{agent.number}"

    def step(self) -> Reply:
        """Send one request: the next, or the one again whose answer did not come."""
        journal = self.journals.get(self.agent.attempt)
        if journal is None:
            reply = self._start()
        elif self.submitting or (not self.away and self.chance.random() < self.submits):
            reply = self._submit(journal)
        else:
            reply = self._save(journal)
        self.away = reply.status in (0, 503, 507)
        self.served += reply.status in (200, 303)
        self.statuses.append(reply.status)
        return reply

    def _start(self) -> Reply:
        reply = self.agent.start()
        if reply.status == 303:
            if self.agent.attempt in self.journals:
                self.faults.append(f"{self.agent.attempt}: started again after its end")
            self.journals.setdefault(self.agent.attempt, Journal())
        else:
            self._expect(reply)
        return reply

    def _save(self, journal: Journal) -> Reply:
        position = self.chance.randint(1, self.items)
        self.agent.seq += 1
        save = (self.agent.seq, self.chance.randint(1, OPTIONS))
        journal.sent.setdefault(position, []).append(save)
        reply = self.agent.save(position, save[1], seq=save[0])
        self.seconds.append(reply.seconds)
        if reply.status == 200 and reply.json["saved"]:
            journal.acknowledged.setdefault(position, []).append(save)
        else:
            self._expect(reply)
        return reply

    def _submit(self, journal: Journal) -> Reply:
        """Submit with all that is not known to be saved, until there is an answer."""
        self.submitting = True
        reply = self.agent.submit(key=self.agent.attempt, sheet=journal.open_ends)
        if reply.status == 200 and reply.json["submitted"]:
            for position, save in journal.open_ends.items():
                journal.acknowledged.setdefault(position, []).append(save)
            journal.result = reply.body
            self.submitting, self.agent.attempt = False, ""
        else:
            self._expect(reply)
        return reply

    def _expect(self, reply: Reply) -> None:
        """A broken line and a database that is away are in the nature of these tests."""
        if reply.status == 503 and not reply.retry_after:
            self.faults.append("503 without Retry-After")
        if reply.status not in (0, 503):
            said = reply.body[:200].decode(errors="replace")
            self.faults.append(f"{self.agent.number}: {reply.status} {said}")


@dataclass
class Crowd:
    """Sitters at work, and all that they noted."""

    sitters: list[Sitter]

    @property
    def journals(self) -> dict[str, Journal]:
        """By attempt."""
        return {name: journal for one in self.sitters for name, journal in one.journals.items()}

    @property
    def faults(self) -> list[str]:
        """What they were answered that nobody should be."""
        return [fault for one in self.sitters for fault in one.faults]

    @property
    def acknowledged(self) -> int:
        """How many answers were acknowledged."""
        return sum(len(acked) for j in self.journals.values() for acked in j.acknowledged.values())

    @property
    def results(self) -> int:
        """How many submits were acknowledged."""
        return sum(bool(journal.result) for journal in self.journals.values())

    @property
    def seconds(self) -> list[float]:
        """How long each save took, the quickest first."""
        return sorted(seconds for one in self.sitters for seconds in one.seconds)

    @property
    def statuses(self) -> list[int]:
        """What each request was answered by; 0 where the line broke."""
        return [status for one in self.sitters for status in one.statuses]

    def await_traffic(self, answers: int = 16, seconds: float = 60) -> None:
        """Return when so many more requests were answered well."""
        before, give_up = self._served, time.monotonic() + seconds
        while self._served < before + answers:
            assert time.monotonic() < give_up, "nobody is served"
            time.sleep(0.01)

    @property
    def _served(self) -> int:
        return sum(one.served for one in self.sitters)


def crowd(port: int, clients: int, items: int, *, submits: float = 0.0) -> Crowd:
    """So many agents, signed in, each with an attempt begun."""
    sitters = []
    for number in range(1, clients + 1):
        agent = Agent(port, number)
        agent.sign_in()
        sitters.append(Sitter(agent, items, seed=number, submits=submits))
        assert sitters[-1].step().status == 303
    return Crowd(sitters)


@contextmanager
def at_work(crowd: Crowd) -> Iterator[None]:
    """Let them send one request after the other meanwhile."""
    stop = threading.Event()
    broken: list[BaseException] = []

    def work(sitter: Sitter) -> None:
        try:
            while not stop.is_set():
                sitter.step()
                if sitter.away:
                    stop.wait(0.1)  # a browser waits, too
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=work, args=(sitter,)) for sitter in crowd.sitters]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if broken:
        raise broken[0]


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
