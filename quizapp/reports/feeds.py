"""Access of another system, such as workforce management, to who is ready: by a token, to read.

A feed sees what its maker sees at that moment: it ends with their leading the team, and with them.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.errors import Invalid, Missing
from quizapp.evidence import chain
from quizapp.people.models import User
from quizapp.reports.models import Feed

LONGEST_NAME = 60
MOST = 10
# How exactly it is known when a feed was last read: each look would be a write.
SEEN_EVERY = timedelta(hours=1)


def make(session: Session, user: User, name: str, *, now: datetime) -> str:
    """Give another system access; its token, of 256 random bits, is kept nowhere.

    Raises Invalid for a name that is empty, too long or taken, and for too many feeds.
    """
    name = name.strip()
    own = of_user(session, user.id)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            gettext("Name the system that reads it, in %(n)s characters.", n=LONGEST_NAME)
        )
    if name in {one.name for one in own}:
        raise Invalid(gettext("There is a feed of this name already."))
    if len(own) >= MOST:
        raise Invalid(gettext("End a feed that is no longer read before you make another."))
    token = secrets.token_urlsafe(32)
    feed = Feed(user_id=user.id, name=name, token_hash=_hash(token), at=now)
    session.add(feed)
    session.flush()
    _record(session, "feed.made", feed, user, now)
    return token


def end(session: Session, user: User, public_id: str, *, now: datetime) -> None:
    """Take the access away. Raises Missing for another's feed and for one that has ended."""
    feed = next((one for one in of_user(session, user.id) if one.public_id == public_id), None)
    if feed is None:
        raise Missing
    feed.ended_at = now
    session.flush()
    _record(session, "feed.ended", feed, user, now)


def _record(session: Session, kind: str, feed: Feed, user: User, now: datetime) -> None:
    data = {"feed": feed.public_id, "name": feed.name}
    chain.append(session, kind, by=user.public_id, about=user.public_id, at=now, data=data)


def of_user(session: Session, user_id: int) -> list[Feed]:
    """The feeds of a person that are open, by name."""
    found = session.execute(
        select(Feed).where(Feed.user_id == user_id, Feed.ended_at.is_(None)).order_by(Feed.name)
    )
    return list(found.scalars())


def find(session: Session, token: str) -> Feed:
    """The open feed of this token, of somebody who is here and a manager. Raises Missing."""
    feed = session.execute(
        select(Feed)
        .join(User, User.id == Feed.user_id)
        .where(
            Feed.token_hash == _hash(token),
            Feed.ended_at.is_(None),
            User.left_at.is_(None),
            User.role == "manager",
        )
    ).scalar_one_or_none()
    if feed is None:
        raise Missing
    return feed


def is_new(feed: Feed, now: datetime) -> bool:
    """Whether it is worth a write that the feed was read now."""
    return feed.used_at is None or now - feed.used_at >= SEEN_EVERY


def seen(session: Session, feed_id: int, now: datetime) -> None:
    """Remember that a feed was read."""
    session.execute(update(Feed).where(Feed.id == feed_id).values(used_at=now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
