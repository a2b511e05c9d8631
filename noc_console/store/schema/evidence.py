"""Recordings of the flight recorder and the exhibits in them, in the history's database."""

import sqlalchemy as sa

from noc_console.store.schema.history import history_metadata
from noc_console.store.schema.metadata import BigId, Instant, Json

recording = sa.Table(
    "recording",
    history_metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("server_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("server_name", sa.Text, nullable=False),
    sa.Column("engine_id", sa.BigInteger, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False, index=True),
    sa.Column("until", Instant, nullable=True),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Column("ended_why", sa.Text, nullable=False),
    sa.Column("absences", Json, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("is_kept", sa.Boolean(create_constraint=False), nullable=False),
    sqlite_strict=True,
)
"""`digest` is over the hashes of all exhibits, written at the end; empty until then."""

exhibit = sa.Table(
    "exhibit",
    history_metadata,
    sa.Column(
        "recording_id",
        BigId,
        sa.ForeignKey("recording.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("collector", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("took_ms", sa.Integer, nullable=False),
    sa.Column("ending", sa.Text, nullable=False),
    sa.Column("exit_status", sa.Integer, nullable=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("raw_bytes", sa.Integer, nullable=False),
    sa.Column("stored_bytes", sa.Integer, nullable=False),
    sa.Column("like", sa.Integer, nullable=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""`like` is the number of the exhibit of which `body` tells the difference; see packing."""
