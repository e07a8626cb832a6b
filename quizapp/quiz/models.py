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
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.content.models import Bank
from quizapp.db import Model, UtcDateTime
from quizapp.people.models import opaque_id


class Quiz(Model):
    """What agents are examined on, or practise with; its newest revision says how.

    `bank_id` is the bank that was published as this quiz; one that was put together on its
    own page has none. Title, use, cut score and what counts repeat the newest revision.
    """

    __tablename__ = "quiz"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    bank_id: Mapped[int | None] = mapped_column(ForeignKey("bank.id"), unique=True)
    title: Mapped[str]
    use: Mapped[str] = mapped_column(server_default="exam")
    cut_score: Mapped[float]
    counts: Mapped[str] = mapped_column(server_default="best")
    # Null for a draft: it is put together, but nobody may take it yet.
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A pointer without a foreign key: the two tables would otherwise need each other.
    current_revision_id: Mapped[int | None]

    bank: Mapped[Bank | None] = relationship()


class QuizRevision(Model):
    """One state of a quiz: its blueprint (quiz.blueprints) and its rules (quiz.rules)."""

    __tablename__ = "quiz_revision"
    __table_args__ = (UniqueConstraint("quiz_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    number: Mapped[int]
    title: Mapped[str]
    blueprint: Mapped[dict[str, Any]] = mapped_column(JSON)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]


class Allowance(Model):
    """Extra time or attempts for one person or one team, and why."""

    __tablename__ = "allowance"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (team_id IS NULL)", name="person_or_team"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    extra_minutes: Mapped[int]
    extra_attempts: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Release(Model):
    """A supervisor's word on who sits there: a code that lets one person start one attempt."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    code_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]
    # Wrong codes tried against it: after a few it no longer opens.
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))


class Attempt(Model):
    """One sitting; team, language and terms are those of its day.

    `terms` are the rules it runs by, whatever becomes of the quiz's. `deadline_at` is stored
    at the start, or later when somebody is given more time. `ended` says how it was closed: by
    its agent, or at the deadline. `holder` is the browser window that may write: null before
    the first one, empty when another attempt of the person took over.
    """

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
        # For what closes attempts at their end.
        Index(
            "ix_attempt_deadline",
            "deadline_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        # For what people did of late, however much they did before. With what reports ask of it:
        # the rows themselves are long and stand far apart.
        Index(
            "ix_attempt_recent",
            "user_id",
            "submitted_at",
            "quiz_id",
            "id",
            sqlite_where=text("state = 'submitted'"),
            postgresql_where=text("state = 'submitted'"),
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
    # Without a foreign key, as `decision_id` below: SQLite adds none to a table that is there.
    quiz_revision_id: Mapped[int | None]
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[str | None]
    holder: Mapped[str | None]
    # The furthest position that was shown; what matters where one cannot go back.
    reached: Mapped[int] = mapped_column(server_default="1")

    quiz: Mapped[Quiz] = relationship()


class AttemptItem(Model):
    """An item as an attempt showed it: the revision, the order, what its sections said.

    `shown` holds the source indices in the order shown: of the options, or of the
    right-hand sides of a matching item. `sections` maps what the item cites to its hash.
    `cap` is how many options may be chosen at most, where the rules limit that.
    """

    __tablename__ = "attempt_item"
    # Whether an attempt asked an item is found without reading all that asked it.
    __table_args__ = (Index("ix_attempt_item_asked", "item_id", "attempt_id"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    kind: Mapped[str]
    shown: Mapped[list[int]] = mapped_column(JSON)
    sections: Mapped[dict[str, str]] = mapped_column(JSON)
    points: Mapped[int] = mapped_column(server_default="1")
    eliminatory: Mapped[bool] = mapped_column(server_default=false())
    cap: Mapped[int | None]


class ItemExposure(Model):
    """In how many forms an item was shown, counted as they are made."""

    __tablename__ = "item_exposure"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    forms: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Flag(Model):
    """An item that its agent wants to come back to."""

    __tablename__ = "flag"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)


class Response(Model):
    """What the agent gave for one item last, raw, in terms of the item's source order.

    `client` and `seq` name the save: a window of a browser, and its running number there.
    `spent` is how long the item was in sight before this save, in milliseconds, as the
    browser says.
    """

    __tablename__ = "response"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    client: Mapped[str | None]
    seq: Mapped[int | None] = mapped_column(BigInteger)
    spent: Mapped[int] = mapped_column(server_default="0")


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
    client: Mapped[str | None]
    seq: Mapped[int | None] = mapped_column(BigInteger)
    spent: Mapped[int] = mapped_column(server_default="0")


class LateResponse(Model):
    """What arrived after the end, kept apart: it is scored only if a trainer takes it in."""

    __tablename__ = "late_response"
    __table_args__ = (UniqueConstraint("attempt_id", "position", "client", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    client: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted: Mapped[bool | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None]
    reason: Mapped[str] = mapped_column(server_default="")


class ItemDecision(Model):
    """What was decided about an item after it was answered; scores are added by it.

    `kind` is replaced (another key), both (the old one and another) or void; `policy`, for
    void, is better (left out, each keeps the better score) or everyone (points to all).
    `revisions` are the item revisions it is about, `keys` maps them to their new key's id.
    """

    __tablename__ = "item_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    kind: Mapped[str]
    policy: Mapped[str]
    revisions: Mapped[list[int]] = mapped_column(JSON)
    keys: Mapped[dict[str, int]] = mapped_column(JSON)
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]


class Score(Model):
    """One scoring of an attempt, in per cent; a regrade adds another, the latest counts.

    `kept` is set where the attempt stays passed though these keys would not pass it: a pass
    is taken away by a decision about the person, never by a change of an item. `missed` are
    the eliminatory positions that were not right, `short` the competencies below their minimum.
    """

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        Index("ix_score_decision_id", "decision_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    number: Mapped[int]
    percent: Mapped[float]
    points: Mapped[float]
    max_points: Mapped[int]
    passed: Mapped[bool]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str | None]
    decision_id: Mapped[int | None]
    kept: Mapped[bool] = mapped_column(server_default=false())
    missed: Mapped[list[int]] = mapped_column(JSON, server_default="[]")
    short: Mapped[list[str]] = mapped_column(JSON, server_default="[]")


class ItemScore(Model):
    """An item's fraction in one scoring, and the key version it was measured by.

    `fraction` is null for an unanswered item: it counts as nothing, but is not wrong.
    `treatment` is scored, voided (left out) or granted (points to everyone).
    """

    __tablename__ = "item_score"
    # For the first result that rests on a key.
    __table_args__ = (Index("ix_item_score_key", "item_key_id", "score_id"),)

    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_key_id: Mapped[int] = mapped_column(ForeignKey("item_key.id"))
    fraction: Mapped[float | None]
    treatment: Mapped[str] = mapped_column(server_default="scored")


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


class CutPanel(Model):
    """Judges who set a quiz's cut score: each says how hard each item is for the barely ready.

    It is open until `closed_at`; `quiz_revision_id` is the state of the quiz that it was closed
    for, `reason` what was decided and why.
    """

    __tablename__ = "cut_panel"
    __table_args__ = (
        Index(
            "uq_cut_panel_open",
            "quiz_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    quiz_revision_id: Mapped[int | None]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None]
    reason: Mapped[str] = mapped_column(server_default="")


class CutJudge(Model):
    """A person asked to judge; `done_at` is when they handed their estimates in."""

    __tablename__ = "cut_judge"

    panel_id: Mapped[int] = mapped_column(ForeignKey("cut_panel.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CutEstimate(Model):
    """How many of ten barely ready agents get an item right, as one judge sees it."""

    __tablename__ = "cut_estimate"
    __table_args__ = (CheckConstraint("of_ten BETWEEN 0 AND 10", name="of_ten"),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("cut_panel.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    of_ten: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
