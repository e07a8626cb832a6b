"""The worker killed while it sends, at every moment: each message arrives, and each once."""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.config import ROOT
from quizapp.notices import digests, outbox
from quizapp.notices.models import Mail
from quizapp.people import teams
from tests.conftest import environment
from tests.mailbox import mailbox

# Where a worker is killed: at each of the server's questions, in the middle of a message, when the
# server has it and has not said so; and some moment after, while the answer is on its way, is read,
# written down, or the next message goes.
STAGES = ("EHLO", "MAIL", "RCPT", "body", "DATA", "stored")
LATER = {"answered": ("stored", 0.03), "sometime": ("EHLO", 0.2)}
MOMENTS = (*STAGES, *LATER)
EACH = 4  # messages for each kill
PATIENCE = 60  # seconds


class Killer:
    """Kills a worker and its group when the server comes to a moment for the n-th time."""

    def __init__(self, box, chance, slow):
        self.box, self.chance, self.slow = box, chance, slow
        self.pid = self.moment = None
        self.left = 0
        self.killed = Counter()
        for stage in STAGES:
            box.answers[stage] = lambda stage=stage: self._reached(stage)

    def aim(self, pid, moment, times):
        self.pid, self.left, self.moment = pid, times, moment

    def _reached(self, stage):
        moment = self.moment
        after, most = LATER.get(moment, (moment, 0))
        if stage != after:
            return None
        self.left -= 1
        if self.left:
            return None
        if most:
            threading.Timer(self.chance.uniform(0, most), self._kill, (self.pid, moment)).start()
            return None
        self._kill(self.pid, moment)
        return self._take_time() if stage == "stored" else None

    async def _take_time(self):
        """Answer when the next worker has had the time to send it again, or has done so."""
        name, over = self.box.ids[-1], time.monotonic() + self.slow
        while self.box.ids.count(name) == 1 and time.monotonic() < over:
            await asyncio.sleep(0.02)

    def _kill(self, pid, moment):
        os.killpg(pid, signal.SIGKILL)
        self.killed[moment] += 1


@pytest.fixture
def start(app):
    """Starts a worker that sends to a box; it begins when `aim` was given its number."""
    made, gate = [], (Path(app.config["INSTANCE"]) / "gate").open("w")

    def begin(box, variant, aim=lambda pid: None):
        if not made:
            sends = {f"QUIZAPP_{name}": str(value) for name, value in box.settings().items()}
            made.append(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.tasks.forked_workers", variant],
                    env={**environment(app), **sends, "QUIZAPP_LOG_LEVEL": "error"},
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
        fcntl.flock(gate, fcntl.LOCK_EX)
        made[0].stdin.write("\n")
        made[0].stdin.flush()
        pid = int(made[0].stdout.readline())
        aim(pid)
        fcntl.flock(gate, fcntl.LOCK_UN)
        return pid

    yield begin
    gate.close()
    for process in made:
        process.communicate()


def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(is_so):
    give_up = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < give_up, "nothing happened for too long"
        time.sleep(0.01)


def write_many(session, count):
    now = clock.now()
    for n in range(count):
        user = teams.add_user(
            session,
            name=f"Agente {n}",
            role="agent",
            email=f"agente{n}@example.com",
            by="test",
            now=now,
        )
        outbox.tell(session, user.public_id, "pass-kept", {"quiz": "Oito"}, about="/", now=now)
        digests.gather(session, user.public_id, domain="example.com", now=now)
    session.commit()


def came_though_killed(session, start, moments, variant="sound", slow=3.0):
    """How often each message came, by its Message-ID, to a server beside killed workers.

    `slow` is how many seconds it takes over a message that it has while the worker is killed.
    """
    write_many(session, len(moments) * EACH)

    def unsent():
        count = session.scalar(select(func.count()).where(Mail.state != "sent"))
        session.commit()  # nobody waits for the test
        return count

    with mailbox() as box:
        killer = Killer(box, Random(20261122), slow)
        for n, moment in enumerate(moments):
            # The line to the server is opened once; the other stages come with each message.
            first = LATER.get(moment, (moment,))[0]
            times = 1 if first == "EHLO" else 1 + n % (EACH - 1)
            # While the courier of the last one may be under way.
            pid = start(box, variant, partial(killer.aim, moment=moment, times=times))
            wait_until(lambda pid=pid: not lives(pid))
        killer.aim(None, None, 0)
        pid = start(box, variant)
        wait_until(lambda: unsent() == 0)
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not lives(pid))
    came = Counter(box.ids)
    twice = sum(times > 1 for times in came.values())
    print(dict(killer.killed), f"{len(came)} messages, {twice} of them twice")  # noqa: T201
    assert killer.killed == Counter(moments)
    return came


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_every_message_arrives_once_though_the_worker_is_killed_while_it_sends(
    session, start, kills
):
    came = came_though_killed(session, start, list(islice(cycle(MOMENTS), kills)))
    assert set(came) == set(session.scalars(select(Mail.message_id))), "each arrives"
    assert set(came.values()) == {1}, "and none comes again"


@pytest.mark.parametrize("variant, slow", [("mortal", 0), ("forgetful", 0), ("hasty", 20)])
def test_a_courier_that_dies_or_is_not_asked_or_waited_for_is_noticed(
    session, start, variant, slow
):
    came = came_though_killed(session, start, ["stored"] * 3, variant, slow)
    assert max(came.values()) > 1
