"""Quizzes and attempts. What was shown and answered is kept as it was."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.content.models import Bank
from quizapp.db import Model, UtcDateTime
from quizapp.people.models import opaque_id


class Quiz(Model):
    """A bank that agents may be examined on."""

    __tablename__ = "quiz"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), unique=True)
    title: Mapped[str]
    cut_score: Mapped[float]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    bank: Mapped[Bank] = relationship()


class Attempt(Model):
    """One sitting; team, language and cut score are those of its day."""

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'submitted', 'void')", name="state"),
        UniqueConstraint("user_id", "quiz_id", "number"),
        Index(
            "uq_attempt_open",
            "user_id",
            "quiz_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    number: Mapped[int]
    state: Mapped[str]
    seed: Mapped[int] = mapped_column(BigInteger)
    cut_score: Mapped[float]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    language: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    quiz: Mapped[Quiz] = relationship()


class AttemptItem(Model):
    """An item as an attempt showed it: the revision, the order, what its sections said.

    `shown` holds the source indices in the order shown: of the options, or of the
    right-hand sides of a matching item. `sections` maps what the item cites to its hash.
    """

    __tablename__ = "attempt_item"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    kind: Mapped[str]
    shown: Mapped[list[int]] = mapped_column(JSON)
    sections: Mapped[dict[str, str]] = mapped_column(JSON)


class Response(Model):
    """What the agent gave for one item last, raw, in terms of the item's source order."""

    __tablename__ = "response"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ResponseEvent(Model):
    """Every change of a response, in the order of arrival; append-only.

    A trigger on `response` writes it: there is no save without its trace.
    """

    __tablename__ = "response_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    position: Mapped[int]
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Score(Model):
    """One scoring of an attempt, in per cent; a regrade adds another, the latest counts."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("attempt_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    number: Mapped[int]
    percent: Mapped[float]
    points: Mapped[float]
    max_points: Mapped[int]
    passed: Mapped[bool]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ItemScore(Model):
    """An item's fraction in one scoring, and the key version it was measured by.

    `fraction` is null for an unanswered item: it counts as nothing, but is not wrong.
    """

    __tablename__ = "item_score"

    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_key_id: Mapped[int] = mapped_column(ForeignKey("item_key.id"))
    fraction: Mapped[float | None]


class Contest(Model):
    """An agent's objection to the key of an item they were asked; a trainer answers it.

    `accepted` is null until then. Accepting says that the key is wrong; what that does to
    scores is a decision of its own.
    """

    __tablename__ = "contest"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    item_key_id: Mapped[int] = mapped_column(ForeignKey("item_key.id"))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted: Mapped[bool | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None]
