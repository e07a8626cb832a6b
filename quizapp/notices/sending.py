"""What becomes of a message: waiting, sending, sent or given up.

A message is marked as sending, and that committed, before the courier gets it; as sent once the
server has taken it. Of what the server took while a worker died, the journal tells the next one.
A message of which nobody knows is sent again after LEASE, under the same Message-ID: either nobody
ever handed it over, or the courier died before it could say what the server answered (RFC 1047).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from quizapp.notices.models import Mail

# Longer than the courier can take over a message, so that a sender on another machine, with a
# journal of its own, is surely through or dead.
LEASE = timedelta(minutes=10)
# So long after its claim a message may be handed over; with the courier's time less than LEASE.
FRESH = timedelta(minutes=4)
FIRST_WAIT = timedelta(minutes=5)  # doubled with each try
TRIES = 9  # the last one some 21 hours after the first


@dataclass(frozen=True)
class Claimed:
    """A message that this sender has taken, for the time of the lease."""

    id: int
    person: str
    message_id: str
    made_at: datetime
    tries: int
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether the courier would be through with it well before the lease ends."""
        return now < self.at + FRESH


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether a look for a message would find one: asked again and again."""
    return session.execute(select(Mail.id).where(*_free(now)).limit(1)).first() is not None


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Mail.state.in_(["waiting", "sending"]), Mail.next_at <= now


def claim(session: Session, now: datetime) -> Claimed | None:
    """Take a message that waits, or one whose sender fell silent; the caller commits."""
    while True:
        mail = session.execute(
            select(Mail)
            .where(*_free(now))
            .order_by(Mail.next_at, Mail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if mail is None:
            return None
        if mail.tries < TRIES:
            break
        # Its senders died of it, again and again.
        mail.state, mail.failure = "given-up", "silence"
        session.flush()
    mail.state, mail.tries, mail.next_at = "sending", mail.tries + 1, now + LEASE
    session.flush()
    return Claimed(mail.id, mail.person, mail.message_id, mail.made_at, mail.tries, now)


def took(session: Session, taken: Mapping[str, datetime]) -> None:
    """The server took these messages, by Message-ID, whoever has them now."""
    for message_id, at in taken.items():
        session.execute(
            update(Mail)
            .where(Mail.message_id == message_id, Mail.state != "sent")
            .values(state="sent", sent_at=at, failure=None)
        )


def put_off(session: Session, claimed: Claimed, why: str, now: datetime) -> None:
    """Not now: it is tried again later, each time after a longer wait, and then given up."""
    if claimed.tries >= TRIES:
        give_up(session, claimed, why)
        return
    wait = FIRST_WAIT * 2 ** (claimed.tries - 1)
    _end(session, claimed, state="waiting", next_at=now + wait, failure=why)


def put_back(session: Session, claimed: Claimed, now: datetime) -> None:
    """The server takes nothing at present, which counts as no try of this message."""
    _end(session, claimed, state="waiting", next_at=now, tries=Mail.tries - 1)


def give_up(session: Session, claimed: Claimed, why: str) -> None:
    """It cannot be sent; its notices stay in the application."""
    _end(session, claimed, state="given-up", failure=why)


def _end(session: Session, claimed: Claimed, **values: object) -> None:
    """Unless the lease ran out and another sender has it now."""
    session.execute(
        update(Mail)
        .where(Mail.id == claimed.id, Mail.state == "sending", Mail.tries == claimed.tries)
        .values(**values)
    )
