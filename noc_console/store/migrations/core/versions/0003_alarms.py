"""Alarms and what befell each."""

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TRUTH = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_alarm()
    op.create_table(
        "alarm_event",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("alarm_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_event_alarm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_alarm_event_alarm_id"), "alarm_event", ["alarm_id"], unique=False)
    op.create_index(op.f("ix_alarm_event_at"), "alarm_event", ["at"], unique=False)
    op.create_table(
        "alarm_member",
        sa.Column("alarm_id", BIG, nullable=False),
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("joined_at", BIG, nullable=False),
        sa.Column("left_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_member_alarm_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["server.id"], name=op.f("fk_alarm_member_server_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alarm_id", "server_id", name=op.f("pk_alarm_member")),
        sqlite_strict=True,
    )
    op.create_table(
        "alarm_seen",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("away_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_alarm_seen")),
        sqlite_strict=True,
    )


def _make_alarm() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("server_id", BIG, nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("raised_at", BIG, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("returned_at", BIG, nullable=True),
        sa.Column("cleared_at", BIG, nullable=True),
        sa.Column("cause_id", BIG, nullable=True),
        sa.Column("is_muted", TRUTH, nullable=False),
        sa.Column("is_latched", TRUTH, nullable=False),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", BIG, nullable=True),
        sa.Column("acknowledged_reason", sa.Text(), nullable=True),
        sa.Column("acknowledged_until", BIG, nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_at", BIG, nullable=True),
        sa.Column("shelved_by", sa.Text(), nullable=True),
        sa.Column("shelved_at", BIG, nullable=True),
        sa.Column("shelved_reason", sa.Text(), nullable=True),
        sa.Column("shelved_until", BIG, nullable=True),
        sa.Column("revision", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cause_id"], ["alarm.id"], name=op.f("fk_alarm_cause_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["server.id"], name=op.f("fk_alarm_server_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sqlite_strict=True,
    )
    for column in ("server_id", "raised_at", "cleared_at", "revision"):
        op.create_index(op.f(f"ix_alarm_{column}"), "alarm", [column], unique=False)
