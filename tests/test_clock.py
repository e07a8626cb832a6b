"""The steady clock: no setting of the system's clock moves it; a right one is taken over."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.clock import Clock
from quizapp.evidence import chain
from quizapp.evidence.models import EvidenceEntry
from quizapp.quiz import deadlines, starting
from quizapp.quiz.models import Attempt
from quizapp.tasks.worker import _mind_clock

START = 1_795_320_000.0  # in November 2026


@dataclass
class Machine:
    """A computer whose clock can be set, and whose counter cannot."""

    wall: float = START
    counter: float = 5000.0
    start: str = "first"

    def run(self, seconds: float) -> None:
        self.wall += seconds
        self.counter += seconds

    def clock(self, folder) -> Clock:
        return Clock(
            folder, wall=lambda: self.wall, passed=lambda: self.counter, boot=lambda: self.start
        )


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.mark.parametrize("hours", [2, -2, 0.01])
def test_setting_the_systems_clock_moves_nothing_and_is_said_once(tmp_path, machine, caplog, hours):
    steady = machine.clock(tmp_path)
    machine.run(10)
    machine.wall += hours * 3600
    for _ in range(5):
        machine.run(2)
        steady.time()
    assert steady.time() == pytest.approx(START + 20)
    assert steady.step() == pytest.approx(hours * 3600)
    assert [r.levelno for r in caplog.records] == [logging.WARNING]


def test_trimming_by_a_second_is_no_step(tmp_path, machine, caplog):
    steady = machine.clock(tmp_path)
    machine.wall += 1.2
    machine.run(2)
    assert (steady.time(), steady.step()) == (pytest.approx(START + 2), 0)
    assert not caplog.records


def test_each_further_step_is_said(tmp_path, machine, caplog):
    steady = machine.clock(tmp_path)
    for step in (7200, -3600, -3600):
        machine.wall += step
        machine.run(2)
        steady.time()
    assert len(caplog.records) == 3
    assert "agrees again" in caplog.records[-1].message


def test_all_processes_of_a_machine_agree_also_those_started_after_the_step(tmp_path, machine):
    first = machine.clock(tmp_path)
    machine.run(100)
    machine.wall += 7200
    second = machine.clock(tmp_path)
    assert first.time() == second.time() == pytest.approx(START + 100)
    assert second.step() == pytest.approx(7200)


def test_a_new_start_of_the_machine_begins_anew(tmp_path, machine):
    machine.clock(tmp_path)
    machine.wall, machine.counter, machine.start = START + 9000, 3.0, "second"
    assert machine.clock(tmp_path).time() == pytest.approx(START + 9000)


def test_adopting_is_seen_by_the_others_within_a_second(tmp_path, machine, caplog):
    one, other = machine.clock(tmp_path), machine.clock(tmp_path)
    machine.wall += 7200
    one.adopt()
    assert one.time() == pytest.approx(START + 7200)
    machine.run(clock.LOOK + 0.01)
    assert other.time() == pytest.approx(machine.wall)
    assert (one.step(), other.step()) == (0, 0)
    assert not caplog.records


def test_an_anchor_that_cannot_be_kept_or_read_stops_nobody(tmp_path, machine, caplog):
    steady = machine.clock(tmp_path / "none")
    machine.run(5)
    assert steady.time() == pytest.approx(START + 5)
    for spoilt in ("", "{", "[]", '{"boot": "first"}'):
        (tmp_path / "clock.json").write_text(spoilt)
        assert machine.clock(tmp_path).time() == pytest.approx(machine.wall)
    (tmp_path / "clock.json").unlink()
    kept = machine.clock(tmp_path)
    (tmp_path / "clock.json").write_text("{")
    machine.run(5)
    assert kept.time() == pytest.approx(machine.wall)


def test_what_is_asked_often_looks_seldom(tmp_path, machine, monkeypatch):
    steady = machine.clock(tmp_path)
    looks = []
    monkeypatch.setattr(steady, "_look", lambda passed: looks.append(passed))
    machine.run(2)
    steady._next_look = machine.counter + 1
    for _ in range(100):
        machine.run(0.001)
        steady.time()
    assert not looks


def test_without_a_steady_clock_the_systems_is_read():
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.step() == 0


def test_the_real_sources_agree_with_the_systems_clock(tmp_path):
    before = datetime.now(UTC).timestamp()
    assert before - 0.1 < Clock(tmp_path).time() < datetime.now(UTC).timestamp() + 0.1


def test_a_command_goes_by_the_clock_that_is_held_and_holds_none_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "_held", None)
    clock.follow(tmp_path)
    assert clock._held is None
    assert not list(tmp_path.iterdir())
    Clock(tmp_path)
    anchor = tmp_path / "clock.json"
    facts = json.loads(anchor.read_text())
    anchor.write_text(json.dumps({**facts, "wall": facts["wall"] - 3600}))
    clock.follow(tmp_path)
    assert datetime.now(UTC) - clock.now() > timedelta(minutes=59)
    anchor.write_text(json.dumps({**facts, "boot": "another start of the machine"}))
    clock.follow(tmp_path)
    assert clock._held is None


@pytest.fixture
def held(tmp_path, machine, monkeypatch):
    """This process goes by the machine's steady clock."""
    machine.wall = datetime.now(UTC).timestamp()
    steady = machine.clock(tmp_path)
    monkeypatch.setattr(clock, "_held", steady)
    monkeypatch.setattr(deadlines.time, "sleep", machine.run)
    return steady


@pytest.fixture
def attempt(session, cast, quiz, held):
    """An open attempt that has half an hour left."""
    now = clock.now()
    made = starting.start(
        session, cast.ana, quiz, seed=1, language="pt-BR", now=now, today=now.date()
    )
    made.deadline_at = now + timedelta(minutes=30)
    session.commit()
    return made


@pytest.mark.parametrize("hours", [2, -2])
def test_accepting_the_clock_leaves_everybody_the_time_they_had(
    app, session, machine, held, attempt, hours
):
    machine.wall += hours * 3600
    left = attempt.deadline_at - clock.now()
    step, count = deadlines.accept_clock(session, by="system")
    assert (step, count) == (timedelta(hours=hours), 1)
    session.expire_all()
    passed = deadlines.SWITCH
    assert abs(attempt.deadline_at - clock.now() - (left - passed)) < timedelta(seconds=1)
    assert abs(clock.now().timestamp() - machine.wall) < 0.01
    entries = session.execute(
        select(EvidenceEntry).where(EvidenceEntry.kind == "clock.accepted")
    ).scalars()
    assert attempt.public_id in "".join(entry.data for entry in entries)
    assert chain.first_break(session) is None
    assert deadlines.accept_clock(session, by="system") == (timedelta(0), 0)


@pytest.mark.parametrize("hours", [2, -2])
def test_at_no_moment_of_the_change_is_somebody_out_of_time(
    session, machine, held, attempt, monkeypatch, hours
):
    seen = []

    def look():
        session.expire_all()
        seen.append(attempt.deadline_at.timestamp())
        session.commit()

    def sleep(seconds):
        look()
        seen.append(clock.now().timestamp())
        machine.run(seconds)

    old = clock.now().timestamp()
    machine.wall += hours * 3600
    monkeypatch.setattr(deadlines.time, "sleep", sleep)
    deadlines.accept_clock(session, by="system")
    during, new = seen
    assert during - max(old, new) > 29 * 60, "by the old and by the new clock there was time left"


@pytest.mark.parametrize("hours", [2, -2])
def test_who_begins_by_the_old_clock_while_it_changes_keeps_the_time_too(
    session, machine, held, attempt, cast, quiz, monkeypatch, hours
):
    old = clock.now()

    def begin(user, now):
        made = starting.start(
            session, user, quiz, seed=1, language="pt-BR", now=now, today=now.date()
        )
        made.deadline_at = now + timedelta(minutes=30)
        session.commit()
        return made

    begun = {}

    def sleep(seconds):
        begun["old"] = begin(cast.bia, old + timedelta(seconds=1))
        begun["new"] = begin(cast.gil, clock.now())
        machine.run(seconds)

    machine.wall += hours * 3600
    monkeypatch.setattr(deadlines.time, "sleep", sleep)
    deadlines.accept_clock(session, by="system")
    session.expire_all()
    for made in begun.values():
        left = made.deadline_at - clock.now()
        assert abs(left - timedelta(minutes=30)) < timedelta(seconds=5), begun


def test_the_worker_waits_while_somebodys_time_hangs_on_the_clock(session, machine, held, attempt):
    machine.wall += 7200
    _mind_clock(session, clock.now())
    assert clock.step() == pytest.approx(7200)
    session.execute(Attempt.__table__.update().values(deadline_at=None))
    session.commit()
    _mind_clock(session, clock.now())
    assert clock.step() == 0


def test_the_command_says_what_it_would_do_and_does_it(app, machine, held, attempt, monkeypatch):
    run = app.test_cli_runner().invoke
    monkeypatch.setenv("LC_ALL", "en")
    assert "is as the server's" in run(args=["clock"]).output
    machine.wall -= 7200
    assert "-7200 seconds" in run(args=["clock"]).output
    assert clock.step() == pytest.approx(-7200)
    assert "1 open attempts keep" in run(args=["clock", "--accept"]).output
    assert clock.step() == 0
