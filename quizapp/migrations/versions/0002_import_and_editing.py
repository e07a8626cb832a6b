"""Uploads, editing on pages, conflicts, pictures, jobs, published and contested keys."""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime
from quizapp.migrations import guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def added() -> tuple[tuple[str, sa.Column], ...]:
    """Columns that are added as they are: building a table anew would drop its triggers."""
    return (
        ("procedure", sa.Column("file_hash", sa.String(), nullable=True)),
        ("bank", sa.Column("file_hash", sa.String(), nullable=True)),
        (
            "procedure_revision",
            sa.Column("origin", sa.String(), server_default="file", nullable=False),
        ),
        ("procedure_revision", sa.Column("reason", sa.String(), server_default="", nullable=False)),
        ("bank_revision", sa.Column("origin", sa.String(), server_default="file", nullable=False)),
        ("bank_revision", sa.Column("reason", sa.String(), server_default="", nullable=False)),
        ("bank_revision", sa.Column("lint", sa.JSON(), server_default="{}", nullable=False)),
        ("item_revision", sa.Column("name", sa.String(), server_default="", nullable=False)),
        ("item_revision", sa.Column("category", sa.String(), server_default="", nullable=False)),
        ("item_revision", sa.Column("accepted", sa.JSON(), server_default="[]", nullable=False)),
        ("item_key", sa.Column("root_id", sa.Integer(), nullable=True)),
    )


TABLES = (
    "unwritten",
    "section_move",
    "conflict",
    "upload_file",
    "upload",
    "picture",
    "contest",
    "key_act",
    "job",
)


def upgrade() -> None:
    for table, column in added():
        op.add_column(table, column)
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_state"), "job", ["state"])
    op.create_index(op.f("ix_job_about"), "job", ["about"])
    op.create_table(
        "key_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_key_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_key_id"], ["item_key.id"], name=op.f("fk_key_act_item_key_id_item_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_act")),
    )
    op.create_index(op.f("ix_key_act_item_key_id"), "key_act", ["item_key_id"])
    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("item_key_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_contest_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_contest_item_id_item")),
        sa.ForeignKeyConstraint(
            ["item_key_id"], ["item_key.id"], name=op.f("fk_contest_item_key_id_item_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_contest_attempt_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contest_public_id")),
    )
    op.create_index(op.f("ix_contest_item_id"), "contest", ["item_id"])
    op.create_table(
        "picture",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_picture")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("public_id", name=op.f("uq_upload_public_id")),
    )
    op.create_table(
        "upload_file",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_file_upload_id_upload")
        ),
        sa.PrimaryKeyConstraint("upload_id", "position", name=op.f("pk_upload_file")),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("page_number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("kept", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    op.create_index(
        "uq_conflict_open",
        "conflict",
        ["document", "slug"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "section_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("old_anchor", sa.String(), nullable=False),
        sa.Column("new_anchor", sa.String(), nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_section_move_procedure_id_procedure")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["procedure_revision.id"],
            name=op.f("fk_section_move_revision_id_procedure_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_move")),
        sa.UniqueConstraint(
            "revision_id", "old_anchor", name=op.f("uq_section_move_revision_id_old_anchor")
        ),
    )
    op.create_index(op.f("ix_section_move_procedure_id"), "section_move", ["procedure_id"])
    op.create_table(
        "unwritten",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_unwritten_item_id_item")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_unwritten")),
    )
    _publish_what_is_asked()
    guards.freeze("key_act")


def _publish_what_is_asked() -> None:
    """Keys that quizzes rest on already were published when their quiz was."""
    op.execute(
        """
        INSERT INTO key_act (item_key_id, act, review_days, at, "by")
        SELECT item_key.id, 'published', 0, item_key.at, item_key."by"
        FROM item_key
        JOIN item ON item.id = item_key.item_id
        JOIN quiz ON quiz.bank_id = item.bank_id
        WHERE item_key.state = 'confirmed'
        """
    )


def downgrade() -> None:
    guards.thaw("key_act")
    for table in TABLES:
        op.drop_table(table)
    for table, column in reversed(added()):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")
