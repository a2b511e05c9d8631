"""Alarms, what befell each, the servers a group alarm is about, and what each person has seen."""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, metadata

alarm = sa.Table(
    "alarm",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column(
        "server_id",
        BigId,
        sa.ForeignKey("server.id", ondelete="CASCADE"),
        nullable=True,
        index=True,
    ),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("raised_at", Instant, nullable=False, index=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("returned_at", Instant, nullable=True),
    sa.Column("cleared_at", Instant, nullable=True, index=True),
    sa.Column("cause_id", BigId, sa.ForeignKey("alarm.id", ondelete="SET NULL"), nullable=True),
    sa.Column("is_muted", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("is_latched", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("acknowledged_by", sa.Text, nullable=True),
    sa.Column("acknowledged_at", Instant, nullable=True),
    sa.Column("acknowledged_reason", sa.Text, nullable=True),
    sa.Column("acknowledged_until", Instant, nullable=True),
    sa.Column("claimed_by", sa.Text, nullable=True),
    sa.Column("claimed_at", Instant, nullable=True),
    sa.Column("shelved_by", sa.Text, nullable=True),
    sa.Column("shelved_at", Instant, nullable=True),
    sa.Column("shelved_reason", sa.Text, nullable=True),
    sa.Column("shelved_until", Instant, nullable=True),
    sa.Column("revision", sa.BigInteger, nullable=False, index=True),
    sqlite_strict=True,
)
"""`revision` is that of the noun "alarm" at the write of a row: readers ask for what is newer."""

alarm_event = sa.Table(
    "alarm_event",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column(
        "alarm_id",
        BigId,
        sa.ForeignKey("alarm.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sqlite_strict=True,
)

alarm_member = sa.Table(
    "alarm_member",
    metadata,
    sa.Column("alarm_id", BigId, sa.ForeignKey("alarm.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("server_id", BigId, sa.ForeignKey("server.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("joined_at", Instant, nullable=False),
    sa.Column("left_at", Instant, nullable=True),
    sqlite_strict=True,
)
"""The servers whose loss an alarm explains: a network's, or those behind a jump server."""

alarm_seen = sa.Table(
    "alarm_seen",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("event_id", BigId, nullable=False),
    sa.Column("away_id", BigId, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sqlite_strict=True,
)
"""Up to which event each person at a desk has seen what befell the alarms, and up to which it came
while they were away."""
