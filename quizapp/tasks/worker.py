"""`quizapp worker`: does the jobs that pages leave, one after the other, and clears up."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import ParamSpec, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from quizapp import clock, jobs, logs
from quizapp.content import uploads
from quizapp.db import db, only_reading, take_stock
from quizapp.evidence import chain
from quizapp.notices import outbox
from quizapp.quiz import deadlines, expiry
from quizapp.reports.sheets import exported
from quizapp.tasks import analysing, mailing, schedule

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two looks for work
AFTER_FAILURE = 5.0
JOBS_KEPT = timedelta(days=30)


class Stopped(Exception):
    """The worker was told to end while it worked."""


@click.command()
@click.option("--once", is_flag=True, help="Do what waits, then end.")
@click.option("--parent", type=int, help="End when this process is no longer the parent.")
@with_appcontext
def worker(once: bool, parent: int | None) -> None:
    """Do what pages leave for later: large uploads, expired attempts, reminders, e-mail …"""
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = [(kind, signal.signal(kind, end)) for kind in (signal.SIGTERM, signal.SIGINT)]

    def is_over() -> bool:
        return stop.is_set() or (parent is not None and os.getppid() != parent)

    try:
        _drain(is_over) if once else _serve(is_over, stop)
    finally:
        for kind, handler in before:
            signal.signal(kind, handler)


def _drain(is_over: Callable[[], bool]) -> None:
    for task in PERIODIC:
        task(db.session(), clock.now())
    while not is_over() and work_once(is_over):
        pass


def _serve(is_over: Callable[[], bool], stop: threading.Event) -> None:
    instance = Path(current_app.config["INSTANCE"])
    logs.begin(current_app.config["LOG_LEVEL"], current_app.config["LOG_FORMAT"])
    clock.hold(instance)
    due = dict.fromkeys(PERIODIC, 0.0)  # by a counter that nobody sets
    while not is_over():
        jobs.say_alive(instance)
        for task, seconds in PERIODIC.items():
            if time.monotonic() >= due[task]:
                due[task] = time.monotonic() + seconds
                _try(task, db.session(), clock.now())
        worked = _try(work_once, is_over)
        if not worked:
            db.session.remove()
            stop.wait(PAUSE if worked is False else AFTER_FAILURE)


def _try(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
    """One kind of work that fails must not keep the others from being done."""
    try:
        return work(*args, **kwargs)
    except Exception:
        log.warning("%s failed; the worker tries again", work.__name__, exc_info=True)
    try:
        db.session.rollback()
    except DBAPIError:  # the connection is gone, and what was begun with it
        db.session().invalidate()
    return None


def _clear(session: Session, now: datetime) -> None:
    uploads.expire(session, now)
    exported.expire(session, now)
    jobs.clear(session, now - JOBS_KEPT)
    outbox.clear(session, now - timedelta(days=current_app.config["NOTICE_DAYS"]))
    session.commit()


def _mind_clock(session: Session, _now: datetime) -> None:
    """Take over a clock that was set, once nobody's time hangs on it."""
    if clock.step() and not deadlines.running(session):
        step, _ = deadlines.accept_clock(session, by=chain.SYSTEM)
        log.warning("the clock was moved by %.0f s, as the system's was", step.total_seconds())


# What is done again and again, and after how many seconds; each commits what it does.
def _take_stock(_session: Session, _now: datetime) -> None:
    with only_reading() as session:  # nobody waits for a turn meanwhile
        take_stock(session)


PERIODIC: dict[Callable[[Session, datetime], object], float] = {
    expiry.sweep: 15,
    _mind_clock: 30,
    schedule.enrol: 300,
    schedule.award: 900,
    schedule.renew: 900,
    schedule.remind: 60,
    schedule.ask_trainers: 600,
    analysing.plan: 600,
    mailing.gather: 300,
    mailing.send: 15,
    _clear: 3600,
    _take_stock: 6 * 3600,
}


def work_once(is_over: Callable[[], bool] = lambda: False) -> bool:
    """Do one job, if one waits; whether there was one."""
    with only_reading() as session:
        if not jobs.is_waiting(session, clock.now()):
            return False
    claimed = jobs.claim(session, clock.now())
    session.commit()
    if claimed is None:
        return False
    if claimed.tries > jobs.TRIES:  # its workers died of it
        _end(session, claimed, "failed")
        return True

    def progress(done: int, total: int) -> None:
        if is_over():
            raise Stopped
        # In a transaction of its own: a work must not hold one while it reports.
        jobs.say_alive(Path(current_app.config["INSTANCE"]))
        with Session(db.engine) as own:
            jobs.report(own, claimed.id, done, total, clock.now())
            own.commit()

    try:
        jobs.works[claimed.kind](session, claimed.args, progress)
        _end(session, claimed, "done")
    except Stopped:
        session.rollback()
        jobs.put_back(session, claimed.id)
        session.commit()
    except Exception:
        session.rollback()
        log.exception("job %s (%s) broke", claimed.id, claimed.kind)
        _end(session, claimed, "failed" if claimed.tries >= jobs.TRIES else "waiting")
    return True


def _end(session: Session, claimed: jobs.Claimed, state: str) -> None:
    jobs.finish(session, claimed.id, state)
    session.commit()
