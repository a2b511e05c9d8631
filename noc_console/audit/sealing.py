"""Signing an audit: its rows as digests in the journal, the journal's head in a signed statement.

Two people sign with two keys; after the first nothing in it changes any more.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.audit.audit import AUDITOR as AUDITOR
from noc_console.audit.audit import COUNTERSIGNER as COUNTERSIGNER
from noc_console.audit.audit import AuditState, Signature
from noc_console.audit.audit_records import AuditIsSigned
from noc_console.audit.journal import EntryKind, add_entry
from noc_console.audit.proof import SEALED_TABLES, digests_of
from noc_console.audit.sshsig import SigningKey, public_line, sign
from noc_console.errors import ConsoleError
from noc_console.store.changes import bump
from noc_console.store.digest import digest
from noc_console.store.schema.audit import audit, audit_entry, audit_signature
from noc_console.store.schema.metadata import metadata
from noc_console.store.store import Store

_TITLE = "noc-console audit statement 1"
_MOVES = {
    AUDITOR: (AuditState.OPEN, AuditState.SIGNED, EntryKind.SIGNED),
    COUNTERSIGNER: (AuditState.SIGNED, AuditState.COUNTERSIGNED, EntryKind.COUNTERSIGNED),
}
"""The state in which a role signs, that in which it leaves the audit, and its entry."""


class CannotSign(ConsoleError):
    """Somebody who may not sign, or something that changed meanwhile."""


def raw_rows(connection: sa.Connection, table: sa.Table, audit_id: int) -> Iterator[dict[str, Any]]:
    """Give rows as the database holds them: a text that is no JSON any more is still a text."""
    column = "id" if table is audit else "audit_id"
    names = ", ".join(f'"{one.name}"' for one in table.columns)
    query = f'SELECT {names} FROM "{table.name}" WHERE "{column}" = {int(audit_id)}'  # noqa: S608 - names of ours, a number
    for row in connection.exec_driver_sql(query).mappings():
        yield dict(row)


def seal_of(connection: sa.Connection, audit_id: int) -> dict[str, str]:
    """Give the digests of what stands in an audit, by the name under which a person is told."""
    return digests_of(
        (name, row)
        for name in SEALED_TABLES
        for row in raw_rows(connection, metadata.tables[name], audit_id)
    )


def sign_audit(store: Store, audit_id: int, key: SigningKey, *, by: str, now: datetime) -> str:
    """Seal and sign as its auditor; gives the statement. What stands against it is asked before.

    Raises:
        AuditIsSigned: it is signed already.
        CannotSign: something changed while the key was asked.
        NoKey: the key does not sign.
    """
    with store.write() as connection:
        _wanted_state(connection, audit_id, AuditState.OPEN)
        seal = seal_of(connection, audit_id)
        head = add_entry(connection, audit_id, EntryKind.SEALED, {"digests": seal}, by=by, at=now)
        statement = _statement(connection, audit_id, AUDITOR, head, digest(seal), by, now)
    _give(store, audit_id, AUDITOR, head, statement, key, by=by, now=now)
    return statement


def countersign_audit(
    store: Store, audit_id: int, key: SigningKey, *, by: str, now: datetime
) -> str:
    """Sign as the second person; gives the statement.

    Raises:
        CannotSign: it is not signed yet, or this is the auditor, or the auditor's key.
        AuditIsSigned: it is countersigned already.
        NoKey: the key does not sign.
    """
    with store.read() as connection:
        _wanted_state(connection, audit_id, AuditState.SIGNED)
        first = connection.execute(
            sa.select(audit_signature).where(
                audit_signature.c.audit_id == audit_id, audit_signature.c.role == AUDITOR
            )
        ).one()
        if by.casefold() == first.by.casefold():
            raise CannotSign(f"{by} signed it as its auditor; another person countersigns.")
        if public_line(key) == first.public_key:
            raise CannotSign("This is the auditor's key; the second person signs with their own.")
        head = _head(connection, audit_id)
        seal = digest(seal_of(connection, audit_id))
        statement = _statement(connection, audit_id, COUNTERSIGNER, head, seal, by, now)
    _give(store, audit_id, COUNTERSIGNER, head, statement, key, by=by, now=now)
    return statement


def signatures_of(store: Store, audit_id: int) -> list[Signature]:
    """Give the signatures of an audit, the auditor's first."""
    query = (
        sa.select(audit_signature)
        .where(audit_signature.c.audit_id == audit_id)
        .order_by(audit_signature.c.at)
    )
    with store.read() as connection:
        return [
            Signature(
                role=row.role,
                by=row.by,
                at=row.at,
                statement=row.statement,
                public_key=row.public_key,
                signature=row.signature,
            )
            for row in connection.execute(query)
        ]


def _statement(
    connection: sa.Connection,
    audit_id: int,
    role: str,
    head: str,
    seal: str,
    by: str,
    now: datetime,
) -> str:
    row = connection.execute(sa.select(audit).where(audit.c.id == audit_id)).one()
    lines = {
        "audit": str(audit_id),
        "month": row.month,
        "scope": _one_line(row.scope),
        "revision": str(row.revision),
        "content": f"sha256 {seal}",
        "journal": f"sha256 {head}",
        "signed as": role,
        "signed by": _one_line(by),
        "signed at": now.isoformat(timespec="milliseconds"),
    }
    return "\n".join((_TITLE, *(f"{name}: {words}" for name, words in lines.items()), ""))


def _one_line(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _wanted_state(connection: sa.Connection, audit_id: int, wanted: AuditState) -> None:
    state = AuditState(
        connection.execute(
            sa.select(audit.c.state).where(audit.c.id == audit_id).with_for_update()
        ).scalar_one()
    )
    if state is wanted:
        return
    if state is AuditState.OPEN:
        raise CannotSign("Its auditor has not signed it yet: `noc-console audit sign`.")
    raise AuditIsSigned(f"This audit is {state.value}; begin a new revision to correct it.")


def _head(connection: sa.Connection, audit_id: int) -> str:
    return str(
        connection.execute(
            sa.select(audit_entry.c.sha256)
            .where(audit_entry.c.audit_id == audit_id)
            .order_by(audit_entry.c.number.desc())
            .limit(1)
        ).scalar_one()
    )


def _give(
    store: Store,
    audit_id: int,
    role: str,
    head: str,
    statement: str,
    key: SigningKey,
    *,
    by: str,
    now: datetime,
) -> None:
    """Have the key sign, which may take a person's time; write it down if all still stands."""
    signature = sign(statement, key)
    before, after, kind = _MOVES[role]
    with store.write() as connection:
        _wanted_state(connection, audit_id, before)
        if _head(connection, audit_id) != head:
            raise CannotSign("Something changed while the key was asked; look and sign again.")
        connection.execute(
            sa.insert(audit_signature).values(
                audit_id=audit_id,
                role=role,
                by=by,
                at=now,
                statement=statement,
                public_key=public_line(key),
                signature=signature,
            )
        )
        connection.execute(sa.update(audit).where(audit.c.id == audit_id).values(state=after.value))
        body = {"statement": digest(statement), "signature": digest(signature)}
        add_entry(connection, audit_id, kind, body, by=by, at=now)
        bump(connection, "audit")
