"""Contacts: to whom notices go by mail, and what came back from their addresses."""

import sqlalchemy as sa
from alembic import op

revision = "core_0012"
down_revision = "core_0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of contacts and of returned mail."""
    op.create_table(
        "contact",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("customers", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("opt_outs", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("stopped_because", sa.Text(), nullable=False),
        sa.Column("stopped_at", BIG, nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", BIG, nullable=False),
        sa.Column("deleted_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("address_key", name=op.f("uq_contact_address_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "returned_mail",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("message_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mailing_id", BIG, nullable=True),
        sa.Column("contact_id", BIG, nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_mail")),
        sa.UniqueConstraint("message_key", name=op.f("uq_returned_mail_message_key")),
        sqlite_strict=True,
    )
    for column in ("at", "contact_id", "kind", "mailing_id"):
        op.create_index(op.f(f"ix_returned_mail_{column}"), "returned_mail", [column], unique=False)
