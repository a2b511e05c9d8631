"""Work planned for the findings of audits; what their checks came to before and after it."""

import sqlalchemy as sa
from alembic import op

revision = "core_0014"
down_revision = "core_0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "audit_mending",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("audit_id", BIG, nullable=False),
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("notice_id", BIG, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("before_result", sa.Text(), nullable=False),
        sa.Column("before_sentence", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", BIG, nullable=True),
        sa.Column("after_result", sa.Text(), nullable=False),
        sa.Column("after_sentence", sa.Text(), nullable=False),
        sa.Column("after_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_mending_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_mending")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_audit_mending_of",
        "audit_mending",
        ["audit_id", "server_id", "check_id", "item"],
        unique=False,
    )
    op.create_index(
        op.f("ix_audit_mending_notice_id"), "audit_mending", ["notice_id"], unique=False
    )
