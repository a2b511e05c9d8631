"""Evidence let go by age: log lines are personal data. Results, findings and hashes stay."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from noc_console.audit.journal import EntryKind, add_entry
from noc_console.audit.proof import aged_before
from noc_console.audit.sealing import raw_rows
from noc_console.store.changes import bump
from noc_console.store.schema.audit import (
    audit_entry,
    audit_evidence,
    audit_result,
    audit_summary,
)
from noc_console.store.schema.metadata import from_ms, to_ms
from noc_console.store.store import Store

AGED_BY = "noc-console"
_AT_ONCE = 500


def let_age(store: Store, days: int, now: datetime) -> int:
    """Let go of the evidence of what was measured longer ago; gives how many pieces.

    The journal says so first: what is missing without its entry is gone, not aged. One that is
    killed in between is done again, with an entry of its own.
    """
    before = from_ms(to_ms(now)) - timedelta(days=days)  # as exact as the entry that tells it
    with store.history_read() as connection:
        kept = list(connection.execute(sa.select(audit_evidence.c.audit_id).distinct()).scalars())
    return sum(_let_age(store, audit_id, days, before, now) for audit_id in kept)


def _let_age(store: Store, audit_id: int, days: int, before: datetime, now: datetime) -> int:
    due = _due(store, audit_id, before)
    if not due:
        return 0
    with store.write() as connection:
        body = {"days": days, "before": before.isoformat(), "pieces": len(due)}
        add_entry(connection, audit_id, EntryKind.AGED, body, by=AGED_BY, at=now)
        bump(connection, "audit")
    for first in range(0, len(due), _AT_ONCE):
        some = due[first : first + _AT_ONCE]
        with store.history_write() as connection:
            for table in (audit_summary, audit_evidence):
                key = sa.tuple_(table.c.server_id, table.c.check_id)
                gone = sa.delete(table).where(table.c.audit_id == audit_id, key.in_(some))
                connection.execute(gone)
    return len(due)


def aged_of(store: Store, audit_id: int) -> frozenset[tuple[int, str]]:
    """Give the server and check of each piece of evidence that was let go by age."""
    with store.read() as connection:
        before = aged_before(raw_rows(connection, audit_entry, audit_id))
    if before is None:
        return frozenset()
    return frozenset(_older(store, audit_id, before) - _kept(store, audit_id))


def _due(store: Store, audit_id: int, before: datetime) -> list[tuple[int, str]]:
    """Give the server and check of each piece that is too old and still there."""
    too_old = _older(store, audit_id, before)
    return sorted(too_old & _kept(store, audit_id)) if too_old else []


def _older(store: Store, audit_id: int, before: datetime) -> set[tuple[int, str]]:
    query = sa.select(audit_result.c.server_id, audit_result.c.check_id).where(
        audit_result.c.audit_id == audit_id, audit_result.c.at < before
    )
    with store.read() as connection:
        return {(row.server_id, row.check_id) for row in connection.execute(query)}


def _kept(store: Store, audit_id: int) -> set[tuple[int, str]]:
    query = sa.select(audit_evidence.c.server_id, audit_evidence.c.check_id).where(
        audit_evidence.c.audit_id == audit_id
    )
    with store.history_read() as connection:
        return {(row.server_id, row.check_id) for row in connection.execute(query)}
