"""Programs, who is under way in them, awards and what was decided about those.

Revisions, awards, their basis and the acts about them are only ever added: triggers in the
database hold them so. Whether somebody is certified today is computed from these rows.
"""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db import Model, UtcDateTime
from quizapp.people.models import opaque_id


def certificate_code() -> str:
    """128 random bits in 32 hex digits: nobody finds a certificate by guessing."""
    return secrets.token_hex(16)


class Program(Model):
    """What must be read and passed to be certified, known by its slug for good."""

    __tablename__ = "program"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    path: Mapped[str]
    # Of the file's bytes as they were last taken or written: a page may have changed it since.
    file_hash: Mapped[str | None]
    # A pointer without a foreign key: the two tables would otherwise need each other.
    current_revision_id: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProgramRevision(Model):
    """One state of a program, whole; `rules` is certification.rules as JSON."""

    __tablename__ = "program_revision"
    __table_args__ = (UniqueConstraint("program_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    number: Mapped[int]
    title: Mapped[str]
    language: Mapped[str]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    intro_html: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str]
    # file, upload or page, and why it was changed there.
    origin: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]

    program: Mapped[Program] = relationship()
    steps: Mapped[list["ProgramStep"]] = relationship(order_by="ProgramStep.position")


class ProgramStep(Model):
    """One thing to read (a procedure, or one section of it by `anchor`) or a quiz to pass."""

    __tablename__ = "program_step"
    __table_args__ = (
        CheckConstraint("kind IN ('read', 'quiz')", name="kind"),
        Index("ix_program_step_target", "kind", "slug"),
    )

    program_revision_id: Mapped[int] = mapped_column(
        ForeignKey("program_revision.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    slug: Mapped[str]
    anchor: Mapped[str]


class Cohort(Model):
    """People who are trained together."""

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    name: Mapped[str] = mapped_column(unique=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"), index=True)
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CohortMember(Model):
    """A person in a cohort for a time."""

    __tablename__ = "cohort_member"
    __table_args__ = (
        Index(
            "uq_cohort_member_open",
            "cohort_id",
            "user_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Meeting(Model):
    """A day on which a cohort meets; `minutes` is how long."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("cohort_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    on: Mapped[date]
    minutes: Mapped[int | None]


class Attendance(Model):
    """Who was there, by the last word of whoever kept the list: present, absent or excused."""

    __tablename__ = "attendance"
    __table_args__ = (CheckConstraint("state IN ('present', 'absent', 'excused')", name="state"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    state: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]


class Assignment(Model):
    """Who must hold a program's certification, and by when.

    `whose` is everybody, role, team, cohort or person, `target` that role or public id (""
    for everybody). Due on a day, or so many days after it first concerns a person.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("whose IN ('everybody', 'role', 'team', 'cohort', 'person')", name="whose"),
        CheckConstraint("due_on IS NULL OR due_days IS NULL", name="one_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    whose: Mapped[str]
    target: Mapped[str]
    due_on: Mapped[date | None]
    due_days: Mapped[int | None]
    # file: named by the program's text, ended when it no longer stands there. page: by hand.
    origin: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Enrolment(Model):
    """A person under way in one cycle of a program, on the revision it began with.

    `since` is when the cycle began: what a renewal asks counts from then on; a first cycle
    counts what was read and passed before. Below the first are those that had ended when they were
    recorded (`cycles.before_all`). `due_on` is None where nobody has to. `ended` is
    awarded, recorded, released (the person no longer has to) or left (by their own will).
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("program_id", "user_id", "cycle"),
        Index(
            "uq_enrolment_open",
            "program_id",
            "user_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=opaque_id)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    program_revision_id: Mapped[int] = mapped_column(ForeignKey("program_revision.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    cycle: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[str | None]

    program: Mapped[Program] = relationship()
    revision: Mapped[ProgramRevision] = relationship()


class Waiver(Model):
    """A step that a person need not do in a cycle, by whose word and why."""

    __tablename__ = "waiver"
    __table_args__ = (
        Index(
            "uq_waiver_open",
            "enrolment_id",
            "kind",
            "slug",
            "anchor",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[str]
    slug: Mapped[str]
    anchor: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Certification(Model):
    """An award: to whom, for which cycle, until when; `printed` is what its certificate says.

    `source` is earned (by its basis) or recorded (earned elsewhere before, by the word of
    `by` and for `reason`). `signature` is Ed25519, in base64, by the key `signing_key_id` over
    the canonical JSON of `printed`. Days are the person's own.
    """

    __tablename__ = "certification"
    __table_args__ = (
        CheckConstraint("source IN ('earned', 'recorded')", name="source"),
        Index("ix_certification_person", "user_id", "program_id"),
        Index("ix_certification_valid", "valid_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True, default=certificate_code)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    program_revision_id: Mapped[int] = mapped_column(ForeignKey("program_revision.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cycle: Mapped[int]
    source: Mapped[str]
    awarded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    awarded_on: Mapped[date]
    # The last day on which it is valid; None for ever.
    valid_until: Mapped[date | None]
    printed: Mapped[dict[str, Any]] = mapped_column(JSON)
    signing_key_id: Mapped[str]
    signature: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str]

    program: Mapped[Program] = relationship()
    revision: Mapped[ProgramRevision] = relationship()


class CertificationBasis(Model):
    """What an award rests on, step by step.

    One row a section read (with its hash and when), an attempt passed, or a waiver; `ref` is
    the public id of the attempt, or the waiver's id, "" for a section.
    """

    __tablename__ = "certification_basis"
    __table_args__ = (
        Index("ix_certification_basis_ref", "kind", "ref"),
        Index("ix_certification_basis_section", "slug", "anchor"),
    )

    certification_id: Mapped[int] = mapped_column(ForeignKey("certification.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int]
    kind: Mapped[str]
    slug: Mapped[str]
    anchor: Mapped[str]
    heading: Mapped[str]
    hash: Mapped[str]
    ref: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CertificationAct(Model):
    """Revoked or reinstated, by whom and why; the last act counts."""

    __tablename__ = "certification_act"
    __table_args__ = (CheckConstraint("act IN ('revoked', 'reinstated')", name="act"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certification_id: Mapped[int] = mapped_column(ForeignKey("certification.id"), index=True)
    act: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]


class SigningKey(Model):
    """The public half of a key that signs certificates, raw in base64; the private one is a file.

    A key that was replaced signs no more and goes on verifying.
    """

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[str]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MissedLookup(Model):
    """A look for a certificate that does not exist, kept for the time that a limit looks back."""

    __tablename__ = "missed_lookup"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
