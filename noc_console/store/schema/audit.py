"""Audits: what was asked of which server, what was found, decided, signed; and what is agreed."""

import sqlalchemy as sa

from noc_console.store.schema.history import history_metadata
from noc_console.store.schema.metadata import BigId, Instant, Json, metadata

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("month", sa.Text, nullable=False, index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("catalogue", sa.Text, nullable=False),
    sa.UniqueConstraint("month", "scope", "revision"),
    sqlite_strict=True,
)

audit_server = sa.Table(
    "audit_server",
    metadata,
    sa.Column(
        "audit_id",
        BigId,
        sa.ForeignKey("audit.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("server_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("server_name", sa.Text, nullable=False),
    sa.Column("groups", Json, nullable=False),
    sa.Column("customers", Json, nullable=False),
    sa.Column("family", sa.Text, nullable=False),
    sa.Column("system", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=True),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Column("cpu_ms", sa.Integer, nullable=True),
    sqlite_strict=True,
)
"""The servers of an audit, with their names and groups as they were then. No foreign key to the
server: an audit outlives it.
"""

audit_result = sa.Table(
    "audit_result",
    metadata,
    sa.Column(
        "audit_id",
        BigId,
        sa.ForeignKey("audit.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("server_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("check_id", sa.Text, primary_key=True),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("took_ms", sa.Integer, nullable=False),
    sa.Column("cpu_ms", sa.Integer, nullable=True),
    sa.Column("evidence_sha256", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("raw_bytes", sa.BigInteger, nullable=False),
    sqlite_strict=True,
)
"""What each check came to. `evidence_sha256` is of the evidence kept, which ages out by setting;
`sha256` and `raw_bytes` are of what the server printed.
"""

audit_finding = sa.Table(
    "audit_finding",
    metadata,
    sa.Column(
        "audit_id",
        BigId,
        sa.ForeignKey("audit.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("server_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("check_id", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("marks", Json, nullable=False),
    sqlite_strict=True,
)

audit_decision = sa.Table(
    "audit_decision",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("audit_id", BigId, sa.ForeignKey("audit.id", ondelete="CASCADE"), nullable=False),
    sa.Column("server_id", sa.BigInteger, nullable=False),
    sa.Column("check_id", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_audit_decision_of", "audit_id", "server_id", "check_id", "item"),
    sqlite_strict=True,
)
"""Every decision, only ever added to; the newest for a finding holds. `until` is a day such as
2026-12-31, or empty.
"""

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    sa.Column(
        "audit_id",
        BigId,
        sa.ForeignKey("audit.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sqlite_strict=True,
)
"""The journal of an audit: each entry's SHA-256 is over itself and the one before."""

audit_signature = sa.Table(
    "audit_signature",
    metadata,
    sa.Column(
        "audit_id",
        BigId,
        sa.ForeignKey("audit.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("public_key", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sqlite_strict=True,
)
"""`role` is auditor or countersigner; `statement` is the text that was signed, `signature` an
armored SSHSIG (PROTOCOL.sshsig).
"""

audit_mending = sa.Table(
    "audit_mending",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("audit_id", BigId, sa.ForeignKey("audit.id", ondelete="CASCADE"), nullable=False),
    sa.Column("server_id", sa.BigInteger, nullable=False),
    sa.Column("check_id", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("notice_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("before_result", sa.Text, nullable=False),
    sa.Column("before_sentence", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("asked_at", Instant, nullable=True),
    sa.Column("after_result", sa.Text, nullable=False),
    sa.Column("after_sentence", sa.Text, nullable=False),
    sa.Column("after_at", Instant, nullable=True),
    sa.Index("ix_audit_mending_of", "audit_id", "server_id", "check_id", "item"),
    sqlite_strict=True,
)
"""Work that customers are told of by a notice, planned for a finding; what the check came to before
and after it. `after_result` is empty until it was looked at again. Not part of what is signed.
"""

agreed = sa.Table(
    "agreed",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("owner_kind", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_by", sa.Text, nullable=False),
    sa.Column("ended_at", Instant, nullable=True),
    sa.Index("ix_agreed_owner", "owner_kind", "owner", "kind"),
    sqlite_strict=True,
)
"""What is agreed for a server (its id as text), a group or all: ports, services, admins, keys,
repositories, the backup's path. A line that no longer holds stays, ended by a person.
"""

audit_evidence = sa.Table(
    "audit_evidence",
    history_metadata,
    sa.Column("audit_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("server_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("check_id", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""Evidence, deflated, in the history's database; it ages out by setting."""

audit_summary = sa.Table(
    "audit_summary",
    history_metadata,
    sa.Column("audit_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("server_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("check_id", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sqlite_strict=True,
)
"""What some evidence tells in short, for the window; written with it, and goes with it. Not part of
what is signed: it can be made of the evidence again.
"""
