"""Passes that were kept when a score fell; taking one away is a decision about its person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask_babel import gettext
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.notices import outbox
from quizapp.people.models import User
from quizapp.quiz.decisions import LONGEST_REASON
from quizapp.quiz.effects import FACTS
from quizapp.quiz.models import Attempt, ItemScore, Score
from quizapp.quiz.regrade import address, items_of

_SCORE, _ITEM_SCORE = (cast(Table, model.__table__) for model in (Score, ItemScore))


# Filled by create_app. Called in the same transaction when the pass of an attempt (its public id)
# was taken away: with the reason, by whom and when.
taken: list[Callable[[Session, str, str, str, datetime], object]] = []


@dataclass(frozen=True)
class Kept:
    """A submitted attempt that stays passed though its keys would not pass it."""

    attempt: Attempt
    score: Score


def kept(session: Session, public_id: str) -> Kept:
    """The pass of this attempt that was kept. Raises Missing where none was."""
    row = session.execute(
        select(Attempt, Score)
        .join(Score, Score.attempt_id == Attempt.id)
        .where(Attempt.public_id == public_id)
        .order_by(Score.number.desc())
        .limit(1)
    ).first()
    if row is None or not row.Score.kept:
        raise Missing
    return Kept(row.Attempt, row.Score)


def take(session: Session, public_id: str, *, reason: str, by: str, now: datetime) -> None:
    """Take away the pass of one attempt that was kept so far: a decision about its person.

    Raises Missing where no pass was kept, Invalid without a reason.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise Invalid(gettext("Say why: the person reads it."))
    attempt_id = kept(session, public_id).attempt.id
    session.execute(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update()).all()
    found = kept(session, public_id)
    score = found.score
    facts = {name: getattr(score, name) for name in FACTS}
    new_id = session.execute(
        insert(_SCORE)
        .values(
            {
                **facts,
                "passed": False,
                "kept": False,
                "attempt_id": attempt_id,
                "number": score.number + 1,
                "reason": reason,
                "at": now,
                "by": by,
            }
        )
        .returning(_SCORE.c.id)
    ).scalar_one()
    rows = items_of(session, [score.id])[score.id]
    session.execute(insert(_ITEM_SCORE), [{**row, "score_id": new_id} for row in rows])
    person = session.get_one(User, found.attempt.user_id).public_id
    outbox.tell(
        session,
        person,
        "pass-taken",
        {"quiz": found.attempt.quiz.title, "number": found.attempt.number, "reason": reason},
        about=address(public_id),
        now=now,
    )
    chain.append(
        session,
        "pass.taken",
        by=by,
        about=public_id,
        at=now,
        data={"person": person, "reason": reason, "percent": score.percent},
    )
    for tell in taken:
        tell(session, public_id, reason, by, now)
