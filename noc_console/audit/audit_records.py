"""Audits in the store: which there are, how far they are on each server, what was found.

The only SQL for audits, results, findings and evidence; decisions, signatures and what is agreed
have records of their own.
"""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.audit.audit import Audit, AuditServer, AuditState, CollectState
from noc_console.audit.check import Family
from noc_console.audit.finding import CheckResult, Finding, Result, Severity
from noc_console.audit.journal import EntryKind, add_entry
from noc_console.audit.summary_records import put_instead, put_summaries
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.store.changes import bump
from noc_console.store.schema.audit import (
    audit,
    audit_evidence,
    audit_finding,
    audit_result,
    audit_server,
)
from noc_console.store.store import Store

_LEVEL = 6
ALL_SERVERS = "all servers"


class UnknownAudit(ConsoleError):
    """An audit that is not in the store."""


class AuditIsSigned(ConsoleError):
    """What was asked would change a signed audit."""


def open_audit(
    store: Store,
    month: str,
    servers: Sequence[Server],
    *,
    catalogue: str,
    by: str,
    now: datetime,
) -> Audit:
    """Give a month's audit of all servers, made if there is none; servers that are new join it.

    Raises:
        AuditIsSigned: it is signed; a correction is a new revision.
    """
    with store.write() as connection:
        row = connection.execute(
            sa.select(audit)
            .where(audit.c.month == month, audit.c.scope == ALL_SERVERS)
            .order_by(audit.c.revision.desc())
            .limit(1)
            .with_for_update()
        ).first()
        if row is not None and row.state != AuditState.OPEN.value:
            raise AuditIsSigned(
                f"The audit of {month} ({ALL_SERVERS}) is signed; begin a new revision to correct"
                " it."
            )
        if row is None:
            row = connection.execute(
                sa.insert(audit)
                .values(
                    month=month,
                    revision=1,
                    state=AuditState.OPEN.value,
                    scope=ALL_SERVERS,
                    created_at=now,
                    created_by=by,
                    catalogue=catalogue,
                )
                .returning(*audit.c)
            ).one()
        _join(connection, row.id, servers)
        bump(connection, "audit")
    return _audit_of(row)


def list_audits(store: Store) -> list[Audit]:
    """Give every audit, the newest month first, its newest revision first."""
    query = sa.select(audit).order_by(
        audit.c.month.desc(), audit.c.scope, audit.c.revision.desc(), audit.c.id.desc()
    )
    with store.read() as connection:
        return [_audit_of(row) for row in connection.execute(query)]


def get_audit(store: Store, audit_id: int) -> Audit:
    """Give one audit.

    Raises:
        UnknownAudit: there is none of that number.
    """
    with store.read() as connection:
        row = connection.execute(sa.select(audit).where(audit.c.id == audit_id)).first()
    if row is None:
        raise UnknownAudit(f"There is no audit {audit_id}; `noc-console audit list` shows them.")
    return _audit_of(row)


def servers_of(store: Store, audit_id: int) -> list[AuditServer]:
    """Give the servers of an audit, by name."""
    query = (
        sa.select(audit_server)
        .where(audit_server.c.audit_id == audit_id)
        .order_by(audit_server.c.server_name)
    )
    with store.read() as connection:
        return [_server_of(row) for row in connection.execute(query)]


def note_collecting(
    store: Store,
    audit_id: int,
    server_ids: Collection[int],
    state: CollectState,
    *,
    why: str = "",
    now: datetime,
) -> None:
    """Write down how far the collecting is on some servers."""
    values: dict[str, Any] = {"state": state.value, "why": why}
    if state is CollectState.RUNNING:
        values |= {"started_at": now, "ended_at": None}
    elif state is not CollectState.WAITING:
        values |= {"ended_at": now}
    with store.write() as connection:
        connection.execute(
            sa.update(audit_server)
            .where(audit_server.c.audit_id == audit_id, audit_server.c.server_id.in_(server_ids))
            .values(**values)
        )
        bump(connection, "audit")


def put_collected(
    store: Store,
    audit_id: int,
    server_id: int,
    results: Iterable[CheckResult],
    *,
    family: Family,
    system: str,
    cpu_ms: int | None,
    now: datetime,
    summaries: Mapping[str, str] | None = None,
) -> None:
    """Write what checks came to on a server, in place of what they came to before.

    Evidence first: a result never stands without it. A signed audit takes nothing. `summaries` is
    what the evidence of some checks tells in short.

    Raises:
        AuditIsSigned: it was signed meanwhile.
    """
    found = list(results)
    checks = [one.check_id for one in found]
    evidence = _evidence_rows(found)
    with store.history_write() as connection:
        put_instead(connection, audit_evidence, audit_id, server_id, checks, evidence)
        put_summaries(connection, audit_id, server_id, checks, summaries or {})
    with store.write() as connection:
        _refuse_signed(connection, audit_id)
        _put_results(connection, audit_id, server_id, found)
        connection.execute(
            sa.update(audit_server)
            .where(audit_server.c.audit_id == audit_id, audit_server.c.server_id == server_id)
            .values(
                family=family.value,
                system=system,
                cpu_ms=cpu_ms,
                state=CollectState.DONE.value,
                why="",
                ended_at=now,
            )
        )
        bump(connection, "audit")


def note_looked(
    store: Store,
    audit_id: int,
    kind: EntryKind,
    body: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
) -> None:
    """Enter a run, or a check done again, into the audit's journal.

    Raises:
        AuditIsSigned: it was signed meanwhile.
    """
    with store.write() as connection:
        _refuse_signed(connection, audit_id)
        add_entry(connection, audit_id, kind, body, by=by, at=now)
        bump(connection, "audit")


def results_of(
    store: Store, audit_id: int, server_id: int | None = None, check_id: str | None = None
) -> dict[tuple[int, str], CheckResult]:
    """Give results by server and check, without findings and evidence."""
    query = _only(sa.select(audit_result), audit_result, audit_id, server_id, check_id)
    with store.read() as connection:
        return {
            (row.server_id, row.check_id): CheckResult(
                check_id=row.check_id,
                result=Result(row.result),
                why=row.why,
                findings=(),
                at=row.at,
                took_ms=row.took_ms,
                cpu_ms=row.cpu_ms,
                evidence=b"",
                sha256=row.sha256,
                raw_bytes=row.raw_bytes,
            )
            for row in connection.execute(query)
        }


def findings_of(
    store: Store, audit_id: int, server_id: int | None = None, check_id: str | None = None
) -> list[tuple[int, Finding]]:
    """Give findings with the server of each, by server, check and item."""
    in_order = sa.select(audit_finding).order_by(
        audit_finding.c.server_id, audit_finding.c.check_id, audit_finding.c.item
    )
    query = _only(in_order, audit_finding, audit_id, server_id, check_id)
    with store.read() as connection:
        return [
            (
                row.server_id,
                Finding(
                    check_id=row.check_id,
                    item=row.item,
                    result=Result(row.result),
                    severity=Severity(row.severity),
                    sentence=row.sentence,
                    marks=tuple(row.marks),
                ),
            )
            for row in connection.execute(query)
        ]


def evidence_of(store: Store, audit_id: int, server_id: int, check_id: str) -> bytes | None:
    """Give the evidence of a check on a server; None where none was kept."""
    query = sa.select(audit_evidence.c.body).where(
        audit_evidence.c.audit_id == audit_id,
        audit_evidence.c.server_id == server_id,
        audit_evidence.c.check_id == check_id,
    )
    with store.history_read() as connection:
        body = connection.execute(query).scalar()
    return None if body is None else zlib.decompress(body)


def _only(
    query: sa.Select[Any], table: sa.Table, audit_id: int, server_id: int | None, check: str | None
) -> sa.Select[Any]:
    query = query.where(table.c.audit_id == audit_id)
    if server_id is not None:
        query = query.where(table.c.server_id == server_id)
    return query if check is None else query.where(table.c.check_id == check)


def _join(connection: sa.Connection, audit_id: int, servers: Sequence[Server]) -> None:
    here = set(
        connection.execute(
            sa.select(audit_server.c.server_id).where(audit_server.c.audit_id == audit_id)
        ).scalars()
    )
    rows: list[Mapping[str, Any]] = [
        {
            "audit_id": audit_id,
            "server_id": one.id,
            "server_name": one.name,
            "groups": list(one.groups),
            "customers": sorted({site.customer for site in one.sites if site.customer}),
            "family": "",
            "system": "",
            "state": CollectState.WAITING.value,
            "why": "",
        }
        for one in servers
        if one.id not in here
    ]
    if rows:
        connection.execute(sa.insert(audit_server), rows)


def _refuse_signed(connection: sa.Connection, audit_id: int) -> None:
    state = connection.execute(
        sa.select(audit.c.state).where(audit.c.id == audit_id).with_for_update()
    ).scalar_one()
    if state != AuditState.OPEN.value:
        raise AuditIsSigned("This audit was signed meanwhile; nothing in it changes any more.")


def _evidence_rows(found: Sequence[CheckResult]) -> list[dict[str, Any]]:
    """Give the rows, deflated: before the store is held for writing."""
    return [
        {
            "check_id": one.check_id,
            "sha256": hashlib.sha256(one.evidence).hexdigest(),
            "body": zlib.compress(one.evidence, _LEVEL),
        }
        for one in found
    ]


def _put_results(
    connection: sa.Connection, audit_id: int, server_id: int, found: Sequence[CheckResult]
) -> None:
    checks = [one.check_id for one in found]
    results = [
        {
            "check_id": one.check_id,
            "result": one.result.value,
            "why": one.why,
            "at": one.at,
            "took_ms": one.took_ms,
            "cpu_ms": one.cpu_ms,
            "evidence_sha256": hashlib.sha256(one.evidence).hexdigest(),
            "sha256": one.sha256,
            "raw_bytes": one.raw_bytes,
        }
        for one in found
    ]
    findings = [
        {
            "check_id": finding.check_id,
            "item": finding.item,
            "result": finding.result.value,
            "severity": finding.severity.value,
            "sentence": finding.sentence,
            "marks": list(finding.marks),
        }
        for one in found
        for finding in one.findings
    ]
    put_instead(connection, audit_result, audit_id, server_id, checks, results)
    put_instead(connection, audit_finding, audit_id, server_id, checks, findings)


def _audit_of(row: sa.Row[Any]) -> Audit:
    return Audit(
        id=row.id,
        month=row.month,
        revision=row.revision,
        state=AuditState(row.state),
        scope=row.scope,
        created_at=row.created_at,
        created_by=row.created_by,
        catalogue=row.catalogue,
    )


def _server_of(row: sa.Row[Any]) -> AuditServer:
    return AuditServer(
        audit_id=row.audit_id,
        server_id=row.server_id,
        server_name=row.server_name,
        groups=tuple(row.groups),
        customers=tuple(row.customers),
        family=row.family,
        system=row.system,
        state=CollectState(row.state),
        why=row.why,
        started_at=row.started_at,
        ended_at=row.ended_at,
        cpu_ms=row.cpu_ms,
    )
