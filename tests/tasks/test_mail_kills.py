"""The worker killed while it sends: every message arrives, and only where nobody can know whether
the server had taken it does it come again, under the same Message-ID."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from functools import partial
from random import Random

import pytest
from sqlalchemy import func, select, update

from quizapp import clock
from quizapp.config import ROOT
from quizapp.notices import digests, outbox
from quizapp.notices.models import Mail
from quizapp.people import teams
from tests.conftest import environment
from tests.mailbox import mailbox

# Where a worker is killed: at each of the server's questions, when the server has the message
# and has not said so, and at some moment after.
STAGES = ("EHLO", "MAIL", "RCPT", "stored", "answered")
UNKNOWN = ("stored", "answered")
EACH = 3  # messages for each kill
PATIENCE = 60  # seconds


class Killer:
    """Kills the worker that runs at the n-th time that it comes to a stage."""

    def __init__(self, box, chance):
        self.chance = chance
        self.pid = self.stage = None
        self.left = 0
        for stage in STAGES[:-1]:
            box.answers[stage] = lambda stage=stage: self._reached(stage)

    def aim(self, stage, times):
        self.stage, self.left = stage, times

    def _reached(self, stage):
        if stage != ("stored" if self.stage == "answered" else self.stage):
            return
        self.left -= 1
        if not self.left:
            self._kill()

    def _kill(self):
        kill = partial(os.kill, self.pid, signal.SIGKILL)
        if self.stage == "answered":
            # While the answer is on its way, is read, is written down, or the next one is sent.
            threading.Timer(self.chance.uniform(0, 0.03), kill).start()
        else:
            kill()


@pytest.fixture
def start(app):
    """Starts a worker that sends to a box, and returns its number."""
    made = []

    def begin(box):
        if not made:
            sends = {f"QUIZAPP_{name}": str(value) for name, value in box.settings().items()}
            made.append(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.tasks.forked_workers"],
                    env={**environment(app), **sends, "QUIZAPP_LOG_LEVEL": "error"},
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
        made[0].stdin.write("\n")
        made[0].stdin.flush()
        return int(made[0].stdout.readline())

    yield begin
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


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_every_message_arrives_though_the_worker_is_killed_while_it_sends(session, start, kills):
    write_many(session, kills * EACH)

    def unsent():
        count = session.scalar(select(func.count()).where(Mail.state != "sent"))
        session.commit()  # nobody waits for the test
        return count

    ends = {}  # how many messages had come at the end of each run, by its number
    with mailbox() as box:
        killer = Killer(box, Random(20261122))
        for n in range(kills):
            stage = STAGES[n % len(STAGES)]
            # The line to the server is opened once; the other stages come with each message.
            killer.aim(stage, 1 if stage == "EHLO" else 1 + n % EACH)
            killer.pid = start(box)
            wait_until(lambda: not lives(killer.pid))
            lease_over = update(Mail).where(Mail.state == "sending").values(next_at=clock.now())
            session.execute(lease_over)
            session.commit()
            ends[n] = len(box.ids)
        killer.aim(None, 0)
        pid = start(box)
        wait_until(lambda: unsent() == 0)
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not lives(pid))

    came = Counter(box.ids)
    again = {name for name, times in came.items() if times > 1}
    # Of the last one only that a run handed over, it is not known whether the server took it.
    last = {n: box.ids[end - 1] for n, end in ends.items() if STAGES[n % len(STAGES)] in UNKNOWN}
    stored = {name for n, name in last.items() if STAGES[n % len(STAGES)] == "stored"}
    print(f"{kills} kills, {len(came)} messages, {len(again)} of them twice")  # noqa: T201
    assert set(came) == set(session.scalars(select(Mail.message_id))), "each arrives"
    assert again <= set(last.values()), "none comes again whose sender knew the answer"
    assert stored <= again
    assert max(came.values()) == 2
