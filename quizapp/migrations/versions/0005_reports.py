"""What reports keep: analyses, files, views, feeds; the judges of a cut score."""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# In the order in which they are made.
TABLES = (
    "exported_file",
    "feed",
    "saved_view",
    "cut_panel",
    "quiz_analysis",
    "cut_estimate",
    "cut_judge",
)


def upgrade() -> None:
    op.create_table(
        "exported_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_exported_file_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exported_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exported_file_public_id")),
    )
    op.create_index(op.f("ix_exported_file_expires_at"), "exported_file", ["expires_at"])
    op.create_index(op.f("ix_exported_file_user_id"), "exported_file", ["user_id"])

    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_feed_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feed_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_hash")),
    )
    op.create_index(op.f("ix_feed_user_id"), "feed", ["user_id"])

    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_view_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_view_public_id")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id_name")),
    )
    op.create_table(
        "cut_panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("quiz_revision_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_cut_panel_quiz_id_quiz")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cut_panel")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cut_panel_public_id")),
    )
    op.create_index(op.f("ix_cut_panel_quiz_id"), "cut_panel", ["quiz_id"])
    op.create_index(
        "uq_cut_panel_open",
        "cut_panel",
        ["quiz_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )

    op.create_table(
        "quiz_analysis",
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("exposures", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "exposures IN ('first', 'best', 'last', 'all')", name=op.f("ck_quiz_analysis_exposures")
        ),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_analysis_quiz_id_quiz")
        ),
        sa.PrimaryKeyConstraint("quiz_id", "exposures", name=op.f("pk_quiz_analysis")),
    )
    op.create_table(
        "cut_estimate",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("item_revision_id", sa.Integer(), nullable=False),
        sa.Column("of_ten", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("of_ten BETWEEN 0 AND 10", name=op.f("ck_cut_estimate_of_ten")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_cut_estimate_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["item_revision_id"],
            ["item_revision.id"],
            name=op.f("fk_cut_estimate_item_revision_id_item_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["cut_panel.id"], name=op.f("fk_cut_estimate_panel_id_cut_panel")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_cut_estimate_user_id_user")
        ),
        sa.PrimaryKeyConstraint("panel_id", "item_id", "user_id", name=op.f("pk_cut_estimate")),
    )
    op.create_table(
        "cut_judge",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["cut_panel.id"], name=op.f("fk_cut_judge_panel_id_cut_panel")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_cut_judge_user_id_user")),
        sa.PrimaryKeyConstraint("panel_id", "user_id", name=op.f("pk_cut_judge")),
    )
    op.drop_index("ix_attempt_item_item_id", "attempt_item")
    op.create_index("ix_attempt_item_asked", "attempt_item", ["item_id", "attempt_id"])
    op.create_index(
        "ix_attempt_recent",
        "attempt",
        ["user_id", "submitted_at", "quiz_id", "id"],
        sqlite_where=sa.text("state = 'submitted'"),
        postgresql_where=sa.text("state = 'submitted'"),
    )


def downgrade() -> None:
    """Raises RuntimeError where judges set a cut score: older tables cannot hold their words."""
    lost = op.get_bind().scalar(sa.text("SELECT count(*) FROM cut_panel"))
    if lost:
        raise RuntimeError(f"{lost} panels of judges cannot be kept by the version before")
    op.drop_index("ix_attempt_recent", "attempt")
    op.drop_index("ix_attempt_item_asked", "attempt_item")
    op.create_index("ix_attempt_item_item_id", "attempt_item", ["item_id"])
    for table in reversed(TABLES):
        op.drop_table(table)
