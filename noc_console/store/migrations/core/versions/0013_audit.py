"""Audits: what was asked of which server, found, decided, signed; and what is agreed."""

import sqlalchemy as sa
from alembic import op

revision = "core_0013"
down_revision = "core_0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of audits and of what is agreed."""
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("catalogue", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint(
            "month", "scope", "revision", name=op.f("uq_audit_month_scope_revision")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audit_month"), "audit", ["month"], unique=False)
    op.create_table(
        "audit_server",
        sa.Column("audit_id", BIG, autoincrement=False, nullable=False),
        sa.Column("server_id", BIG, autoincrement=False, nullable=False),
        sa.Column("server_name", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("customers", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("started_at", BIG, nullable=True),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("cpu_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_server_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "server_id", name=op.f("pk_audit_server")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_result",
        sa.Column("audit_id", BIG, autoincrement=False, nullable=False),
        sa.Column("server_id", BIG, autoincrement=False, nullable=False),
        sa.Column("check_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("cpu_ms", sa.Integer(), nullable=True),
        sa.Column("evidence_sha256", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("raw_bytes", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_result_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "server_id", "check_id", name=op.f("pk_audit_result")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_finding",
        sa.Column("audit_id", BIG, autoincrement=False, nullable=False),
        sa.Column("server_id", BIG, autoincrement=False, nullable=False),
        sa.Column("check_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("item", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_finding_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "audit_id", "server_id", "check_id", "item", name=op.f("pk_audit_finding")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_decision",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("audit_id", BIG, nullable=False),
        sa.Column("server_id", BIG, nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_decision_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_decision")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_audit_decision_of",
        "audit_decision",
        ["audit_id", "server_id", "check_id", "item"],
        unique=False,
    )
    op.create_table(
        "audit_entry",
        sa.Column("audit_id", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_entry_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "number", name=op.f("pk_audit_entry")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_signature",
        sa.Column("audit_id", BIG, autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.id"], name=op.f("fk_audit_signature_audit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("audit_id", "role", name=op.f("pk_audit_signature")),
        sqlite_strict=True,
    )
    op.create_table(
        "agreed",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("owner_kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("ended_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed")),
        sqlite_strict=True,
    )
    op.create_index("ix_agreed_owner", "agreed", ["owner_kind", "owner", "kind"], unique=False)
