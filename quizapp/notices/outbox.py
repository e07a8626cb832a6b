"""Leaving messages for people, in the transaction of what they are about."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from quizapp.notices.models import Notice


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
