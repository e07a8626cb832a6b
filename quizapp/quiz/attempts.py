"""Attempts: start, save, submit. An answer is stored before it is called saved."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask_babel import gettext
from sqlalchemy import JSON, Table, bindparam, exists, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.content import citations
from quizapp.content.models import ItemKey, ItemRevision
from quizapp.db import UtcDateTime
from quizapp.errors import Closed, Missing, Refused
from quizapp.evidence import chain
from quizapp.items.scoring import is_complete, score_attempt
from quizapp.people import teams
from quizapp.people.models import User
from quizapp.quiz import forms, quizzes
from quizapp.quiz.models import (
    Attempt,
    AttemptItem,
    ItemScore,
    Quiz,
    Response,
    ResponseEvent,
    Score,
)

Value = dict[str, Any]

_SAME_ITEM = (Response.attempt_id == AttemptItem.attempt_id) & (
    Response.position == AttemptItem.position
)
# Saving is the busiest write there is: its statements are built once, over tables.
_ATTEMPT, _ITEM, _RESPONSE = (
    cast(Table, model.__table__) for model in (Attempt, AttemptItem, Response)
)
_ITEM_TO_SAVE = (
    select(
        _ATTEMPT.c.id,
        _ATTEMPT.c.state,
        _ITEM.c.kind,
        _ITEM.c.shown,
        _ITEM.c.item_revision_id,
        _RESPONSE.c.value,
    )
    .join(_ITEM, _ITEM.c.attempt_id == _ATTEMPT.c.id)
    .outerjoin(
        _RESPONSE,
        (_RESPONSE.c.attempt_id == _ITEM.c.attempt_id) & (_RESPONSE.c.position == _ITEM.c.position),
    )
    .where(
        _ATTEMPT.c.public_id == bindparam("attempt"),
        _ATTEMPT.c.user_id == bindparam("user"),
        _ITEM.c.position == bindparam("n"),
    )
)
_SAVE = text(
    """
    INSERT INTO response (attempt_id, position, value, saved_at)
    VALUES (:attempt, :n, :value, :now)
    ON CONFLICT (attempt_id, position)
    DO UPDATE SET value = excluded.value, saved_at = excluded.saved_at
    """
).bindparams(bindparam("value", type_=JSON(none_as_null=True)), bindparam("now", type_=UtcDateTime))


def start(
    session: Session,
    user: User,
    quiz: Quiz,
    *,
    seed: int,
    language: str,
    now: datetime,
    today: date,
) -> Attempt:
    """Start an attempt, or return the one that is open.

    Raises Refused when the quiz has nothing to ask at present.
    """
    open_one = session.execute(
        select(Attempt).where(
            Attempt.user_id == user.id, Attempt.quiz_id == quiz.id, Attempt.state == "open"
        )
    ).scalar_one_or_none()
    if open_one:
        return open_one
    ready = quizzes.pool(session, quiz.bank)
    if not ready:
        raise Refused(gettext("This quiz has no question to ask at present."))
    number = session.execute(
        select(func.coalesce(func.max(Attempt.number), 0)).where(
            Attempt.user_id == user.id, Attempt.quiz_id == quiz.id
        )
    ).scalar_one()
    attempt = Attempt(
        quiz_id=quiz.id,
        user_id=user.id,
        number=number + 1,
        state="open",
        seed=seed,
        cut_score=quiz.cut_score,
        team_id=teams.team_of(session, user.id),
        language=language,
        started_at=now,
    )
    session.add(attempt)
    session.flush()
    cited = citations.cited_by(session, [r.revision.id for r in ready], today)
    shown = [
        {
            "attempt_id": attempt.id,
            "position": position,
            "item_id": r.item.id,
            "item_revision_id": r.revision.id,
            "kind": r.kind,
            "shown": forms.order(r.kind, r.revision.content, seed, r.item.uid),
            "sections": {c.reference: c.hash for c in cited.get(r.revision.id, []) if c.hash},
        }
        for position, r in enumerate(ready, start=1)
    ]
    session.execute(insert(AttemptItem), shown)
    chain.append(
        session,
        "attempt.started",
        by=user.public_id,
        about=attempt.public_id,
        at=now,
        data={
            "quiz": quiz.slug,
            "number": attempt.number,
            "seed": seed,
            "cut_score": attempt.cut_score,
            "language": language,
            "form": [[row["item_revision_id"], row["shown"], row["sections"]] for row in shown],
        },
    )
    return attempt


def own(session: Session, user_id: int, public_id: str) -> Attempt:
    """An attempt of this person. Raises Missing for anybody else's."""
    attempt = session.execute(
        select(Attempt).where(Attempt.public_id == public_id, Attempt.user_id == user_id)
    ).scalar_one_or_none()
    if attempt is None:
        raise Missing
    return attempt


@dataclass(frozen=True)
class Answer:
    """What an agent sent for one item, read and found to belong to it."""

    attempt_id: int
    position: int
    value: Value | None
    complete: bool
    is_new: bool


def read_answer(
    session: Session,
    user_id: int,
    public_id: str,
    position: int,
    sent: Callable[[str], list[str]],
) -> Answer:
    """Read what a page sent for an item of the person's open attempt.

    Raises Missing for another's attempt, Closed when it is no longer open, Invalid for an
    answer that does not belong to the item.
    """
    row = session.execute(
        _ITEM_TO_SAVE, {"attempt": public_id, "user": user_id, "n": position}
    ).first()
    if row is None:
        raise Missing
    if row.state != "open":
        raise _closed()
    lefts = 0
    if row.kind == "matching":
        revision = session.get_one(ItemRevision, row.item_revision_id)
        lefts = len(revision.content["options"])
    value = forms.read_response(row.kind, row.shown, lefts, sent)
    return Answer(row.id, position, value, is_complete(row.kind, value), value != row.value)


def store(session: Session, answer: Answer, now: datetime) -> None:
    """Store an answer; the same again changes nothing.

    Raises Closed when the attempt was closed since the answer was read.
    """
    if not answer.is_new:
        return
    try:
        session.execute(
            _SAVE,
            {
                "attempt": answer.attempt_id,
                "n": answer.position,
                "value": answer.value,
                "now": now,
            },
        )
    except IntegrityError as error:
        # The database itself takes no answer for a closed attempt.
        raise _closed() from error


def save(
    session: Session,
    user_id: int,
    public_id: str,
    position: int,
    sent: Callable[[str], list[str]],
    now: datetime,
) -> bool:
    """Read and store an answer in one go; returns whether it is complete."""
    answer = read_answer(session, user_id, public_id, position, sent)
    store(session, answer, now)
    return answer.complete


def _closed() -> Closed:
    return Closed(gettext("This attempt was submitted: it cannot change any more."))


def given(session: Session, attempt: Attempt, position: int) -> Value | None:
    """What was given for an item last, raw."""
    return session.execute(
        select(Response.value).where(
            Response.attempt_id == attempt.id, Response.position == position
        )
    ).scalar_one_or_none()


def submit(session: Session, user: User, public_id: str, now: datetime) -> Attempt:
    """Close the attempt and score it; a second submit returns the first one's result."""
    attempt = own(session, user.id, public_id)
    if attempt.state != "open":
        return attempt
    attempt.state, attempt.submitted_at = "submitted", now
    session.flush()
    score = score_now(session, attempt, "submit", now)
    chain.append(
        session,
        "attempt.submitted",
        by=user.public_id,
        about=attempt.public_id,
        at=now,
        data={
            "score": score.percent,
            "passed": score.passed,
            "responses": _history_hash(session, attempt.id),
        },
    )
    return attempt


def score_now(session: Session, attempt: Attempt, reason: str, now: datetime) -> Score:
    """Add a scoring of the attempt by the keys that are confirmed now."""
    rows = session.execute(
        select(AttemptItem.position, AttemptItem.kind, AttemptItem.item_revision_id, Response.value)
        .outerjoin(Response, _SAME_ITEM)
        .where(AttemptItem.attempt_id == attempt.id)
        .order_by(AttemptItem.position)
    ).all()
    keys = {
        key.item_revision_id: key
        for key in session.execute(
            select(ItemKey)
            .where(
                ItemKey.item_revision_id.in_([row.item_revision_id for row in rows]),
                ItemKey.state == "confirmed",
            )
            .order_by(ItemKey.version)
        ).scalars()
    }
    result = score_attempt(
        [(row.kind, keys[row.item_revision_id].value) for row in rows],
        [row.value for row in rows],
        attempt.cut_score,
    )
    number = session.execute(
        select(func.count()).where(Score.attempt_id == attempt.id)
    ).scalar_one()
    score = Score(
        attempt_id=attempt.id,
        number=number + 1,
        percent=float(result.percent),
        points=float(result.points),
        max_points=int(result.max_points),
        passed=result.passed,
        reason=reason,
        at=now,
    )
    session.add(score)
    session.flush()
    session.execute(
        insert(ItemScore),
        [
            {
                "score_id": score.id,
                "position": row.position,
                "item_key_id": keys[row.item_revision_id].id,
                "fraction": None if fraction is None else float(fraction),
            }
            for row, fraction in zip(rows, result.fractions, strict=True)
        ],
    )
    return score


def _history_hash(session: Session, attempt_id: int) -> str:
    """SHA-256 over every save of the attempt in the order of arrival."""
    digest = hashlib.sha256()
    for event in session.execute(
        select(ResponseEvent.position, ResponseEvent.value, ResponseEvent.saved_at)
        .where(ResponseEvent.attempt_id == attempt_id)
        .order_by(ResponseEvent.id)
    ):
        line = [event.position, event.value, event.saved_at.isoformat()]
        digest.update(json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def asks(session: Session, item_id: int) -> bool:
    """Whether an attempt that counts holds this item."""
    return bool(
        session.execute(
            select(
                exists().where(
                    AttemptItem.item_id == item_id,
                    AttemptItem.attempt_id == Attempt.id,
                    Attempt.state != "void",
                )
            )
        ).scalar()
    )


@dataclass(frozen=True)
class Sheet:
    """An attempt's items with what was given so far."""

    items: list[forms.ShownItem]
    complete: list[bool]
    begun: list[bool]

    @property
    def left(self) -> list[int]:
        """Positions without a complete answer."""
        return [i for i, done in enumerate(self.complete, start=1) if not done]


def sheet(session: Session, attempt: Attempt) -> Sheet:
    """The attempt as its agent sees it while it is open: no key comes near it."""
    rows = session.execute(
        select(
            AttemptItem.position,
            AttemptItem.kind,
            ItemRevision.content,
            AttemptItem.shown,
            Response.value,
        )
        .join(ItemRevision, ItemRevision.id == AttemptItem.item_revision_id)
        .outerjoin(Response, _SAME_ITEM)
        .where(AttemptItem.attempt_id == attempt.id)
        .order_by(AttemptItem.position)
    ).all()
    return Sheet(
        [forms.show(*row) for row in rows],
        [is_complete(row.kind, row.value) for row in rows],
        [row.value is not None for row in rows],
    )
