"""Lines and profiles that people chose, for a server, a group or all servers."""

import sqlalchemy as sa

from noc_console.store.schema.metadata import Instant, Json, metadata

line = sa.Table(
    "line",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("lines", Json, nullable=False),
    sa.Column("chosen_by", sa.Text, nullable=False),
    sa.Column("chosen_at", Instant, nullable=False),
    sqlite_strict=True,
)
"""`owner` is a server's id, a group's name, or empty for all servers."""

profile_choice = sa.Table(
    "profile_choice",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("profile", sa.Text, nullable=False),
    sa.Column("chosen_by", sa.Text, nullable=False),
    sa.Column("chosen_at", Instant, nullable=False),
    sqlite_strict=True,
)
