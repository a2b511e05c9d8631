"""Spans that a person marks as not watched, and windows that were extended while they went on."""

import sqlalchemy as sa
from alembic import op

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of marks; say of each run to when it was extended."""
    op.add_column("window_run", sa.Column("extended_to", BIG, nullable=True))
    op.add_column(
        "window_run", sa.Column("extended_by", sa.Text(), nullable=False, server_default="")
    )
    op.create_table(
        "unwatched_mark",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("started_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=False),
        sa.Column("marked_at", BIG, nullable=False),
        sa.Column("taken_back_by", sa.Text(), nullable=False),
        sa.Column("taken_back_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["server_id"],
            ["server.id"],
            name=op.f("fk_unwatched_mark_server_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unwatched_mark")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_unwatched_mark_ended_at"), "unwatched_mark", ["ended_at"], unique=False
    )
