"""What reports keep for themselves: figures worked out before, files made, views, feeds.

None of it is evidence: all but a person's own choices (views, feeds) can be made again.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcDateTime
from quizapp.people.models import opaque_id


class QuizAnalysis(Model):
    """The item analysis of a quiz as it was worked out last, over one choice of exposures.

    `stamp` names the scores it was made from: where it is no longer theirs, it is out of date.
    """

    __tablename__ = "quiz_analysis"
    __table_args__ = (
        CheckConstraint("exposures IN ('first', 'best', 'last', 'all')", name="exposures"),
    )

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), primary_key=True)
    exposures: Mapped[str] = mapped_column(primary_key=True)
    stamp: Mapped[str]
    attempts: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExportedFile(Model):
    """A report as a file that took long to make: for who asked, for a time.

    `data` is there once its job (jobs.Job, about `public_id`) is done; `teams` are the public ids
    of those whose people are in it.
    """

    __tablename__ = "exported_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str]
    args: Mapped[dict[str, str]] = mapped_column(JSON)
    format: Mapped[str]
    name: Mapped[str]
    rows: Mapped[int]
    teams: Mapped[list[str]] = mapped_column(JSON)
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SavedView(Model):
    """A report as somebody likes to see it: its filters by name, and the day it comes by e-mail.

    `weekday` is 0 for Monday, None for never; `sent_on` is the day of its last e-mail.
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str]
    kind: Mapped[str]
    args: Mapped[dict[str, str]] = mapped_column(JSON)
    weekday: Mapped[int | None]
    sent_on: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Feed(Model):
    """Read-only access of another system to who is ready, within what its maker leads.

    The token is shown once; here is its hash.
    """

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
