"""The worker: each job once, whatever breaks; several workers do no harm."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from quizapp import clock, jobs, logs
from quizapp.content import brought, uploads
from quizapp.content.models import Upload
from quizapp.db import db
from quizapp.jobs import Job
from quizapp.tasks.worker import work_once
from tests.conftest import PATIENCE, environment

module = sys.modules["quizapp.tasks.worker"]  # the package has the command by that name


@pytest.fixture
def works(monkeypatch):
    """What is to be done for each kind of job, to fill."""
    made = {}
    monkeypatch.setattr(jobs, "works", made)
    return made


@pytest.fixture
def ask(session):
    def enqueue(kind, **args):
        job = jobs.enqueue(session, kind, args, about="x", by="test", now=clock.now())
        session.commit()
        return job.id

    return enqueue


def job(session, number):
    session.commit()
    return session.get(Job, number, populate_existing=True)


def drain(app):
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output


def test_jobs_are_done_in_the_order_in_which_they_came(app, session, works, ask):
    done = []
    works["say"] = lambda session, args, progress: done.append(args["word"])
    numbers = [ask("say", word=word) for word in ("um", "dois", "três")]
    drain(app)
    assert done == ["um", "dois", "três"]
    assert {job(session, n).state for n in numbers} == {"done"}
    assert work_once() is False


def test_a_work_that_breaks_is_tried_again_and_then_given_up(app, session, works, ask):
    tries = []

    def broken(session, args, progress):
        session.execute(text("DELETE FROM job"))  # what it did is undone
        tries.append(1)
        raise RuntimeError("broken")

    works["break"] = broken
    number = ask("break")
    drain(app)
    assert len(tries) == jobs.TRIES
    assert job(session, number).state == "failed"


def test_a_job_whose_workers_die_is_given_up(session, works, ask):
    works["die"] = lambda *_: pytest.fail("done once more")
    number = ask("die")
    for _ in range(jobs.TRIES):
        assert jobs.claim(session, clock.now())
        found = job(session, number)
        found.seen_at = clock.now() - 2 * jobs.SILENCE
        session.commit()
    assert work_once() is True
    assert job(session, number).state == "failed"


def test_a_running_job_is_not_taken_by_another_worker_unless_that_falls_silent(session, ask):
    ask("x")
    assert jobs.claim(session, clock.now()).tries == 1
    session.commit()
    assert jobs.claim(session, clock.now()) is None
    assert jobs.claim(session, clock.now() + 2 * jobs.SILENCE).tries == 2


def test_progress_is_seen_while_the_work_goes_on(session, works, ask):
    seen = []

    def work(session, args, progress):
        session.rollback()
        progress(1, 3)
        found = job(session, number)
        seen.append((found.done, found.total, found.state))
        session.rollback()

    works["count"] = work
    number = ask("count")
    work_once()
    assert seen == [(1, 3, "running")]
    assert job(session, number).state == "done"


def test_a_worker_that_is_told_to_end_leaves_its_job_to_another(session, works, ask):
    told = []

    def work(session, args, progress):
        session.rollback()
        told.append(1)
        progress(0, 2)

    works["long"] = work
    number = ask("long")
    work_once(lambda: bool(told))
    assert (job(session, number).state, job(session, number).tries) == ("waiting", 0)


def test_what_a_work_did_is_kept_together_with_its_end(session, works, ask, monkeypatch):
    def work(session, args, progress):
        session.add(Upload(public_id="a", state="ready", report=[], at=clock.now(), by="t"))

    def broken(*_args):
        raise OperationalError("", {}, Exception("busy"))

    works["add"] = work
    ask("add")
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "finish", broken)
        with pytest.raises(OperationalError):
            work_once()
        session.rollback()
    assert session.execute(select(Upload)).first() is None


def test_uploads_that_nobody_took_are_discarded_after_a_week(app, session):
    old, young = clock.now() - timedelta(days=8), clock.now() - timedelta(days=6)
    made = [
        uploads.begin(session, brought.bring([("a.md", b"# A\n\nb\n")]), by="t", now=now)
        for now in (old, young)
    ]
    session.commit()
    drain(app)
    session.commit()
    states = [session.get(Upload, u.id, populate_existing=True).state for u in made]
    assert states == ["dropped", "reading"]
    assert [len(uploads.files_of(session, upload)) for upload in made] == [0, 1]


def test_two_workers_do_each_job_once(app, works, ask):
    done = []

    def work(session, args, progress):
        done.append(args["n"])
        time.sleep(0.01)

    works["n"] = work
    for n in range(12):
        ask("n", n=n)

    def run():
        with app.app_context():
            while work_once():
                pass
            db.session.remove()

    workers = [threading.Thread(target=run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done) == list(range(12))


def test_a_task_that_fails_keeps_no_other_from_being_done(app, session, works, ask, monkeypatch):
    done, stop = [], threading.Event()
    works["say"] = lambda session, args, progress: (done.append("job"), stop.set())

    def broken(session, now):
        done.append("broken")
        session.execute(text("DELETE FROM job"))
        raise RuntimeError("broken")

    def whole(session, now):
        done.append("whole")

    monkeypatch.setattr(module, "PERIODIC", {broken: 3600, whole: 3600})
    monkeypatch.setattr(logs, "begin", lambda *_: None)
    monkeypatch.setattr(clock, "hold", lambda _folder: None)
    ask("say")
    module._serve(stop.is_set, stop)
    assert done == ["broken", "whole", "job"]
    assert jobs.silence(Path(app.config["INSTANCE"])) < PATIENCE


def start(app, *options):
    command = [sys.executable, "-m", "quizapp", "worker", *options]
    return subprocess.Popen(command, env=environment(app))


def test_a_real_worker_takes_up_work_and_ends_when_it_is_told_to(app, session):
    files = brought.bring([("fibra.md", b"# Fibra\n\n## Sinal\n\nOlhe o LED.\n")])
    upload = uploads.begin(session, files, by="t", now=clock.now())
    args = {"upload": upload.id}
    jobs.enqueue(session, uploads.READ, args, about=upload.public_id, by="t", now=clock.now())
    session.commit()
    process = start(app)
    try:
        for _ in range(600):
            session.commit()  # the test's own hold on the database
            time.sleep(0.1)
            if session.get(Upload, upload.id, populate_existing=True).state == "ready":
                break
        assert upload.report[0]["status"] == "added"
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def test_a_worker_ends_with_its_parent(app):
    process = start(app, f"--parent={os.getpid() + 1}")
    assert process.wait(60) == 0
