"""What was rebooted or restarted from the console, and why."""

import sqlalchemy as sa
from alembic import op

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TRUTH = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of what passed the gate."""
    op.create_table(
        "gate_act",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("server_name", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("affected", sa.Text(), nullable=False),
        sa.Column("evidence_id", BIG, nullable=True),
        sa.Column("evidence_words", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("is_well", TRUTH, nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("sent_at", BIG, nullable=True),
        sa.Column("gone_at", BIG, nullable=True),
        sa.Column("back_at", BIG, nullable=True),
        sa.Column("closed_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_act")),
        sqlite_strict=True,
    )
    for column in ("asked_at", "order_id", "server_id", "state"):
        op.create_index(op.f(f"ix_gate_act_{column}"), "gate_act", [column], unique=False)
