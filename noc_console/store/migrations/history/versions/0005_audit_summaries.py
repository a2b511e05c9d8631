"""Audits: what logs told of a server in short, beside its evidence."""

import sqlalchemy as sa
from alembic import op

revision = "history_0005"
down_revision = "history_0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table; what was collected before has no row and is read from its evidence."""
    op.create_table(
        "audit_summary",
        sa.Column("audit_id", BIG, autoincrement=False, nullable=False),
        sa.Column("server_id", BIG, autoincrement=False, nullable=False),
        sa.Column("check_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", "server_id", "check_id"),
        sqlite_strict=True,
    )
