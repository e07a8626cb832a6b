"""Saving an answer: the busiest write there is, so its statements are built once.

A save is named by its client, a window of a browser, and a running number there. The same
save twice, or one that was overtaken by a later one, changes nothing and is acknowledged all
the same. Only the window that holds the attempt may write.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from flask_babel import gettext
from sqlalchemy import JSON, BigInteger, Boolean, String, Table, bindparam, select, text
from sqlalchemy.orm import Session

from quizapp.content.models import ItemRevision
from quizapp.db import UtcDateTime
from quizapp.errors import Closed, Elsewhere, Missing
from quizapp.items.scoring import is_complete
from quizapp.quiz import forms
from quizapp.quiz.models import Attempt, AttemptItem, Response
from quizapp.quiz.rules import LATEST, is_over

Value = dict[str, Any]
Outcome = Literal["saved", "late"]
Fields = Callable[[str], list[str]]

# A save that names no window: a page without script, or a command.
ANYBODY = "page"
# In the place of the holder when another attempt of the person took over.
NOBODY = "-"
# Six hours in sight are no time on one item.
LONGEST_SPENT = 6 * 3600 * 1000

_ATTEMPT, _ITEM, _RESPONSE = (
    cast(Table, model.__table__) for model in (Attempt, AttemptItem, Response)
)
_ITEM_TO_SAVE = (
    select(
        _ATTEMPT.c.id,
        _ATTEMPT.c.state,
        _ATTEMPT.c.ended,
        _ATTEMPT.c.deadline_at,
        _ATTEMPT.c.holder,
        _ATTEMPT.c.reached,
        _ATTEMPT.c.terms,
        _ITEM.c.kind,
        _ITEM.c.shown,
        _ITEM.c.cap,
        _ITEM.c.item_revision_id,
        _RESPONSE.c.value,
        _RESPONSE.c.client,
        _RESPONSE.c.seq,
        _RESPONSE.c.saved_at,
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
# The attempt's row is locked first, where the database has locks of rows: no submit, take-over
# or other save comes between looking at it and writing.
_SAVE = """
    INSERT INTO response (attempt_id, position, value, saved_at, client, seq, spent)
    SELECT attempt.id, :n, :value, :now, :client, :seq, :spent FROM attempt
    WHERE attempt.id = :attempt AND attempt.state = 'open' AND attempt.holder = :client
        AND (attempt.reached = :n OR NOT :forward)
    {lock}
    ON CONFLICT (attempt_id, position) DO UPDATE
    SET value = excluded.value, saved_at = excluded.saved_at, client = excluded.client,
        seq = excluded.seq, spent = response.spent + excluded.spent
    WHERE excluded.seq IS NULL OR response.client IS DISTINCT FROM excluded.client
        OR response.seq IS NULL OR response.seq < excluded.seq
"""
# Typed, as PostgreSQL does not guess.
_TYPES = (
    bindparam("value", type_=JSON(none_as_null=True)),
    bindparam("now", type_=UtcDateTime),
    bindparam("client", type_=String),
    bindparam("seq", type_=BigInteger),
    bindparam("forward", type_=Boolean),
)
_SAVE_ON = {
    name: text(_SAVE.format(lock=lock)).bindparams(*_TYPES)
    for name, lock in (("sqlite", ""), ("postgresql", "FOR NO KEY UPDATE OF attempt"))
}
# A person writes one attempt at a time, as `attempts.hold` has it.
_CLAIM = text(
    f"""
    UPDATE attempt SET holder = :client WHERE id = :attempt AND holder IS NULL AND NOT EXISTS (
        SELECT 1 FROM attempt AS other
        WHERE other.user_id = attempt.user_id AND other.state = 'open' AND other.id <> attempt.id
            AND other.holder IS NOT NULL AND other.holder <> '{NOBODY}'
    )
    """  # noqa: S608 - a constant
)
_STATE = select(_ATTEMPT.c.state, _ATTEMPT.c.holder, _ATTEMPT.c.reached).where(
    _ATTEMPT.c.id == bindparam("attempt")
)
_KEEP = text(
    """
    INSERT INTO late_response (attempt_id, position, value, client, seq, arrived_at)
    VALUES (:attempt, :n, :value, :client, :seq, :now) ON CONFLICT DO NOTHING
    """
).bindparams(*_TYPES[:-1])


@dataclass(frozen=True)
class Answer:
    """What an agent sent for one item, read and found to belong to it; times in UTC.

    `late` is whether it came after the end; `seq` is None where no script counts; `forward`
    is whether one cannot go back.
    """

    attempt_id: int
    position: int
    value: Value | None
    complete: bool
    is_new: bool
    client: str
    seq: int | None
    spent: int
    arrived_at: datetime
    late: bool
    unheld: bool
    deadline_at: datetime | None
    forward: bool = False


def read(
    session: Session,
    user_id: int,
    public_id: str,
    position: int,
    sent: Fields,
    *,
    arrived: datetime,
    client: str = ANYBODY,
    seq: int | None = None,
    spent: int = 0,
    seen: str | None = None,
) -> Answer:
    """Read what a page sent for an item of the person's open attempt.

    `seen` is the mark of the answer that the page showed, where no script watches over tabs:
    an answer given meanwhile in another one is not overwritten.

    Raises Missing for another's attempt, Closed when it was submitted or the item is behind
    where one cannot go back, Elsewhere when another window writes, Invalid for an answer that
    does not belong to the item.
    """
    row = session.execute(
        _ITEM_TO_SAVE, {"attempt": public_id, "user": user_id, "n": position}
    ).first()
    if row is None:
        raise Missing
    late = is_over(row.deadline_at, arrived)
    if row.state != "open" and not (late and row.ended == "deadline"):
        raise closed()
    if late and arrived > row.deadline_at + LATEST:
        raise closed()
    if row.holder not in (None, client) and not late:
        raise elsewhere()
    forward = row.terms.get("navigation") == "sequential"
    if forward and position != row.reached:
        raise behind()
    lefts = 0
    if row.kind == "matching":
        revision = session.get_one(ItemRevision, row.item_revision_id)
        lefts = len(revision.content["options"])
    value = forms.read_response(row.kind, row.shown, lefts, sent, row.cap)
    if seen not in (None, mark(row.client, row.seq, row.saved_at)) and value != row.value:
        raise Elsewhere(
            gettext("This question was answered in another window meanwhile. Look at it again.")
        )
    return Answer(
        row.id,
        position,
        value,
        is_complete(row.kind, value),
        value != row.value,
        client,
        seq,
        min(max(spent, 0), LONGEST_SPENT),
        arrived,
        late,
        row.holder is None,
        row.deadline_at,
        forward,
    )


def mark(client: str | None, seq: int | None, saved_at: datetime | None) -> str:
    """A short name of a save, "" for none.

    Never of the answer's value: what is stored goes by the source's order, which can be the key.
    """
    if saved_at is None:
        return ""
    return hashlib.sha256(f"{client} {seq} {saved_at.isoformat()}".encode()).hexdigest()[:8]


def store(session: Session, answer: Answer) -> Outcome:
    """Store an answer, or keep it apart when it is late.

    Raises Closed or Elsewhere when the attempt was closed or taken over since it was read.
    """
    if answer.late:
        _keep(session, answer)
        return "late"
    if not answer.is_new and answer.seq is None:
        return "saved"
    if answer.unheld:
        session.execute(_CLAIM, {"attempt": answer.attempt_id, "client": answer.client})
    stored: Any = session.execute(
        _SAVE_ON[session.get_bind().dialect.name],
        {
            "attempt": answer.attempt_id,
            "n": answer.position,
            "value": answer.value,
            "now": answer.arrived_at,
            "client": answer.client,
            "seq": answer.seq,
            "spent": answer.spent,
            "forward": answer.forward,
        },
    )
    if not stored.rowcount:
        _explain(session, answer)
    return "saved"


def _explain(session: Session, answer: Answer) -> None:
    """Nothing was written: because a later save was here before, which is well, or for cause."""
    state, holder, reached = session.execute(_STATE, {"attempt": answer.attempt_id}).one()
    if state != "open":
        raise closed()
    if holder != answer.client:
        raise elsewhere()
    if answer.forward and reached != answer.position:
        raise behind()


def _keep(session: Session, answer: Answer) -> None:
    if answer.is_new:
        session.execute(
            _KEEP,
            {
                "attempt": answer.attempt_id,
                "n": answer.position,
                "value": answer.value,
                "client": answer.client,
                # Without a script each is another one: none overwrites what came late before.
                "seq": answer.seq or int(answer.arrived_at.timestamp() * 1000),
                "now": answer.arrived_at,
            },
        )


def save(
    session: Session,
    user_id: int,
    public_id: str,
    position: int,
    sent: Fields,
    now: datetime,
    *,
    client: str = ANYBODY,
    seq: int | None = None,
) -> bool:
    """Read and store an answer in one go; returns whether it is complete."""
    answer = read(session, user_id, public_id, position, sent, arrived=now, client=client, seq=seq)
    store(session, answer)
    return answer.complete


def behind() -> Closed:
    """What is said of an item behind where one cannot go back."""
    return Closed(gettext("This quiz goes forward only: that question cannot change any more."))


def closed() -> Closed:
    """What is said of an attempt that is over."""
    return Closed(gettext("This attempt was submitted: it cannot change any more."))


def late() -> str:
    """What is said of an answer that came after the end."""
    return str(
        gettext(
            "The time is over: this answer came too late and does not count. It is kept, and "
            "your trainer can see it."
        )
    )


def too_late() -> str:
    """What is said of an answer that came so long after the end that it is not kept."""
    return str(gettext("The time was over long before this answer came: it does not count."))


def elsewhere() -> Elsewhere:
    """What is said to a window that no longer writes."""
    return Elsewhere(gettext("You went on with this quiz in another window."))
