"""What is known of each server now. Rows change on events, never once a sample (see history)."""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

server_state = sa.Table(
    "server_state",
    metadata,
    sa.Column("server_id", BigId, sa.ForeignKey("server.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("link_since", Instant, nullable=False),
    sa.Column("failure", Json, nullable=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("verdict_since", Instant, nullable=False),
    sa.Column("reasons", Json, nullable=False),
    sa.Column("last_sample_at", Instant, nullable=True),
    sa.Column("danger", Json, nullable=True),
    sa.Column("revision", sa.BigInteger, nullable=False, index=True),
    sqlite_strict=True,
)
"""`revision` is that of the noun "state" at the write of a row: readers ask for what is newer."""

server_reading = sa.Table(
    "server_reading",
    metadata,
    sa.Column("server_id", BigId, sa.ForeignKey("server.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("body", Json, nullable=False),
    sqlite_strict=True,
)

attention = sa.Table(
    "attention",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("server_id", BigId, sa.ForeignKey("server.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("until", Instant, nullable=False),
    sqlite_strict=True,
)
