"""Decisions in the store, each with its entry in the journal; the only SQL for decisions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from noc_console.audit.audit import AuditState
from noc_console.audit.audit_records import AuditIsSigned
from noc_console.audit.decision import (
    WHOLE_AUDIT,
    Decision,
    DecisionKind,
    Key,
    Wanted,
    check_decision,
)
from noc_console.audit.journal import EntryKind, add_entry
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.store.changes import bump
from noc_console.store.schema.audit import audit, audit_decision, audit_server
from noc_console.store.store import Store


class NotInAudit(ConsoleError):
    """A decision about a server that an audit does not hold."""


class DecidedMeanwhile(ConsoleError):
    """A decision about what another person decided after it was last looked at."""


def decide(
    store: Store,
    audit_id: int,
    keys: Sequence[Key],
    kind: DecisionKind,
    *,
    reason: str = "",
    until: date | None = None,
    owner: str = "",
    by: str,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Write one decision about some findings; `decide_all` says the rest."""
    wanted = Wanted(kind=kind, keys=tuple(keys), reason=reason, owner=owner, until=until)
    decide_all(store, audit_id, [wanted], by=by, now=now, seen=seen)


def decide_all(
    store: Store,
    audit_id: int,
    wanted: Sequence[Wanted],
    *,
    by: str,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Write decisions, each with its entry in the journal, in one write: all of them or none.

    `seen` is the number of the newest decision of this audit that the person saw, 0 where there was
    none: what another one decided since is not decided over unread.

    Raises:
        DecidedMeanwhile: it names who, and what.
        InvalidDecision: what is missing for it.
        NotInAudit: a server is not in this audit.
        AuditIsSigned: nothing in it changes any more.
    """
    for one in wanted:
        check_decision(one, now.date())
    keys = {key for one in wanted for key in one.keys}
    with store.write() as connection:
        _refuse(connection, audit_id, {server_id for server_id, _, _ in keys})
        if seen is not None:
            _refuse_unread(connection, audit_id, keys, seen, by)
        for one in wanted:
            _put(connection, audit_id, one, by, now)
        bump(connection, "audit")


def _put(connection: sa.Connection, audit_id: int, one: Wanted, by: str, now: datetime) -> None:
    said = {
        "kind": one.kind.value,
        "reason": one.reason,
        "until": one.until.isoformat() if one.until else "",
        "owner": one.owner,
    }
    rows = [
        {**said, "audit_id": audit_id, "by": by, "at": now}
        | {"server_id": server_id, "check_id": check_id, "item": item}
        for server_id, check_id, item in one.keys
    ]
    connection.execute(sa.insert(audit_decision), rows)
    body = {**said, "of": [list(key) for key in one.keys]}
    add_entry(connection, audit_id, EntryKind.DECIDED, body, by=by, at=now)


def decisions_of(store: Store, audit_id: int) -> list[Decision]:
    """Give every decision of an audit, in the order in which they were taken."""
    with store.read() as connection:
        return read_decisions(connection, audit_id)


def read_decisions(connection: sa.Connection, audit_id: int) -> list[Decision]:
    """Give every decision of an audit, in order."""
    query = (
        sa.select(audit_decision)
        .where(audit_decision.c.audit_id == audit_id)
        .order_by(audit_decision.c.id)
    )
    return [_decision_of(row) for row in connection.execute(query)]


def earlier_decisions(store: Store, audit_id: int) -> list[Decision]:
    """Give the decisions of the audits of earlier months and of the same scope, in order."""
    one, other = audit.alias("one"), audit.alias("other")
    ids = (
        sa.select(other.c.id)
        .join(one, sa.and_(one.c.scope == other.c.scope, other.c.month < one.c.month))
        .where(one.c.id == audit_id)
        .order_by(other.c.month, other.c.revision)
    )
    with store.read() as connection:
        return [
            decision
            for earlier in connection.execute(ids).scalars().all()
            for decision in read_decisions(connection, earlier)
        ]


def _refuse(connection: sa.Connection, audit_id: int, server_ids: set[int]) -> None:
    state = connection.execute(
        sa.select(audit.c.state).where(audit.c.id == audit_id).with_for_update()
    ).scalar_one()
    if state != AuditState.OPEN.value:
        raise AuditIsSigned("This audit is signed; begin a new revision to correct it.")
    query = sa.select(audit_server.c.server_id).where(audit_server.c.audit_id == audit_id)
    if server_ids - {WHOLE_AUDIT, *connection.execute(query).scalars()}:
        raise NotInAudit("A server of this decision is not in the audit; run the audit on it.")


def _refuse_unread(
    connection: sa.Connection, audit_id: int, keys: set[Key], seen: int, by: str
) -> None:
    query = (
        sa.select(audit_decision)
        .where(audit_decision.c.audit_id == audit_id, audit_decision.c.id > seen)
        .where(audit_decision.c.by != by)
        .order_by(audit_decision.c.id)
    )
    newer = [_decision_of(row) for row in connection.execute(query)]
    found = {(one.server_id, one.check_id, one.item): one for one in newer}
    unread = [one for key, one in found.items() if key in keys]
    if not unread:
        return
    one = unread[-1]
    what = f"{one.check_id} {one.item}".strip() or "all of it"
    more = f" and {len(unread) - 1:,} more of these" if len(unread) > 1 else ""
    reason = f", {one.reason!r}" if one.reason else ""
    raise DecidedMeanwhile(
        inert(f"{one.by} decided {what}{more} meanwhile ({one.kind.value}{reason}). ", 600)
        + "Look at it, then decide again where you still want to."
    )


def _decision_of(row: sa.Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        audit_id=row.audit_id,
        server_id=row.server_id,
        check_id=row.check_id,
        item=row.item,
        kind=DecisionKind(row.kind),
        reason=row.reason,
        until=date.fromisoformat(row.until) if row.until else None,
        owner=row.owner,
        by=row.by,
        at=row.at,
    )
