"""The outbox of messages to people. Ids are opaque, not foreign keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcDateTime


class Notice(Model):
    """Something a person should know; `kind` and `args` become words where it is shown."""

    __tablename__ = "notice"
    __table_args__ = (Index("uq_notice_once", "once", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    about: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Names what is told once only, as "expiring:<code>:30".
    once: Mapped[str | None]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"), index=True)


class Mail(Model):
    """A message by e-mail about some notices of one person; the address is looked up when it goes.

    `state` is waiting, sending (handed to the server, whose word is not known yet), sent or
    given-up. `message_id` is that of the message for good, also when it is sent again.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'given-up')", name="state"),
        Index("ix_mail_due", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(index=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None]
