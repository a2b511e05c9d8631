"""Notices: drafts, versions, what goes where and when, to whom, and the ledger of it all."""

import sqlalchemy as sa
from alembic import op

revision = "core_0010"
down_revision = "core_0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TRUTH = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of notices."""
    op.create_table(
        "notice",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("live_version", sa.Integer(), nullable=True),
        sa.Column("window_id", BIG, nullable=True),
        sa.Column("incident_id", BIG, nullable=True),
        sa.Column("starts_at", BIG, nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("detected_at", BIG, nullable=True),
        sa.Column("next_update_at", BIG, nullable=True),
        sa.Column("began_at", BIG, nullable=True),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("token", name=op.f("uq_notice_token")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_notice_incident_id"), "notice", ["incident_id"], unique=False)
    op.create_index(op.f("ix_notice_made_at"), "notice", ["made_at"], unique=False)
    op.create_index(op.f("ix_notice_starts_at"), "notice", ["starts_at"], unique=False)
    op.create_index(op.f("ix_notice_state"), "notice", ["state"], unique=False)
    op.create_index(op.f("ix_notice_window_id"), "notice", ["window_id"], unique=False)
    op.create_table(
        "notice_version",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("notice_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("frozen_by", sa.Text(), nullable=False),
        sa.Column("frozen_at", BIG, nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_at", BIG, nullable=True),
        sa.Column("is_one_person", TRUTH, nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notice.id"],
            name=op.f("fk_notice_version_notice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_version")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq_notice_version_notice_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "posting",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("notice_id", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("send", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("channel_name", sa.Text(), nullable=False),
        sa.Column("channel_kind", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("target_id", BIG, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("next_at", BIG, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("began_at", BIG, nullable=True),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("publishes_at", BIG, nullable=True),
        sa.Column("next_update_at", BIG, nullable=True),
        sa.Column("asks_at", BIG, nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=False),
        sa.Column("leased_until", BIG, nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_posting_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint(
            "notice_id",
            "send",
            "round",
            "channel_id",
            "act",
            name=op.f("uq_posting_notice_id_send_round_channel_id_act"),
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_posting_channel_id"), "posting", ["channel_id"], unique=False)
    op.create_index(op.f("ix_posting_state_next_at"), "posting", ["state", "next_at"], unique=False)
    op.create_table(
        "mailing",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("contact_id", BIG, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_at", BIG, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name=op.f("fk_mailing_posting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
        sa.UniqueConstraint("mark", name=op.f("uq_mailing_mark")),
        sa.UniqueConstraint("posting_id", "address", name=op.f("uq_mailing_posting_id_address")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mailing_contact_id"), "mailing", ["contact_id"], unique=False)
    waiting = sa.text("state IN ('queued', 'delayed')")
    op.create_index(
        "ix_mailing_waiting",
        "mailing",
        ["posting_id", "next_at"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "notice_event",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("notice_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_event_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_event")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq_notice_event_notice_id_number")),
        sqlite_strict=True,
    )
