"""Notices: drafts, frozen versions, what goes where and when, to whom, and the ledger of it all.

`content` is canonical JSON, hashed as it stands here. Leases are on the database's own clock.
"""

import sqlalchemy as sa

from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("token", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("live_version", sa.Integer, nullable=True),
    sa.Column("window_id", BigId, nullable=True, index=True),
    sa.Column("incident_id", BigId, nullable=True, index=True),
    sa.Column("starts_at", Instant, nullable=True, index=True),
    sa.Column("minutes", sa.Integer, nullable=True),
    sa.Column("detected_at", Instant, nullable=True),
    sa.Column("next_update_at", Instant, nullable=True),
    sa.Column("began_at", Instant, nullable=True),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False, index=True),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sqlite_strict=True,
)
"""`token` is the same in all that is posted of a notice, so that a channel can be asked for it; a
store made anew begins with other tokens. `edition` grows with each save of the draft. The version
in force is `live_version`. `began_at` and `ended_at` are those of the work or of the trouble.
"""

notice_version = sa.Table(
    "notice_version",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("notice_id", BigId, sa.ForeignKey("notice.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("frozen_by", sa.Text, nullable=False),
    sa.Column("frozen_at", Instant, nullable=False),
    sa.Column("approved_by", sa.Text, nullable=False),
    sa.Column("approved_at", Instant, nullable=True),
    sa.Column("is_one_person", sa.Boolean(create_constraint=False), nullable=False),
    sa.UniqueConstraint("notice_id", "number"),
    sqlite_strict=True,
)
"""What was approved, as it was then; `is_one_person`: who wrote it approved it too."""

posting = sa.Table(
    "posting",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("notice_id", BigId, sa.ForeignKey("notice.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("send", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("channel_id", BigId, nullable=False, index=True),
    sa.Column("channel_name", sa.Text, nullable=False),
    sa.Column("channel_kind", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("target_id", BigId, nullable=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("next_at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("began_at", Instant, nullable=True),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("remote_id", sa.Text, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("parts", Json, nullable=False),
    sa.Column("publishes_at", Instant, nullable=True),
    sa.Column("next_update_at", Instant, nullable=True),
    sa.Column("asks_at", Instant, nullable=True),
    sa.Column("leased_by", sa.Text, nullable=False),
    sa.Column("leased_until", Instant, nullable=True),
    sa.UniqueConstraint("notice_id", "send", "round", "channel_id", "act"),
    sa.Index("ix_posting_state_next_at", "state", "next_at"),
    sqlite_strict=True,
)
"""One notice on one channel at one time. `round` counts the updates; `act` is to post, to edit or
to delete what `target_id` posted. `said` is what a person had to say with it; `title` and `body`
are the text that went. `publishes_at`: the channel has it and shows it then. `next_update_at` is
what it promised. `asks_at`: the channel is to be asked whether it has it; of one that was missed or
failed, people are to be told.
"""

mailing = sa.Table(
    "mailing",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("posting_id", BigId, sa.ForeignKey("posting.id"), nullable=False),
    sa.Column("contact_id", BigId, nullable=False, index=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("next_at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("mark", sa.Text, nullable=False, unique=True),
    sa.Column("code", sa.Integer, nullable=False),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.UniqueConstraint("posting_id", "address"),
    sa.Index(
        "ix_mailing_waiting",
        "posting_id",
        "next_at",
        sqlite_where=sa.text("state IN ('queued', 'delayed')"),
        postgresql_where=sa.text("state IN ('queued', 'delayed')"),
    ),
    sqlite_strict=True,
)
"""A posting's delivery to one recipient, as the contact was then; `code` is SMTP's last, or 0.
`mark` is its own (`notices/channels/mailing.py`), by which what comes back is told. The index holds
only those that wait: one of all states would treble what each mail writes.
"""

notice_event = sa.Table(
    "notice_event",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("notice_id", BigId, sa.ForeignKey("notice.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("details", Json, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.UniqueConstraint("notice_id", "number"),
    sqlite_strict=True,
)
"""Only ever added to; `sha256` is over the event and the `previous` one's, for each notice."""
