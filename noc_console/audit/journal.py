"""The journal of an audit: what was decided and signed; hash-chained, only ever added to.

Each entry's SHA-256 is over itself and the one before, so that one that was changed, taken out or
put in later shows, and which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from noc_console.store.digest import digest
from noc_console.store.schema.audit import audit, audit_entry
from noc_console.store.schema.metadata import to_ms


class EntryKind(Enum):
    """What can befall an audit."""

    COLLECTED = "collected"
    """A run ended, and how."""
    LOOKED_AGAIN = "looked again"
    """One check of one server was done again."""
    DECIDED = "decided"
    SEALED = "sealed"
    """All that stands in it was written down as digests, to be signed."""
    SIGNED = "signed"
    COUNTERSIGNED = "countersigned"
    REVISED = "revised"
    """It began as a correction of a signed one."""
    AGED = "evidence aged out"
    """Evidence older than the setting says was let go; its hashes stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry; `body` holds plain values."""

    number: int
    at: datetime
    by: str
    kind: EntryKind
    body: Mapping[str, Any]
    previous: str
    sha256: str


def add_entry(
    connection: sa.Connection,
    audit_id: int,
    kind: EntryKind,
    body: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
) -> str:
    """Add an entry inside a write; gives its hash. Writes to one audit follow one another."""
    connection.execute(sa.select(audit.c.id).where(audit.c.id == audit_id).with_for_update())
    last = connection.execute(
        sa.select(audit_entry.c.number, audit_entry.c.sha256)
        .where(audit_entry.c.audit_id == audit_id)
        .order_by(audit_entry.c.number.desc())
        .limit(1)
    ).first()
    number, previous = (last.number + 1, last.sha256) if last else (1, "")
    sha256 = _hash(audit_id, number, at, by, kind.value, body, previous)
    connection.execute(
        sa.insert(audit_entry).values(
            audit_id=audit_id,
            number=number,
            at=at,
            by=by,
            kind=kind.value,
            body=dict(body),
            previous=previous,
            sha256=sha256,
        )
    )
    return sha256


def entries_of(connection: sa.Connection, audit_id: int) -> list[Entry]:
    """Give the journal of an audit, in order.

    Raises:
        ValueError: an entry is of no kind that there is, or holds no JSON.
    """
    query = (
        sa.select(audit_entry)
        .where(audit_entry.c.audit_id == audit_id)
        .order_by(audit_entry.c.number)
    )
    return [
        Entry(
            number=row.number,
            at=row.at,
            by=row.by,
            kind=EntryKind(row.kind),
            body=row.body,
            previous=row.previous,
            sha256=row.sha256,
        )
        for row in connection.execute(query)
    ]


def break_in(entries: Sequence[Entry], audit_id: int) -> int | None:
    """Give the number of the first entry that is not as it was written; None: all are. Pure."""
    previous = ""
    for expected, one in enumerate(entries, start=1):
        found = _hash(audit_id, one.number, one.at, one.by, one.kind.value, one.body, previous)
        if one.number != expected or one.previous != previous or one.sha256 != found:
            return expected
        previous = one.sha256
    return None


def _hash(
    audit_id: int,
    number: int,
    at: datetime,
    by: str,
    kind: str,
    body: Mapping[str, Any],
    previous: str,
) -> str:
    return digest([audit_id, number, to_ms(at), by, kind, body, previous])
