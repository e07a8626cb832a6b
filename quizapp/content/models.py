"""Procedures and banks. Revisions are immutable: triggers in the database hold them so."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db import Model, UtcDateTime


class Procedure(Model):
    """A study document, known by its slug for good."""

    __tablename__ = "procedure"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    path: Mapped[str]
    # Of the file's bytes as they were last taken or written: a page may have changed it since.
    file_hash: Mapped[str | None]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A draft is for those who write; nobody else finds it.
    draft: Mapped[bool] = mapped_column(server_default=false(), default=False)


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
    # file, upload, page or settled (a conflict of these), and why it was changed there.
    origin: Mapped[str] = mapped_column(server_default="file")
    reason: Mapped[str] = mapped_column(server_default="")

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
    # Of the file's bytes as they were last taken or written: a page may have changed it since.
    file_hash: Mapped[str | None]
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
    origin: Mapped[str] = mapped_column(server_default="file")
    reason: Mapped[str] = mapped_column(server_default="")
    # The bank's own severities: {code: error, warning, info or off}.
    lint: Mapped[dict[str, str]] = mapped_column(JSON, server_default="{}")

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
    name: Mapped[str] = mapped_column(server_default="")
    category: Mapped[str] = mapped_column(server_default="")
    # Codes of the lint that somebody looked at and accepted for this item.
    accepted: Mapped[list[str]] = mapped_column(JSON, server_default="[]")

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

    `state` is confirmed, unconfirmed (carried over a changed item), proposed (it would
    change what somebody was scored by) or doubtful (its file says two things; the value
    has the options hinted at). `root_id` is the version that a carried one repeats.
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
    root_id: Mapped[int | None]


class KeyAct(Model):
    """What a person did about a key version: published, seconded or confirmed it.

    Rows are added, never changed. `review_days` belongs to a publication: for so long
    after their own result people may contest it; 0 is a publication without review.
    """

    __tablename__ = "key_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_key_id: Mapped[int] = mapped_column(ForeignKey("item_key.id"), index=True)
    act: Mapped[str]
    review_days: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]


class Picture(Model):
    """An image that texts refer to by its name, which is made of its bytes (formats.images)."""

    __tablename__ = "picture"

    name: Mapped[str] = mapped_column(primary_key=True)
    mime: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str]


class Upload(Model):
    """Files that somebody brought by page, until they are taken or dropped.

    `state` is reading, ready, taking, taken, dropped or failed; `report` is what `import`
    would say.
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    report: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]

    files: Mapped[list["UploadFile"]] = relationship(order_by="UploadFile.position")


class UploadFile(Model):
    """One file of an upload; `source` is the native text that it was read as.

    `role` is file, or picture for one that came within a file: it is there to be shown.
    `shown` has the file's items or sections as the preview shows them (content.previews).
    """

    __tablename__ = "upload_file"

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    source: Mapped[str | None] = mapped_column(Text, deferred=True)
    shown: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON, deferred=True)


class Conflict(Model):
    """A file that changed what a page had changed too; a person settles it.

    `document` is "bank" or "procedure". The page's text is the revision `page_number`'s, the
    text both began from that of `base_number`.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        Index(
            "uq_conflict_open",
            "document",
            "slug",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str]
    slug: Mapped[str]
    path: Mapped[str]
    base_number: Mapped[int]
    page_number: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    file_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str | None]
    kept: Mapped[str | None]


class SectionMove(Model):
    """Where a section went that a revision no longer has under its anchor.

    `state` is recognised, asked (a person says which it is) or decided; without a
    `new_anchor` the section is gone. `how` is renamed, split or gone.
    """

    __tablename__ = "section_move"
    __table_args__ = (UniqueConstraint("revision_id", "old_anchor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("procedure_revision.id"))
    old_anchor: Mapped[str]
    new_anchor: Mapped[str | None]
    how: Mapped[str]
    state: Mapped[str]
    candidates: Mapped[list[str]] = mapped_column(JSON)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None]


class Unwritten(Model):
    """An item about something that no procedure says yet: a section to be written."""

    __tablename__ = "unwritten"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    note: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str]
