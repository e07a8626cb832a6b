"""Blueprints and rules of quizzes, deadlines and holders of attempts, decisions about items."""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime
from quizapp.migrations import guards

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IMMUTABLE = ("quiz_revision", "item_decision")


def added() -> tuple[tuple[str, sa.Column], ...]:
    """Columns that are added as they are: building a table anew would drop its triggers."""
    return (
        ("quiz", sa.Column("use", sa.String(), server_default="exam", nullable=False)),
        ("quiz", sa.Column("counts", sa.String(), server_default="best", nullable=False)),
        ("quiz", sa.Column("current_revision_id", sa.Integer(), nullable=True)),
        ("attempt", sa.Column("quiz_revision_id", sa.Integer(), nullable=True)),
        ("attempt", sa.Column("terms", sa.JSON(), server_default="{}", nullable=False)),
        ("attempt", sa.Column("deadline_at", UtcDateTime(), nullable=True)),
        ("attempt", sa.Column("ended", sa.String(), nullable=True)),
        ("attempt", sa.Column("holder", sa.String(), nullable=True)),
        ("attempt", sa.Column("reached", sa.Integer(), server_default="1", nullable=False)),
        ("attempt_item", sa.Column("points", sa.Integer(), server_default="1", nullable=False)),
        (
            "attempt_item",
            sa.Column("eliminatory", sa.Boolean(), server_default=sa.false(), nullable=False),
        ),
        ("attempt_item", sa.Column("cap", sa.Integer(), nullable=True)),
        ("response", sa.Column("client", sa.String(), nullable=True)),
        ("response", sa.Column("seq", sa.BigInteger(), nullable=True)),
        ("response", sa.Column("spent", sa.Integer(), server_default="0", nullable=False)),
        ("response_event", sa.Column("client", sa.String(), nullable=True)),
        ("response_event", sa.Column("seq", sa.BigInteger(), nullable=True)),
        ("response_event", sa.Column("spent", sa.Integer(), server_default="0", nullable=False)),
        ("score", sa.Column("by", sa.String(), nullable=True)),
        ("score", sa.Column("decision_id", sa.Integer(), nullable=True)),
        ("score", sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False)),
        ("score", sa.Column("missed", sa.JSON(), server_default="[]", nullable=False)),
        ("score", sa.Column("short", sa.JSON(), server_default="[]", nullable=False)),
        (
            "item_score",
            sa.Column("treatment", sa.String(), server_default="scored", nullable=False),
        ),
    )


TABLES = (
    "notice",
    "item_decision",
    "late_response",
    "flag",
    "item_exposure",
    "release",
    "allowance",
    "quiz_revision",
)


def upgrade() -> None:
    for table, column in added():
        op.add_column(table, column)
    with op.batch_alter_table("quiz") as quiz:
        quiz.alter_column("bank_id", existing_type=sa.Integer(), nullable=True)
        quiz.alter_column("published_at", existing_type=UtcDateTime(), nullable=True)
    op.create_index(
        "ix_attempt_deadline",
        "attempt",
        ["deadline_at"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_score_decision_id", "score", ["decision_id"])
    op.create_index("ix_item_score_key", "item_score", ["item_key_id", "score_id"])
    op.create_table(
        "quiz_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("blueprint", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quiz.id"], name=op.f("fk_quiz_revision_quiz_id_quiz")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_revision")),
        sa.UniqueConstraint("quiz_id", "number", name=op.f("uq_quiz_revision_quiz_id_number")),
    )
    op.create_table(
        "allowance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (team_id IS NULL)", name=op.f("ck_allowance_person_or_team")
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_allowance_quiz_id_quiz")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_allowance_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_allowance_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance")),
    )
    op.create_index(op.f("ix_allowance_quiz_id"), "allowance", ["quiz_id"])
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_release_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quiz.id"], name=op.f("fk_release_quiz_id_quiz")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_release_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index(op.f("ix_release_user_id"), "release", ["user_id"])
    op.create_table(
        "item_exposure",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_exposure_item_id_item")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_exposure")),
    )
    op.create_table(
        "flag",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_flag_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_flag")),
    )
    op.create_table(
        "late_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", UtcDateTime(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_late_response_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_response")),
        sa.UniqueConstraint(
            "attempt_id",
            "position",
            "client",
            "seq",
            name=op.f("uq_late_response_attempt_id_position_client_seq"),
        ),
    )
    op.create_table(
        "item_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_decision_item_id_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_item_decision_public_id")),
    )
    op.create_index(op.f("ix_item_decision_item_id"), "item_decision", ["item_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_person"), "notice", ["person"])
    _give_quizzes_a_revision()
    # Attempts keep the terms they were taken by: all was shown as soon as they were submitted.
    op.execute(
        """
        UPDATE attempt SET terms =
        '{"review": {"right": "submit", "key": "submit", "explanations": "submit"}}'
        """
    )
    _count_exposure()
    _keep_history("client", "seq", "spent")
    guards.freeze(*IMMUTABLE)


def _give_quizzes_a_revision() -> None:
    """What was published from a bank asks all of it, by the rules there were."""
    bind = op.get_bind()
    rows = bind.execute(
        sa.text(
            "SELECT quiz.id, quiz.title, quiz.cut_score, quiz.published_at, bank.slug "
            "FROM quiz JOIN bank ON bank.id = quiz.bank_id"
        ).columns(published_at=UtcDateTime)
    ).all()
    revisions = sa.table(
        "quiz_revision",
        sa.column("id", sa.Integer),
        sa.column("quiz_id", sa.Integer),
        sa.column("number", sa.Integer),
        sa.column("title", sa.String),
        sa.column("blueprint", sa.JSON),
        sa.column("rules", sa.JSON),
        sa.column("reason", sa.String),
        sa.column("at", UtcDateTime),
        sa.column("by", sa.String),
    )
    for row in rows:
        made = bind.execute(
            sa.insert(revisions)
            .values(
                quiz_id=row.id,
                number=1,
                title=row.title,
                blueprint={"parts": [{"bank": row.slug}]},
                rules={"cut_score": row.cut_score},
                reason="",
                at=row.published_at,
                by="system",
            )
            .returning(revisions.c.id)
        ).scalar_one()
        bind.execute(
            sa.text("UPDATE quiz SET current_revision_id = :made WHERE id = :id"),
            {"made": made, "id": row.id},
        )


def _count_exposure() -> None:
    op.execute(
        """
        INSERT INTO item_exposure (item_id, forms, last_at)
        SELECT attempt_item.item_id, count(*), max(attempt.started_at)
        FROM attempt_item JOIN attempt ON attempt.id = attempt_item.attempt_id
        GROUP BY attempt_item.item_id
        """
    )


def _keep_history(*columns: str) -> None:
    """The history of responses keeps these columns too: which save it was."""
    names = ("attempt_id", "position", "value", "saved_at", *columns)
    for event in ("INSERT", "UPDATE"):
        guards.lift(f"response_history_{event.lower()}")
        guards.follow(
            f"response_history_{event.lower()}",
            event,
            "response",
            f"INSERT INTO response_event ({', '.join(names)}) "
            f"VALUES ({', '.join(f'NEW.{name}' for name in names)})",
        )


def downgrade() -> None:
    """Raises RuntimeError where a quiz was put together on its page: older tables cannot hold it."""
    lost = op.get_bind().scalar(
        sa.text("SELECT count(*) FROM quiz WHERE bank_id IS NULL OR published_at IS NULL")
    )
    if lost:
        raise RuntimeError(f"{lost} quizzes cannot be kept by the version before")
    _keep_history()
    guards.thaw(*IMMUTABLE)
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_item_score_key", table_name="item_score")
    op.drop_index("ix_score_decision_id", table_name="score")
    op.drop_index("ix_attempt_deadline", table_name="attempt")
    for table, column in reversed(added()):
        op.execute(f'ALTER TABLE {table} DROP COLUMN "{column.name}"')
    with op.batch_alter_table("quiz") as quiz:
        quiz.alter_column("bank_id", existing_type=sa.Integer(), nullable=False)
        quiz.alter_column("published_at", existing_type=UtcDateTime(), nullable=False)
