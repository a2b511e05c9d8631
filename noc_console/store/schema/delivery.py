"""Who is told of alarms, and each message to them with what came of it.

Secrets are never here: `secret` says where the engine finds one (`keyring:NAME`, `file:/path`,
`env:NAME`), `address` is an e-mail address or a chat address with its secrets masked.
"""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, metadata

recipient = sa.Table(
    "recipient",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("after_minutes", sa.Integer, nullable=False),
    sa.Column("repeat_minutes", sa.Integer, nullable=False),
    sa.Column("least", sa.Text, nullable=False),
    sa.Column("on_call", sa.Text, nullable=False),
    sa.Column("quiet", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("is_paused", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("deleted_at", Instant, nullable=True),
    sa.Index(
        "uq_recipient_live_name",
        "name",
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    ),
    sqlite_strict=True,
)

delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("recipient_id", BigId, sa.ForeignKey("recipient.id"), nullable=False, index=True),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False, index=True),
    sa.Column("next_at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("began_at", Instant, nullable=True),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Column("words", sa.Text, nullable=False),
    sqlite_strict=True,
)
"""`words` is what came of the last try, as a sentence. A test has no items."""

delivery_item = sa.Table(
    "delivery_item",
    metadata,
    sa.Column(
        "delivery_id",
        BigId,
        sa.ForeignKey("delivery.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("alarm_id", BigId, primary_key=True, index=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sqlite_strict=True,
)
"""One alarm in one message: raised, worse, still open, or cleared; its verdict as it was told."""
