"""`quizapp worker`: does the jobs that pages leave, one after the other, and clears up."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quizapp import clock, jobs
from quizapp.content import uploads
from quizapp.db import db

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two looks for work
CLEARING = timedelta(hours=1)
JOBS_KEPT = timedelta(days=30)


class Stopped(Exception):
    """The worker was told to end while it worked."""


@click.command()
@click.option("--once", is_flag=True, help="Do what waits, then end.")
@click.option("--parent", type=int, help="End when this process is no longer the parent.")
@with_appcontext
def worker(once: bool, parent: int | None) -> None:
    """Do the work that pages leave for later: large uploads, and clearing up."""
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
    _clear(clock.now())
    while not is_over() and work_once(is_over):
        pass


def _serve(is_over: Callable[[], bool], stop: threading.Event) -> None:
    cleared: datetime | None = None
    while not is_over():
        try:
            now = clock.now()
            if cleared is None or now - cleared > CLEARING:
                _clear(now)
                cleared = now
            if work_once(is_over):
                continue
        except OperationalError:
            db.session.rollback()
            log.warning("the database is busy; the worker tries again", exc_info=True)
        db.session.remove()
        stop.wait(PAUSE)


def _clear(now: datetime) -> None:
    session = db.session()
    uploads.expire(session, now)
    jobs.clear(session, now - JOBS_KEPT)
    session.commit()


def work_once(is_over: Callable[[], bool] = lambda: False) -> bool:
    """Do one job, if one waits; whether there was one."""
    session = db.session()
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
