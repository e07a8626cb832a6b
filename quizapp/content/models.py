"""Procedures and banks. Revisions are immutable: triggers in the database hold them so."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db import Model, UtcDateTime


class Procedure(Model):
    """A study document, known by its slug for good."""

    __tablename__ = "procedure"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    path: Mapped[str]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProcedureRevision(Model):
    """One state of a procedure, whole."""

    __tablename__ = "procedure_revision"
    __table_args__ = (UniqueConstraint("procedure_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    number: Mapped[int]
    title: Mapped[str]
    language: Mapped[str]
    format: Mapped[str]
    source: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str]
    in_force_from: Mapped[date | None]
    owner: Mapped[str]
    approved_by: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by: Mapped[str]

    procedure: Mapped[Procedure] = relationship()
    sections: Mapped[list["Section"]] = relationship(order_by="Section.position")


class Section(Model):
    """A heading with its own text; `hash` covers the text alone."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("revision_id", "anchor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("procedure_revision.id"))
    position: Mapped[int]
    anchor: Mapped[str]
    heading: Mapped[str]
    level: Mapped[int]
    line: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    hash: Mapped[str]
    # [{"label", "text", "hash"}]: read with their section, never without it.
    steps: Mapped[list[dict[str, str]]] = mapped_column(JSON)


class Bank(Model):
    """A file of items, known by its slug for good."""

    __tablename__ = "bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    path: Mapped[str]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A pointer without a foreign key: the two tables would otherwise need each other.
    current_revision_id: Mapped[int | None]


class BankRevision(Model):
    """One state of a bank: its own facts; its entries say which item revisions make it up."""

    __tablename__ = "bank_revision"
    __table_args__ = (UniqueConstraint("bank_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    number: Mapped[int]
    title: Mapped[str]
    language: Mapped[str]
    format: Mapped[str]
    cut_score: Mapped[float | None]
    source: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by: Mapped[str]

    bank: Mapped[Bank] = relationship()


class BankEntry(Model):
    """An item revision's place in a bank revision; `label` is the number a gabarito uses."""

    __tablename__ = "bank_entry"

    bank_revision_id: Mapped[int] = mapped_column(ForeignKey("bank_revision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"), index=True)
    label: Mapped[str]
    line: Mapped[int]


class Item(Model):
    """An item, known by its id within its bank; the id is never used again."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("bank_id", "uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    uid: Mapped[str]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    bank: Mapped[Bank] = relationship()


class ItemRevision(Model):
    """One state of an item, without its key.

    `content` is what an agent may see (see content.items); `remarks` is what only a
    review shows: explanation and feedback.
    """

    __tablename__ = "item_revision"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    kind: Mapped[str]
    use: Mapped[str]
    difficulty: Mapped[str | None]
    competencies: Mapped[list[str]] = mapped_column(JSON)
    tags: Mapped[list[str]] = mapped_column(JSON)
    stem: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    remarks: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What a key rests on (stem, options, kind) and the whole: hashes to detect change.
    asked_hash: Mapped[str]
    whole_hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str]

    item: Mapped[Item] = relationship()


class ItemSource(Model):
    """A section, or a step of it, that an item revision cites."""

    __tablename__ = "item_source"
    __table_args__ = (Index("ix_item_source_cited", "procedure_slug", "anchor"),)

    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    procedure_slug: Mapped[str]
    anchor: Mapped[str]
    step: Mapped[str | None]


class ItemKey(Model):
    """One version of an item's key. Rows are added, never changed; the latest speaks.

    `state` is confirmed, unconfirmed (carried over a changed item) or proposed
    (it would change what somebody was scored by).
    """

    __tablename__ = "item_key"
    __table_args__ = (
        UniqueConstraint("item_id", "version"),
        Index("ix_item_key_revision", "item_revision_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    version: Mapped[int]
    state: Mapped[str]
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    origin: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]
