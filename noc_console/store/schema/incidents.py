"""Incidents, what was written to each, whom each affects, and handovers of a shift."""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

incident = sa.Table(
    "incident",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("opened_at", Instant, nullable=False, index=True),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("resolved_at", Instant, nullable=True),
    sa.Column("resolved_by", sa.Text, nullable=False),
    sa.Column("closed_at", Instant, nullable=True),
    sa.Column("closed_by", sa.Text, nullable=False),
    sa.Column("lead", sa.Text, nullable=False),
    sa.Column("communicator", sa.Text, nullable=False),
    sa.Column("scribe", sa.Text, nullable=False),
    sa.Column("next_update_at", Instant, nullable=True),
    sa.Column("update_every_s", sa.Integer, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("lessons", sa.Text, nullable=False),
    sqlite_strict=True,
)

incident_server = sa.Table(
    "incident_server",
    metadata,
    sa.Column("incident_id", BigId, sa.ForeignKey("incident.id"), primary_key=True),
    sa.Column("server_id", BigId, primary_key=True, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sites", Json, nullable=False),
    sqlite_strict=True,
)
"""A server's name and its sites as they were then: customers that move later do not change it."""

incident_alarm = sa.Table(
    "incident_alarm",
    metadata,
    sa.Column("incident_id", BigId, sa.ForeignKey("incident.id"), primary_key=True),
    sa.Column("alarm_id", BigId, primary_key=True, index=True),
    sqlite_strict=True,
)

incident_entry = sa.Table(
    "incident_entry",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("incident_id", BigId, sa.ForeignKey("incident.id"), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("written_at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("due_at", Instant, nullable=True),
    sqlite_strict=True,
)
"""`at` is when it happened, `written_at` when it was written, `due_at` what was promised then."""

handover = sa.Table(
    "handover",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("given_at", Instant, nullable=False, index=True),
    sa.Column("given_by", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("taken_at", Instant, nullable=True),
    sa.Column("taken_by", sa.Text, nullable=False),
    sa.Column("page", Json, nullable=False),
    sqlite_strict=True,
)
"""`page` is all that stood on the page when the shift was given."""
