"""Metric history: one journal blob a tick, sealed into one compressed block a server-hour.

These tables are in a file of their own beside the embedded store (`history.sqlite3`), so that the
backup of the core stays small; on PostgreSQL they are in the same database.
"""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId

history_metadata = sa.MetaData()

metric = sa.Table(
    "metric",
    history_metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sqlite_strict=True,
)

shape = sa.Table(
    "shape",
    history_metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("metric_ids", sa.LargeBinary, nullable=False, unique=True),
    sqlite_strict=True,
)
"""Which metrics a reading holds, in order, as little-endian uint32: readings repeat few shapes."""

journal = sa.Table(
    "journal",
    history_metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sqlite_strict=True,
)

block = sa.Table(
    "block",
    history_metadata,
    sa.Column("server_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("step_s", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("start_ms", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("end_ms", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_block_step_start", "step_s", "start_ms"),
    sqlite_strict=True,
)
