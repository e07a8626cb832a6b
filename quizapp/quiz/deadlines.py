"""Deadlines when the server's clock is set: open attempts keep the time that they have left."""

import time
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.evidence import chain
from quizapp.quiz.models import Attempt

# By then every process on this machine goes by the new clock.
SWITCH = timedelta(seconds=2 * clock.LOOK)


def accept_clock(session: Session, *, by: str) -> tuple[timedelta, int]:
    """Take over the system's clock, moving open attempts' deadlines with it; commits itself.

    Returns by how much it was set, and how many attempts were open. Processes change over within
    a second; meanwhile a deadline may be too late, never too early: it is moved before the clock
    when that goes forward, and after it when that goes back.
    """
    step = timedelta(seconds=round(clock.step()))
    if not step:
        return step, 0
    began = clock.now()
    known = running(session)
    if step > timedelta():
        _move(session, known, step, by)
    session.commit()
    clock.adopt()
    time.sleep(SWITCH.total_seconds())
    # Those, too, that began by the old clock in these seconds; a step is longer than they are.
    since = Attempt.started_at.between(began - SWITCH / 4, began + SWITCH * 1.5)
    late = set(session.execute(_RUNNING.where(since)).scalars()) - set(known)
    if step < timedelta():
        _move(session, late.union(known), step, by)
    elif late:
        _move(session, late, step, by)
    session.commit()
    return step, len(known) + len(late)


def running(session: Session) -> list[int]:
    """The open attempts that have a deadline."""
    return list(session.execute(_RUNNING).scalars())


_RUNNING = select(Attempt.id).where(Attempt.state == "open", Attempt.deadline_at.is_not(None))


def _move(session: Session, ids: Collection[int], step: timedelta, by: str) -> None:
    """Move these attempts' deadlines, unless they ended meanwhile, and say so in the evidence."""
    found = session.execute(
        select(Attempt)
        .where(Attempt.id.in_(ids), Attempt.state == "open")
        .order_by(Attempt.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalars()
    moved = []
    for attempt in found:
        if attempt.deadline_at is not None:
            attempt.deadline_at += step
            moved.append([attempt.public_id, attempt.deadline_at.isoformat()])
    session.flush()
    data = {"seconds": step.total_seconds(), "deadlines": moved}
    chain.append(session, "clock.accepted", by=by, about="clock", at=clock.now(), data=data)
