"""Work for later: rows written in the transaction that asks for it, done by `quizapp worker`."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import Model, UtcDateTime

log = logging.getLogger(__name__)

# A worker that says nothing for so long is taken for dead, and its job is done again.
SILENCE = timedelta(minutes=2)
TRIES = 3

Progress = Callable[[int, int], None]
Work = Callable[[Session, dict[str, Any], Progress], None]

# Filled by create_app: what to do for each kind of job.
works: dict[str, Work] = {}


class Job(Model):
    """One piece of work; `state` is waiting, running, done or failed."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(index=True)
    done: Mapped[int]
    total: Mapped[int]
    tries: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]
    # When the worker was last heard of.
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What it is about (an upload's id …), so that a page finds it.
    about: Mapped[str] = mapped_column(index=True)


@dataclass(frozen=True)
class Claimed:
    """A job that this worker has taken."""

    id: int
    kind: str
    args: dict[str, Any]
    tries: int


def enqueue(
    session: Session, kind: str, args: dict[str, Any], *, about: str, by: str, now: datetime
) -> Job:
    """Ask for work in the transaction at hand; the worker sees it once that is committed."""
    job = Job(
        kind=kind, args=args, state="waiting", done=0, total=0, tries=0, at=now, by=by, about=about
    )
    session.add(job)
    session.flush()
    return job


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether a look for work would find some: asked again and again, without a turn to write."""
    return session.execute(select(Job.id).where(_free(now)).limit(1)).first() is not None


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(Job.state == "waiting", (Job.state == "running") & (Job.seen_at < now - SILENCE))


def claim(session: Session, now: datetime) -> Claimed | None:
    """Take the oldest job that waits, or one whose worker fell silent; the caller commits."""
    job = session.execute(
        select(Job).where(_free(now)).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if job is None:
        return None
    job.state, job.seen_at, job.tries = "running", now, job.tries + 1
    session.flush()
    return Claimed(job.id, job.kind, job.args, job.tries)


def report(session: Session, job_id: int, done: int, total: int, now: datetime) -> None:
    """Say how far a job is, and that its worker lives; the caller commits."""
    session.execute(update(Job).where(Job.id == job_id).values(done=done, total=total, seen_at=now))


def finish(session: Session, job_id: int, state: str) -> None:
    """Close a job as done or failed; the caller commits it together with the job's work."""
    session.execute(update(Job).where(Job.id == job_id).values(state=state))


def put_back(session: Session, job_id: int) -> None:
    """Let another worker begin a job anew that this one may not finish; the caller commits."""
    values = {"state": "waiting", "tries": Job.tries - 1}
    session.execute(update(Job).where(Job.id == job_id).values(values))


def clear(session: Session, before: datetime) -> None:
    """Forget the jobs that ended and were asked for before that time."""
    session.execute(delete(Job).where(Job.state.in_(["done", "failed"]), Job.at < before))


def say_alive(instance: Path) -> None:
    """Leave a sign in the instance folder that a worker runs."""
    try:
        (instance / _SIGN).touch()
    except OSError:  # a full disk: the worker itself goes on
        log.warning("the worker's sign could not be written")


def silence(instance: Path) -> float | None:
    """For how many seconds no worker has left a sign on this machine; None if none ever did."""
    try:
        return time.time() - (instance / _SIGN).stat().st_mtime
    except OSError:
        return None


_SIGN = "worker-alive"


def latest(session: Session, about: str) -> Job | None:
    """The newest job about something."""
    return session.execute(
        select(Job).where(Job.about == about).order_by(Job.id.desc()).limit(1)
    ).scalar_one_or_none()
