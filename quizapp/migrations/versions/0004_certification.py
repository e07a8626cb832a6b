"""Programs and their awards, cohorts, absences, audiences, acknowledgements, e-mail."""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime
from quizapp.migrations import guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IMMUTABLE = (
    "program_revision",
    "program_step",
    "certification",
    "certification_basis",
    "certification_act",
    "acknowledgement",
)
# In the order in which they are made.
TABLES = (
    "holiday",
    "mail",
    "missed_lookup",
    "program",
    "signing_key",
    "absence",
    "assignment",
    "audience",
    "cohort",
    "program_revision",
    "acknowledgement",
    "cohort_member",
    "enrolment",
    "meeting",
    "program_step",
    "attendance",
    "certification",
    "waiver",
    "certification_act",
    "certification_basis",
)


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_holiday")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'given-up')", name=op.f("ck_mail_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    op.create_index("ix_mail_due", "mail", ["state", "next_at"])
    op.create_index(op.f("ix_mail_person"), "mail", ["person"])

    op.create_table(
        "missed_lookup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_lookup")),
    )
    op.create_index(op.f("ix_missed_lookup_address"), "missed_lookup", ["address"])
    op.create_index(op.f("ix_missed_lookup_at"), "missed_lookup", ["at"])

    op.create_table(
        "program",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=True),
        sa.Column("current_revision_id", sa.Integer(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("slug", name=op.f("uq_program_slug")),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('vacation', 'leave', 'other')", name=op.f("ck_absence_kind")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_absence_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_user_id"), "absence", ["user_id"])

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "whose IN ('everybody', 'role', 'team', 'cohort', 'person')",
            name=op.f("ck_assignment_whose"),
        ),
        sa.CheckConstraint(
            "due_on IS NULL OR due_days IS NULL", name=op.f("ck_assignment_one_due")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_assignment_program_id_program")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_program_id"), "assignment", ["program_id"])

    op.create_table(
        "audience",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('procedure', 'quiz', 'program')", name=op.f("ck_audience_kind")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_audience_team_id_team")),
        sa.PrimaryKeyConstraint("kind", "slug", "team_id", name=op.f("pk_audience")),
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("instructor_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instructor_id"], ["user.id"], name=op.f("fk_cohort_instructor_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_cohort_program_id_program")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("name", name=op.f("uq_cohort_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cohort_public_id")),
    )
    op.create_index(op.f("ix_cohort_program_id"), "cohort", ["program_id"])

    op.create_table(
        "program_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("intro_html", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_program_revision_program_id_program")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_revision")),
        sa.UniqueConstraint(
            "program_id", "number", name=op.f("uq_program_revision_program_id_number")
        ),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("section_hash", sa.String(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["procedure.id"],
            name=op.f("fk_acknowledgement_procedure_id_procedure"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["procedure_revision.id"],
            name=op.f("fk_acknowledgement_revision_id_procedure_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_acknowledgement_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
    )
    op.create_index(
        "ix_acknowledgement_place",
        "acknowledgement",
        ["user_id", "procedure_id", "anchor", "section_hash"],
    )

    op.create_table(
        "cohort_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_member_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_cohort_member_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_member")),
    )
    op.create_index(op.f("ix_cohort_member_user_id"), "cohort_member", ["user_id"])
    op.create_index(
        "uq_cohort_member_open",
        "cohort_member",
        ["cohort_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("program_revision_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_enrolment_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_enrolment_program_id_program")
        ),
        sa.ForeignKeyConstraint(
            ["program_revision_id"],
            ["program_revision.id"],
            name=op.f("fk_enrolment_program_revision_id_program_revision"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_enrolment_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint(
            "program_id", "user_id", "cycle", name=op.f("uq_enrolment_program_id_user_id_cycle")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_enrolment_public_id")),
    )
    op.create_index(op.f("ix_enrolment_user_id"), "enrolment", ["user_id"])
    op.create_index(
        "uq_enrolment_open",
        "enrolment",
        ["program_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_meeting_cohort_id_cohort")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("cohort_id", "on", name=op.f("uq_meeting_cohort_id_on")),
    )
    op.create_table(
        "program_step",
        sa.Column("program_revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('read', 'quiz')", name=op.f("ck_program_step_kind")),
        sa.ForeignKeyConstraint(
            ["program_revision_id"],
            ["program_revision.id"],
            name=op.f("fk_program_step_program_revision_id_program_revision"),
        ),
        sa.PrimaryKeyConstraint("program_revision_id", "position", name=op.f("pk_program_step")),
    )
    op.create_index("ix_program_step_target", "program_step", ["kind", "slug"])

    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('present', 'absent', 'excused')", name=op.f("ck_attendance_state")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_attendance_user_id_user")),
        sa.PrimaryKeyConstraint("meeting_id", "user_id", name=op.f("pk_attendance")),
    )
    op.create_table(
        "certification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("program_revision_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("awarded_at", UtcDateTime(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("printed", sa.JSON(), nullable=False),
        sa.Column("signing_key_id", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "source IN ('earned', 'recorded')", name=op.f("ck_certification_source")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_certification_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_certification_program_id_program")
        ),
        sa.ForeignKeyConstraint(
            ["program_revision_id"],
            ["program_revision.id"],
            name=op.f("fk_certification_program_revision_id_program_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_certification_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification")),
        sa.UniqueConstraint("code", name=op.f("uq_certification_code")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_certification_enrolment_id")),
    )
    op.create_index("ix_certification_person", "certification", ["user_id", "program_id"])
    op.create_index("ix_certification_valid", "certification", ["valid_until"])

    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_waiver_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    op.create_index(
        "uq_waiver_open",
        "waiver",
        ["enrolment_id", "kind", "slug", "anchor"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "certification_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certification_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "act IN ('revoked', 'reinstated')", name=op.f("ck_certification_act_act")
        ),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["certification.id"],
            name=op.f("fk_certification_act_certification_id_certification"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification_act")),
    )
    op.create_index(
        op.f("ix_certification_act_certification_id"), "certification_act", ["certification_id"]
    )

    op.create_table(
        "certification_basis",
        sa.Column("certification_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["certification.id"],
            name=op.f("fk_certification_basis_certification_id_certification"),
        ),
        sa.PrimaryKeyConstraint(
            "certification_id", "position", name=op.f("pk_certification_basis")
        ),
    )
    op.create_index("ix_certification_basis_ref", "certification_basis", ["kind", "ref"])
    op.create_index("ix_certification_basis_section", "certification_basis", ["slug", "anchor"])

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("once", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("mail_id", sa.Integer(), nullable=True))
        batch_op.create_index(op.f("ix_notice_mail_id"), ["mail_id"])
        batch_op.create_index("uq_notice_once", ["once"], unique=True)
        batch_op.create_foreign_key(op.f("fk_notice_mail_id_mail"), "mail", ["mail_id"], ["id"])

    op.add_column(
        "procedure", sa.Column("draft", sa.Boolean(), server_default=sa.false(), nullable=False)
    )

    op.add_column("user", sa.Column("zone", sa.String(), nullable=True))

    # A mark as read could be taken back and is nobody's word: it becomes no acknowledgement.
    # Who marked what, and when, stays in the evidence.
    op.drop_table("section_read")

    guards.freeze(*IMMUTABLE)


def downgrade() -> None:
    """Raises RuntimeError where somebody was certified: older tables cannot hold it."""
    lost = op.get_bind().scalar(sa.text("SELECT count(*) FROM certification"))
    if lost:
        raise RuntimeError(f"{lost} certifications cannot be kept by the version before")
    guards.thaw(*IMMUTABLE)
    with op.batch_alter_table("notice") as notice:
        notice.drop_index(op.f("ix_notice_mail_id"))
        notice.drop_index("uq_notice_once")
        notice.drop_constraint(op.f("fk_notice_mail_id_mail"), type_="foreignkey")
        notice.drop_column("mail_id")
        notice.drop_column("once")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("user", "zone")
    op.drop_column("procedure", "draft")
    op.create_table(
        "section_read",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("section_hash", sa.String(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_section_read_procedure_id_procedure")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_section_read_user_id_user")
        ),
        sa.PrimaryKeyConstraint("user_id", "procedure_id", "anchor", name=op.f("pk_section_read")),
    )
