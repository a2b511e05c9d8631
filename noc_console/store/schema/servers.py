"""Servers, the sites on them, and the host keys a person accepted."""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

server = sa.Table(
    "server",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("port", sa.Integer, nullable=False),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("authentication", sa.Text, nullable=False),
    sa.Column("key_file", sa.Text, nullable=False),
    sa.Column("certificate_file", sa.Text, nullable=False),
    sa.Column("jumps", Json, nullable=False),
    sa.Column("groups", Json, nullable=False),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("expected_services", Json, nullable=False),
    sa.Column("checks", Json, nullable=False),
    sa.Column("brand", sa.Text, nullable=False),
    sa.Column("partner", sa.Text, nullable=False),
    sa.Column("tick_s", sa.Integer, nullable=False),
    sa.Column("allow_weak_algorithms", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("variables", Json, nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("deleted_at", Instant, nullable=True),
    sa.Index(
        "uq_server_live_name",
        "name",
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    ),
    sqlite_strict=True,
)

site = sa.Table(
    "site",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column(
        "server_id",
        BigId,
        sa.ForeignKey("server.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("domain", sa.Text, nullable=False, index=True),
    sa.Column("customer", sa.Text, nullable=False, index=True),
    sqlite_strict=True,
)

host_key = sa.Table(
    "host_key",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("address", sa.Text, nullable=False, index=True),
    sa.Column("port", sa.Integer, nullable=False),
    sa.Column("algorithm", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False, index=True),
    sa.Column("accepted_by", sa.Text, nullable=False),
    sa.Column("accepted_at", Instant, nullable=False),
    sa.Column("replaced_at", Instant, nullable=True),
    sqlite_strict=True,
)
