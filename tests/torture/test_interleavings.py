"""One attempt, two windows, submits, take-overs and sweepers, all at the same time over HTTP.

tests/quiz/test_attempt_machine.py has the order in its hands; here nobody has.
"""

import itertools
import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select, text, update

from quizapp import clock, create_app
from quizapp.db import db
from quizapp.evidence.models import EvidenceEntry
from quizapp.quiz import expiry
from quizapp.quiz.models import Attempt, LateResponse, ResponseEvent
from quizapp.quiz.rules import GRACE
from tests.torture.checks import damage, wrong_ends
from tests.torture.clients import Agent, Journal, Reply
from tests.torture.harness import OPTIONS, Installation, Server

SITTINGS = 5
ITEMS = 4
SWEEPERS = 2


@dataclass(frozen=True)
class Save:
    """One save, when it left and when its answer came."""

    window: str
    seq: int
    position: int
    place: int
    sent: float
    came: float
    status: int


@dataclass
class Sitting:
    """An attempt that ends soon, and what is done to it."""

    installation: Installation
    agent: Agent
    chance: random.Random
    saves: list[Save] = field(default_factory=list)
    bodies: list[tuple[float, bytes]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.agent.sign_in()
        assert self.agent.start().status == 303
        self.attempt = self.agent.attempt
        self.seqs = {window: itertools.count(1) for window in "ab"}
        seconds = self.chance.uniform(1, 3)
        with self.installation.opened() as session:
            over = clock.now() + timedelta(seconds=seconds)
            self.deadline = over - GRACE
            session.execute(
                update(Attempt)
                .where(Attempt.public_id == self.attempt)
                .values(deadline_at=self.deadline)
            )
            session.commit()
        self.over = time.monotonic() + seconds

    def play(self) -> None:
        """All at once, until a second after the end."""
        roles: list[Callable[[Agent, random.Random], None]] = [
            *([self.save] * 4),
            self.take_over,
            *([self.submit] * 3),
        ]
        threads = [
            threading.Thread(
                target=self.run, args=(role, self.agent.twin(), self.chance.randint(0, 10**9))
            )
            for role in roles
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.agent.hang_up()

    def run(self, role: Callable[[Agent, random.Random], None], agent: Agent, seed: int) -> None:
        chance = random.Random(seed)
        while time.monotonic() < self.over + 1:
            role(agent, chance)
        agent.hang_up()

    def save(self, agent: Agent, chance: random.Random) -> None:
        window = chance.choice("ab")
        agent.client, seq = window, next(self.seqs[window])
        position, place = chance.randint(1, ITEMS), chance.randint(1, OPTIONS)
        sent = time.monotonic()
        reply = agent.save(position, place, seq=seq)
        self.expect(reply, "elsewhere", "closed", "late")
        came = time.monotonic()
        self.saves.append(Save(window, seq, position, place, sent, came, reply.status))

    def take_over(self, agent: Agent, chance: random.Random) -> None:
        fields = {"csrf_token": agent.token, "client": chance.choice("ab"), "take": "1"}
        reply = agent.request("POST", f"/attempts/{self.attempt}/hold", fields, json=True)
        self.expect(reply, "closed")
        time.sleep(chance.uniform(0, 0.2))

    def submit(self, agent: Agent, chance: random.Random) -> None:
        """In some sittings in the middle; in all when the time is over, as the sweepers do."""
        ahead = self.over - time.monotonic()
        if chance.random() < 0.7:
            time.sleep(max(ahead, 0.0))
        else:
            time.sleep(max(ahead, 0.0) * chance.random())
        agent.client = chance.choice("ab")
        reply = agent.submit()
        self.expect(reply, "elsewhere")
        if reply.status == 200:
            self.bodies.append((time.monotonic(), reply.body))

    def expect(self, reply: Reply, *codes: str) -> None:
        if reply.status == 200 or (reply.status == 409 and reply.json["code"] in codes):
            return
        self.faults.append(f"{reply.status} {reply.body[:200]!r}")

    def problems(self) -> list[str]:
        """What does not fit together, in words."""
        found = list(self.faults)
        if len({body for _, body in self.bodies}) > 1:
            found.append("submits had different answers")
        ended = min((at for at, _ in self.bodies), default=self.over + 1)
        good = [save for save in self.saves if save.status == 200]
        found += [f"{save} was saved after the end" for save in good if save.sent > ended]
        with self.installation.opened() as session:
            attempt = session.query(Attempt).filter_by(public_id=self.attempt).one()
            stored = session.execute(
                text(
                    "SELECT response.position, client, seq, value, shown FROM response "
                    "JOIN attempt_item ON attempt_item.attempt_id = response.attempt_id "
                    "AND attempt_item.position = response.position "
                    "WHERE response.attempt_id = :id"
                ),
                {"id": attempt.id},
            ).all()
            events = session.query(ResponseEvent).filter_by(attempt_id=attempt.id)
            history = {event.position: event.value for event in events.order_by(ResponseEvent.id)}
            early = [e for e in events if e.saved_at <= self.deadline + GRACE]
            late = session.query(LateResponse).filter_by(attempt_id=attempt.id).all()
            submitted = session.execute(
                select(EvidenceEntry.seq).where(
                    EvidenceEntry.about == self.attempt, EvidenceEntry.kind == "attempt.submitted"
                )
            ).all()
            if len(early) != events.count():
                found.append("something was stored after the grace")
        if any(one.arrived_at <= self.deadline + GRACE for one in late):
            found.append("something in time was taken for late")
        if len(submitted) != 1:
            found.append(f"{len(submitted)} entries of a submit")
        by_position = defaultdict(list)
        for save in good:
            by_position[save.position].append(save)
        for position, window, seq, value, shown in stored:
            value, shown = (json.loads(v) if isinstance(v, str) else v for v in (value, shown))
            if value != history.get(position):
                found.append(f"{position}: the history ends otherwise")
            (last,) = [s for s in self.saves if (s.window, s.seq) == (window, seq)]
            if value["selected"] != [shown[last.place - 1]]:
                found.append(f"{position}: another answer than {last} brought")
            found += [
                f"{position}: {save} should count, not {last}"
                for save in by_position[position]
                if (save.window == window and save.seq > seq)
                or (save.window != window and save.sent > last.came)
            ]
        missing = set(by_position) - {row.position for row in stored}
        return found + [f"{position}: nothing is there" for position in missing]


def troubles(installation: Installation, target: str, figure) -> list[str]:
    """Play many sittings one after the other, beside sweepers; what was wrong with them."""
    app, stop, found = create_app(installation.settings()), threading.Event(), []

    def sweep() -> None:
        with app.app_context():
            while not stop.is_set():
                try:
                    expiry.sweep(db.session(), clock.now())
                except Exception as error:
                    found.append(f"a sweeper fell over {type(error).__name__}")
                    db.session.rollback()
                db.session.remove()
                stop.wait(0.02)

    sweepers = [threading.Thread(target=sweep) for _ in range(SWEEPERS)]
    sittings = []
    with Server(installation, target=target) as server:
        for thread in sweepers:
            thread.start()
        try:
            for number in range(1, SITTINGS + 1):
                sitting = Sitting(installation, Agent(server.port, number), random.Random(number))
                sitting.play()
                sittings.append(sitting)
        finally:
            stop.set()
            for thread in sweepers:
                thread.join()
            with app.app_context():
                db.engine.dispose()
    journals = {s.attempt: Journal(result=s.bodies[0][1]) for s in sittings if s.bodies}
    found += [problem for sitting in sittings for problem in sitting.problems()]
    found += wrong_ends(installation, journals)
    good = sum(save.status == 200 for sitting in sittings for save in sitting.saves)
    refused = sum(save.status == 409 for sitting in sittings for save in sitting.saves)
    figure(f"{good} saves accepted, {refused} refused, {len(found)} problems")
    assert good > SITTINGS
    assert refused
    return found + damage(installation)


def test_the_score_is_that_of_the_last_accepted_answers_whoever_comes_first(install, figure):
    assert troubles(install(SITTINGS, ITEMS), "wsgi:app", figure) == []


def test_a_server_without_locks_is_caught(install, figure):
    assert troubles(install(SITTINGS, ITEMS), "tests.torture.broken:hurried", figure)
