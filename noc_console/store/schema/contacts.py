"""Contacts, to whom notices go by mail, and what came back from their addresses."""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

contact = sa.Table(
    "contact",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("address_key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("customers", Json, nullable=False),
    sa.Column("groups", Json, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("opt_outs", Json, nullable=False),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("stopped_because", sa.Text, nullable=False),
    sa.Column("stopped_at", Instant, nullable=True),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("deleted_at", Instant, nullable=True),
    sqlite_strict=True,
)
"""`address_key` is how addresses are compared. A contact that was removed stays, marked: what they
do not want to hear is kept for the day an import brings the address again.
"""

returned_mail = sa.Table(
    "returned_mail",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("message_key", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False, index=True),
    sa.Column("mailing_id", BigId, nullable=True, index=True),
    sa.Column("contact_id", BigId, nullable=True, index=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sqlite_strict=True,
)
"""What came back from a notice's mail: one row a message, so that none counts twice. `status` is
the enhanced code of RFC 3463, such as 5.1.1, or empty.
"""
