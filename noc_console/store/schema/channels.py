"""Channels: where notices are posted, and how the last test of each went.

Secrets are never here: `secret` says where the engine finds one.
"""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

channel = sa.Table(
    "channel",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("settings", Json, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("brand", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("is_paused", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("tested_at", Instant, nullable=True),
    sa.Column("tested_well", sa.Boolean(create_constraint=False), nullable=True),
    sa.Column("tested_words", sa.Text, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("deleted_at", Instant, nullable=True),
    sa.Index(
        "uq_channel_live_name",
        "name",
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    ),
    sqlite_strict=True,
)
"""A channel that was removed stays for the ledger of what was posted on it, without its secret."""
