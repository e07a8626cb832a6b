"""Attempts: whose they are, which window writes, what they show, and how they end."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from flask_babel import gettext
from sqlalchemy import Table, bindparam, exists, select, text, update
from sqlalchemy.orm import Session

from quizapp.content.models import ItemRevision
from quizapp.errors import Invalid, Missing, Refused
from quizapp.evidence import chain
from quizapp.items.scoring import is_complete
from quizapp.people.models import User
from quizapp.quiz import forms, grading, saving
from quizapp.quiz.models import Attempt, AttemptItem, Flag, Response, ResponseEvent, Score
from quizapp.quiz.rules import GRACE, LATEST, Rules, is_over
from quizapp.quiz.saving import NOBODY, Fields

Ended = Literal["agent", "deadline"]

# Filled by create_app. Called with the person's id when an attempt was scored, in its transaction.
submitted: list[Callable[[Session, int, datetime], object]] = []

_SAME_ITEM = (Response.attempt_id == AttemptItem.attempt_id) & (
    Response.position == AttemptItem.position
)


_FLAG = text("INSERT INTO flag (attempt_id, position) VALUES (:attempt, :n) ON CONFLICT DO NOTHING")
_UNFLAG = text("DELETE FROM flag WHERE attempt_id = :attempt AND position = :n")


def own(session: Session, user_id: int, public_id: str) -> Attempt:
    """An attempt of this person. Raises Missing for anybody else's."""
    given = {"attempt": public_id, "user": user_id}
    attempt = session.execute(_OWN, given).scalar_one_or_none()
    if attempt is None:
        raise Missing
    return attempt


def _locked(session: Session, user_id: int, public_id: str) -> Attempt:
    """The same, and nobody else changes it until the commit."""
    given = {"attempt": public_id, "user": user_id}
    attempt = session.execute(_LOCK_OWN, given).scalar_one_or_none()
    if attempt is None:
        raise Missing
    return attempt


_OWN = select(Attempt).where(
    Attempt.public_id == bindparam("attempt"), Attempt.user_id == bindparam("user")
)
_LOCK_OWN = _OWN.with_for_update(key_share=True).execution_options(populate_existing=True)


def terms(attempt: Attempt) -> Rules:
    """The rules that this attempt runs by, from its start to its end."""
    return Rules.from_json({**attempt.terms, "cut_score": attempt.cut_score})


def hold(
    session: Session,
    user_id: int,
    public_id: str,
    client: str,
    *,
    now: datetime,
    was: str = "",
    take: bool = False,
) -> bool:
    """Let this window write the attempt; whether it may.

    It may when no other does, when it is the same one under its earlier name `was` (after a
    new sign-in), or when its person says so (`take`). A person writes one attempt at a time:
    the windows of their other open ones stop.
    """
    attempt = _locked(session, user_id, public_id)
    if attempt.state != "open":
        raise saving.closed()
    holder = attempt.holder
    if holder == client:
        return True
    others = session.execute(
        select(Attempt.id).where(
            Attempt.user_id == user_id,
            Attempt.state == "open",
            Attempt.id != attempt.id,
            Attempt.holder.is_not(None),
            Attempt.holder != NOBODY,
        )
    ).all()
    if ((holder is not None and (not was or holder != was)) or others) and not take:
        return False
    if others:
        session.execute(
            update(Attempt)
            .where(Attempt.user_id == user_id, Attempt.state == "open", Attempt.id != attempt.id)
            .values(holder=NOBODY)
        )
    attempt.holder = client
    session.flush()
    if take:
        person = session.get_one(User, user_id).public_id
        chain.append(
            session, "attempt.taken-over", by=person, about=attempt.public_id, at=now, data={}
        )
    return True


def let_go(session: Session, user_id: int) -> None:
    """No window of this person writes any more: they sign out, and go on elsewhere freely."""
    session.execute(
        update(Attempt)
        .where(Attempt.user_id == user_id, Attempt.state == "open", Attempt.holder.is_not(None))
        .values(holder=None)
    )


def advance(session: Session, attempt: Attempt, position: int) -> None:
    """Leave this position for the next, where one cannot go back; twice is once."""
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.reached == position)
        .values(reached=position + 1)
    )
    session.expire(attempt, ["reached"])


def flag(session: Session, user_id: int, public_id: str, position: int, *, on: bool) -> None:
    """Mark a position to come back to, or no more."""
    attempt = own(session, user_id, public_id)
    if attempt.state != "open":
        raise saving.closed()
    has_item = session.get(AttemptItem, (attempt.id, position))
    if has_item is None:
        raise Missing
    # One statement: a button that is pressed twice sends it twice.
    session.execute(_FLAG if on else _UNFLAG, {"attempt": attempt.id, "n": position})


def submit(
    session: Session,
    user: User,
    public_id: str,
    now: datetime,
    *,
    client: str | None = None,
    sheet: Iterable[tuple[int, int | None, Fields]] = (),
) -> Attempt:
    """Store what the sheet brings, close the attempt and score it.

    The sheet has (position, seq, fields) of what the page does not know to be saved. A second
    submit returns the first one's result. After the deadline and its grace the attempt ends as
    it stood at the deadline, and the sheet is kept apart. `now` is when it arrived.
    Raises Elsewhere when another window writes, Invalid for an answer that cannot be read.
    """
    attempt = _locked(session, user.id, public_id)
    if attempt.state == "open" and client is not None and attempt.holder not in (None, client):
        raise saving.elsewhere()
    is_late = is_over(attempt.deadline_at, now)
    if attempt.state != "open" and not (is_late and attempt.ended == "deadline"):
        return attempt
    if attempt.deadline_at is not None and now > attempt.deadline_at + LATEST and is_late:
        close_if_over(session, attempt, now)
        return attempt  # what comes so late is not kept either
    forward_only = terms(attempt).navigation == "sequential"
    for position, seq, fields in sheet:
        if forward_only and position != attempt.reached:
            continue
        answer = saving.read(
            session,
            user.id,
            public_id,
            position,
            fields,
            arrived=now,
            client=client or attempt.holder or saving.ANYBODY,
            seq=seq,
        )
        saving.store(session, answer)
    if attempt.state == "open":
        if is_late:
            _close(session, attempt, "deadline")
        else:
            _close(session, attempt, "agent", now)
    return attempt


def close_if_over(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Submit what was saved, if the time is over; whether it was. It ends at its deadline."""
    if attempt.state != "open" or not is_over(attempt.deadline_at, now):
        return False
    session.refresh(attempt, with_for_update={"key_share": True})
    if attempt.state == "open" and is_over(attempt.deadline_at, now):
        _close(session, attempt, "deadline")
    return True


def _close(session: Session, attempt: Attempt, ended: Ended, at: datetime | None = None) -> None:
    """Close and score; at the deadline the result is the same whoever notices it, and when."""
    at = at or attempt.deadline_at
    assert at is not None  # noqa: S101 - without a deadline only its agent ends an attempt
    attempt.state, attempt.submitted_at, attempt.ended = "submitted", at, ended
    session.flush()
    (paper,) = grading.papers(session, [attempt.id])
    keys = grading.keys_of(session, [given.revision_id for given in paper.items])
    graded = grading.grade(paper, keys)
    score = grading.NewScore(paper, keys, graded, 1, graded.result.passed)
    grading.add_scores(session, [score], reason="submit", at=at)
    person = session.get_one(User, attempt.user_id).public_id
    chain.append(
        session,
        "attempt.submitted",
        by=person if ended == "agent" else chain.SYSTEM,
        about=attempt.public_id,
        at=at,
        data={
            "ended": ended,
            "score": float(graded.result.percent),
            "passed": graded.result.passed,
            "responses": history_of(session, attempt.id),
        },
    )
    for tell in submitted:
        tell(session, attempt.user_id, at)


def history_of(session: Session, attempt_id: int) -> str:
    """The hash of an attempt's history as it is kept, for the evidence."""
    events = session.execute(_EVENTS, {"attempt": attempt_id})
    return history_hash((row.position, row.value, row.saved_at) for row in events)


def history_hash(events: Iterable[tuple[int, Any, datetime]]) -> str:
    """SHA-256 over every save of an attempt (position, value, when) in the order of arrival."""
    digest = hashlib.sha256()
    for position, value, saved_at in events:
        line = [position, value, saved_at.isoformat()]
        digest.update(json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


_EVENTS = (
    select(ResponseEvent.position, ResponseEvent.value, ResponseEvent.saved_at)
    .where(ResponseEvent.attempt_id == bindparam("attempt"))
    .order_by(ResponseEvent.id)
)


def overdue(session: Session, now: datetime, most: int = 100) -> list[Attempt]:
    """Open attempts whose deadline and grace are over, the oldest first."""
    return list(
        session.execute(
            select(Attempt)
            .where(Attempt.state == "open", Attempt.deadline_at < now - GRACE)
            .order_by(Attempt.deadline_at)
            .limit(most)
        ).scalars()
    )


def extend(
    session: Session, attempt: Attempt, minutes: int, *, reason: str, by: str, now: datetime
) -> None:
    """Give an open attempt more time. Raises Refused when it has no deadline or is closed.

    One whose time is over is closed, whether or not somebody has noticed it yet.
    """
    session.refresh(attempt, with_for_update={"key_share": True})
    if attempt.state != "open" or is_over(attempt.deadline_at, now):
        raise saving.closed()
    if attempt.deadline_at is None:
        raise Refused(gettext("This attempt has no time limit."))
    if not reason.strip() or minutes < 1:
        raise Invalid(gettext("Say how many minutes, and why."))
    attempt.deadline_at += timedelta(minutes=minutes)
    session.flush()
    chain.append(
        session,
        "attempt.extended",
        by=by,
        about=attempt.public_id,
        at=now,
        data={
            "minutes": minutes,
            "deadline": attempt.deadline_at.isoformat(),
            "reason": reason.strip(),
        },
    )


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


def closed_book(session: Session, user_id: int, now: datetime) -> str | None:
    """The public id of the person's open attempt without consultation, if there is one."""
    for public_id, deadline_at, given in session.connection().execute(_OPEN, {"user": user_id}):
        if not given.get("consultation", True) and not is_over(deadline_at, now):
            return str(public_id)
    return None


# Many pages ask: built once, and answered from the index of open attempts.
_ATTEMPT = cast(Table, Attempt.__table__)
_OPEN = select(_ATTEMPT.c.public_id, _ATTEMPT.c.deadline_at, _ATTEMPT.c.terms).where(
    _ATTEMPT.c.user_id == bindparam("user"), _ATTEMPT.c.state == "open"
)


def shows(session: Session, public_id: str, picture: str) -> bool:
    """Whether an item of this attempt shows the picture of this name."""
    contents = session.execute(
        select(ItemRevision.content)
        .join(AttemptItem, AttemptItem.item_revision_id == ItemRevision.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.public_id == public_id)
    ).scalars()
    return any(picture in json.dumps(content) for content in contents)


def showed(session: Session, user_id: int, picture: str) -> bool:
    """Whether a person was ever asked an item with the picture of this name, or with it in its
    explanation."""
    rows = session.execute(
        select(ItemRevision.content, ItemRevision.remarks)
        .join(AttemptItem, AttemptItem.item_revision_id == ItemRevision.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.user_id == user_id)
    )
    return any(picture in json.dumps([content, remarks]) for content, remarks in rows)


@dataclass(frozen=True)
class Sheet:
    """An attempt's items with what was given so far; `saves` name what came with what."""

    items: list[forms.ShownItem]
    complete: list[bool]
    begun: list[bool]
    flagged: list[bool]
    saves: list[Mapping[str, Any]]

    @property
    def left(self) -> list[int]:
        """Positions without a complete answer."""
        return [i for i, done in enumerate(self.complete, start=1) if not done]

    @property
    def flags(self) -> list[int]:
        """Positions to come back to."""
        return [i for i, is_on in enumerate(self.flagged, start=1) if is_on]


def sheet(session: Session, attempt: Attempt) -> Sheet:
    """The attempt as its agent sees it while it is open: no key comes near it."""
    rows = session.execute(
        select(
            AttemptItem.position,
            AttemptItem.kind,
            ItemRevision.content,
            AttemptItem.shown,
            Response.value,
            AttemptItem.cap,
            AttemptItem.points,
            AttemptItem.eliminatory,
            Response.client,
            Response.seq,
            Response.saved_at,
            Flag.position.label("flag"),
        )
        .join(ItemRevision, ItemRevision.id == AttemptItem.item_revision_id)
        .outerjoin(Response, _SAME_ITEM)
        .outerjoin(
            Flag,
            (Flag.attempt_id == AttemptItem.attempt_id) & (Flag.position == AttemptItem.position),
        )
        .where(AttemptItem.attempt_id == attempt.id)
        .order_by(AttemptItem.position)
    ).all()
    return Sheet(
        [forms.show(*row[:8]) for row in rows],
        [is_complete(row.kind, row.value) for row in rows],
        [row.value is not None for row in rows],
        [row.flag is not None for row in rows],
        [_save(row) for row in rows],
    )


def saves(session: Session, attempt: Attempt) -> dict[int, Mapping[str, Any]]:
    """By position, which save each answer came with."""
    rows = session.execute(
        select(Response.position, Response.client, Response.seq, Response.saved_at).where(
            Response.attempt_id == attempt.id
        )
    )
    return {row.position: _save(row) for row in rows}


def _save(row: Any) -> Mapping[str, Any]:
    mark = saving.mark(row.client, row.seq, row.saved_at)
    return {"mark": mark, "client": row.client, "seq": row.seq}


def place(session: Session, attempt: Attempt) -> int:
    """Where to go on: the first position without a complete answer, else 1.

    Where one cannot go back, the one that was reached.
    """
    if attempt.terms.get("navigation") == "sequential":
        return attempt.reached
    rows = session.execute(_GIVEN, {"attempt": attempt.id})
    return next((row.position for row in rows if not is_complete(row.kind, row.value)), 1)


_GIVEN = (
    select(AttemptItem.position, AttemptItem.kind, Response.value)
    .outerjoin(Response, _SAME_ITEM)
    .where(AttemptItem.attempt_id == bindparam("attempt"))
    .order_by(AttemptItem.position)
)


def given(session: Session, attempt: Attempt, position: int) -> dict[str, Any] | None:
    """What was given for an item last, raw."""
    return session.execute(
        select(Response.value).where(
            Response.attempt_id == attempt.id, Response.position == position
        )
    ).scalar_one_or_none()


def latest_score(session: Session, attempt: Attempt) -> Score:
    """The scoring that counts of a submitted attempt."""
    return session.execute(_LATEST_SCORE, {"attempt": attempt.id}).scalar_one()


_LATEST_SCORE = (
    select(Score)
    .where(Score.attempt_id == bindparam("attempt"))
    .order_by(Score.number.desc())
    .limit(1)
)
