"""Users, teams and who belongs to which, when."""

import secrets
from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcDateTime

Role = Literal["agent", "manager", "trainer", "admin"]
ROLES: tuple[Role, ...] = ("agent", "manager", "trainer", "admin")


def opaque_id() -> str:
    """An id that says nothing: for addresses and for the evidence."""
    return secrets.token_hex(8)


def session_token() -> str:
    """What ties a session to the present password; a new one ends all sessions."""
    return secrets.token_hex(16)


class User(Model):
    """A person, once and for all: whoever leaves and returns is the same row."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("role IN ('agent', 'manager', 'trainer', 'admin')", name="role"),
        CheckConstraint(
            "employee_number IS NOT NULL OR email IS NOT NULL", name="can_be_addressed"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    name: Mapped[str]
    role: Mapped[str]
    employee_number: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    session_token: Mapped[str] = mapped_column(default=session_token)
    locale: Mapped[str | None]
    theme: Mapped[str | None]
    # The name of the time zone the person lives by, None for the installation's.
    zone: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Team(Model):
    """People who work together and those who lead them."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Model):
    """A person in a team for a time; `leads` is a manager's."""

    __tablename__ = "membership"
    __table_args__ = (
        # An agent is in one team at a time; a manager may lead several.
        Index(
            "uq_membership_agent",
            "user_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND NOT leads"),
            postgresql_where=text("ended_at IS NULL AND NOT leads"),
        ),
        Index(
            "uq_membership_open",
            "user_id",
            "team_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    leads: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Absence(Model):
    """Days on which a person is away, the last one None while nobody knows it.

    `kind` is vacation, leave or other: why somebody is on leave is nobody's business here.
    """

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("kind IN ('vacation', 'leave', 'other')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str]
    first: Mapped[date]
    last: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Holiday(Model):
    """A day on which nothing falls due."""

    __tablename__ = "holiday"

    on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]


class Audience(Model):
    """A team for which a procedure, quiz or program is meant; what has none is for everybody."""

    __tablename__ = "audience"
    __table_args__ = (CheckConstraint("kind IN ('procedure', 'quiz', 'program')", name="kind"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)


class OneTimeCode(Model):
    """A code that lets its owner set a password once; only its hash is kept."""

    __tablename__ = "one_time_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    code_hash: Mapped[str]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FailedSignIn(Model):
    """A failed try, kept for the time that a limit looks back. Names are hashed."""

    __tablename__ = "failed_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_hash: Mapped[str] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
