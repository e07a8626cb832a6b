"""Leaving messages for people, in the transaction of what they are about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from quizapp.db import UtcDateTime
from quizapp.notices.models import Mail, Notice


def tell(
    session: Session, person: str, kind: str, args: Mapping[str, Any], *, about: str, now: datetime
) -> None:
    """Leave a message for a person (their public id) about something (its address in the pages)."""
    session.add(Notice(person=person, kind=kind, args=dict(args), about=about, at=now))
    session.flush()


def tell_all(
    session: Session, messages: Iterable[tuple[str, str, Mapping[str, Any], str]], *, now: datetime
) -> None:
    """Leave many messages, each (person, kind, args, about), as `tell` does."""
    rows = [
        {"person": person, "kind": kind, "args": dict(args), "about": about, "at": now}
        for person, kind, args, about in messages
    ]
    if rows:
        session.execute(insert(Notice), rows)


@dataclass(frozen=True)
class Once:
    """A message that is told once only, however often it is found that it should be.

    `once` names it: what has been told under that name is not told again.
    """

    person: str
    kind: str
    args: Mapping[str, Any]
    about: str
    once: str


def untold(session: Session, messages: Iterable[Once]) -> list[Once]:
    """Those of these messages that were not told yet."""
    wanted = list(messages)
    told: set[str | None] = set()
    for start in range(0, len(wanted), _CHUNK):
        names = [one.once for one in wanted[start : start + _CHUNK]]
        told.update(session.execute(select(Notice.once).where(Notice.once.in_(names))).scalars())
    return [one for one in wanted if one.once not in told]


def tell_once(session: Session, messages: Sequence[Once], *, now: datetime) -> None:
    """Leave messages, but for those that were told meanwhile."""
    rows = [
        {
            "person": one.person,
            "kind": one.kind,
            "args": dict(one.args),
            "about": one.about,
            "at": now,
            "once": one.once,
        }
        for one in messages
    ]
    if rows:
        session.execute(_ONCE, rows)


_CHUNK = 500
_ONCE = text(
    """
    INSERT INTO notice (person, kind, args, about, at, once)
    VALUES (:person, :kind, :args, :about, :at, :once) ON CONFLICT (once) DO NOTHING
    """
).bindparams(bindparam("args", type_=JSON), bindparam("at", type_=UtcDateTime))


def messages_of(session: Session, person: str, most: int = 100) -> list[Notice]:
    """A person's messages, the newest first."""
    return list(
        session.execute(
            select(Notice).where(Notice.person == person).order_by(Notice.id.desc()).limit(most)
        ).scalars()
    )


def unread(session: Session, person: str) -> int:
    """How many messages a person has not seen."""
    found: int = session.connection().execute(_UNREAD, {"person": person}).scalar_one()
    return found


# Every page asks it.
_NOTICE = cast(Table, Notice.__table__)
_UNREAD = select(func.count(_NOTICE.c.id)).where(
    _NOTICE.c.person == bindparam("person"), _NOTICE.c.read_at.is_(None)
)


def unread_about(session: Session, person: str, about: str) -> list[Notice]:
    """What a person was told about something and has not seen, the newest first."""
    return list(
        session.execute(
            select(Notice)
            .where(Notice.person == person, Notice.read_at.is_(None), Notice.about == about)
            .order_by(Notice.id.desc())
        ).scalars()
    )


def mark_read(session: Session, person: str, now: datetime, about: str | None = None) -> None:
    """The person has seen all there is, or what is about something."""
    session.execute(
        update(Notice)
        .where(
            Notice.person == person,
            Notice.read_at.is_(None),
            *([] if about is None else [Notice.about == about]),
        )
        .values(read_at=now)
    )


def clear(session: Session, before: datetime) -> None:
    """Forget the messages by e-mail that were made before that time and ended, and what they told.

    Notices that were read before it and never went by e-mail are forgotten, too; others wait for
    their person. Not all at once, as others wait for their turn.
    """
    is_over = Mail.state.in_(["sent", "given-up"]) & (Mail.made_at < before)
    over = session.execute(select(Mail.id).where(is_over).limit(_AT_ONCE)).scalars().all()
    session.execute(delete(Notice).where(Notice.mail_id.in_(over)))
    session.execute(delete(Mail).where(Mail.id.in_(over)))
    is_seen = Notice.mail_id.is_(None) & (Notice.read_at < before)
    seen = session.execute(select(Notice.id).where(is_seen).limit(_AT_ONCE)).scalars().all()
    session.execute(delete(Notice).where(Notice.id.in_(seen)))


_AT_ONCE = 5000
