"""Engines, the spans in which they watched, orders, settings and revisions."""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

engine = sa.Table(
    "engine",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("heartbeat_at", Instant, nullable=False),
    sa.Column("stopped_at", Instant, nullable=True),
    sqlite_strict=True,
)

watch_span = sa.Table(
    "watch_span",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("engine_id", BigId, sa.ForeignKey("engine.id"), nullable=False, index=True),
    sa.Column("started_at", Instant, nullable=False, index=True),
    sa.Column("ended_at", Instant, nullable=False, index=True),
    sqlite_strict=True,
)

order = sa.Table(
    "orders",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("server_id", BigId, nullable=True),
    sa.Column("request", Json, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("engine_id", BigId, nullable=True),
    sa.Column("claimed_at", Instant, nullable=True),
    sa.Column("progress", Json, nullable=False),
    sa.Column("outcome", Json, nullable=True),
    sa.Column("closed_at", Instant, nullable=True),
    sqlite_strict=True,
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", Json, nullable=False),
    sqlite_strict=True,
)

revision = sa.Table(
    "revision",
    metadata,
    sa.Column("noun", sa.Text, primary_key=True),
    sa.Column("number", BigId, nullable=False),
    sqlite_strict=True,
)
