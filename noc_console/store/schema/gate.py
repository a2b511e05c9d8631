"""What was rebooted or restarted from the console: why, by whom, and what came of it."""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

gate_act = sa.Table(
    "gate_act",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("order_id", BigId, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("server_id", BigId, nullable=False, index=True),
    sa.Column("server_name", sa.Text, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("affected", Json, nullable=False),
    sa.Column("evidence_id", BigId, nullable=True),
    sa.Column("evidence_words", sa.Text, nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("steps", Json, nullable=False),
    sa.Column("before", Json, nullable=True),
    sa.Column("after", Json, nullable=True),
    sa.Column("findings", Json, nullable=False),
    sa.Column("is_well", sa.Boolean(create_constraint=False), nullable=True),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("sent_at", Instant, nullable=True),
    sa.Column("gone_at", Instant, nullable=True),
    sa.Column("back_at", Instant, nullable=True),
    sa.Column("closed_at", Instant, nullable=True),
    sqlite_strict=True,
)
"""A server's name is kept too: what was done outlives the server's row."""
