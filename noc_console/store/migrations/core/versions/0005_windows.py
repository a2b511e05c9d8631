"""Windows of maintenance, and the spans that availability is made of."""

import sqlalchemy as sa
from alembic import op

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "maintenance_window",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("servers", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("starts_at", BIG, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("recurrence", sa.Text(), nullable=True),
        sa.Column("wall_choice", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", BIG, nullable=False),
        sa.Column("cancelled_by", sa.Text(), nullable=False),
        sa.Column("cancelled_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_window")),
        sqlite_strict=True,
    )
    op.create_table(
        "window_run",
        sa.Column("window_id", BIG, nullable=False),
        sa.Column("planned_at", BIG, nullable=False),
        sa.Column("covered", sa.Text(), nullable=True),
        sa.Column("started_at", BIG, nullable=True),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("seen_down_at", BIG, nullable=True),
        sa.Column("seen_up_at", BIG, nullable=True),
        sa.Column("skipped_at", BIG, nullable=True),
        sa.Column("skipped_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["window_id"],
            ["maintenance_window.id"],
            name=op.f("fk_window_run_window_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("window_id", "planned_at", name=op.f("pk_window_run")),
        sqlite_strict=True,
    )
    op.create_table(
        "standing_span",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("started_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["server_id"],
            ["server.id"],
            name=op.f("fk_standing_span_server_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_span")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_standing_span_ended_at"), "standing_span", ["ended_at"], unique=False)
    op.create_index(
        "ix_standing_span_of", "standing_span", ["server_id", "service", "started_at"], unique=False
    )
    op.create_index(
        "uq_standing_span_open",
        "standing_span",
        ["server_id", "service"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
