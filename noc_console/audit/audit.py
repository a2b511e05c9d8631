"""A month's audit and how far it is on each server. Pure: no I/O, no clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

AUDITOR, COUNTERSIGNER = "auditor", "countersigner"
"""The two roles in which an audit is signed."""
EVIDENCE_DAYS = 400
"""How long evidence is kept out of the box: a year, and a month to look back from."""


class AuditState(Enum):
    """Where an audit stands."""

    OPEN = "open"
    """It is collected and judged; decisions are taken."""
    SIGNED = "signed"
    """The auditor signed; it waits for a second person. Nothing in it changes any more."""
    COUNTERSIGNED = "countersigned"


class CollectState(Enum):
    """How far the collecting is on one server."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """The server could not be asked: every check of it is not measured, and why is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One month's audit. A correction of a signed one is a new revision of the same month."""

    id: int
    month: str
    """Such as `2026-11`."""
    revision: int
    state: AuditState
    scope: str
    """In words: all servers, or which groups."""
    created_at: datetime
    created_by: str
    catalogue: str
    """The SHA-256 of the catalogue it was begun with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditServer:
    """One server within an audit, with the name and groups it had then."""

    audit_id: int
    server_id: int
    server_name: str
    groups: tuple[str, ...]
    customers: tuple[str, ...]
    family: str
    system: str
    """Such as `Debian GNU/Linux 12 (bookworm)`; empty before it was asked."""
    state: CollectState
    why: str
    started_at: datetime | None
    ended_at: datetime | None
    cpu_ms: int | None
    """What the whole batch took of the server; None where it could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person's signature under a statement."""

    role: str
    by: str
    at: datetime
    statement: str
    public_key: str
    signature: str
