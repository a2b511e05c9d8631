"""Windows of maintenance, how each of their occurrences went, and the spans of standing.

And the spans that a person says were seen wrongly.
"""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

maintenance_window = sa.Table(
    "maintenance_window",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("servers", Json, nullable=False),
    sa.Column("groups", Json, nullable=False),
    sa.Column("services", Json, nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("recurrence", Json, nullable=True),
    sa.Column("wall_choice", sa.Text, nullable=False),
    sa.Column("notice", sa.Text, nullable=False),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("entered_by", sa.Text, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
    sa.Column("cancelled_by", sa.Text, nullable=False),
    sa.Column("cancelled_at", Instant, nullable=True),
    sqlite_strict=True,
)
"""A start instant and minutes, never two wall times; `zone` keeps the wall time of the repeats."""

window_run = sa.Table(
    "window_run",
    metadata,
    sa.Column(
        "window_id",
        BigId,
        sa.ForeignKey("maintenance_window.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("planned_at", Instant, primary_key=True),
    sa.Column("covered", Json, nullable=True),
    sa.Column("started_at", Instant, nullable=True),
    sa.Column("started_by", sa.Text, nullable=False),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Column("ended_by", sa.Text, nullable=False),
    sa.Column("seen_down_at", Instant, nullable=True),
    sa.Column("seen_up_at", Instant, nullable=True),
    sa.Column("skipped_at", Instant, nullable=True),
    sa.Column("skipped_by", sa.Text, nullable=False),
    sa.Column("extended_to", Instant, nullable=True),
    sa.Column("extended_by", sa.Text, nullable=False, server_default=""),
    sqlite_strict=True,
)
"""`covered` holds the ids of the servers it was for when it began: groups change later."""

standing_span = sa.Table(
    "standing_span",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("server_id", BigId, sa.ForeignKey("server.id", ondelete="CASCADE"), nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, nullable=True, index=True),
    sa.Index("ix_standing_span_of", "server_id", "service", "started_at"),
    sa.Index(
        "uq_standing_span_open",
        "server_id",
        "service",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sqlite_strict=True,
)
"""Up or down; what no span covers is not watched. `service` is empty for the server itself. An
open span lasts as long as its engine watches (see `watch_span`), so nothing is written meanwhile.
"""

unwatched_mark = sa.Table(
    "unwatched_mark",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("server_id", BigId, sa.ForeignKey("server.id", ondelete="CASCADE"), nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("marked_by", sa.Text, nullable=False),
    sa.Column("marked_at", Instant, nullable=False),
    sa.Column("taken_back_by", sa.Text, nullable=False),
    sa.Column("taken_back_at", Instant, nullable=True),
    sqlite_strict=True,
)
"""What a person says was seen wrongly: it counts as not watched. No service: all of a server.

Nothing is deleted: one that is taken back stays, with who took it back.
"""
