"""Audits: what servers printed, kept as evidence."""

import sqlalchemy as sa
from alembic import op

revision = "history_0004"
down_revision = "history_0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of evidence; PostgreSQL keeps it as it is: it does not shrink any further."""
    op.create_table(
        "audit_evidence",
        sa.Column("audit_id", BIG, autoincrement=False, nullable=False),
        sa.Column("server_id", BIG, autoincrement=False, nullable=False),
        sa.Column("check_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", "server_id", "check_id"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE audit_evidence ALTER COLUMN body SET STORAGE EXTERNAL")
