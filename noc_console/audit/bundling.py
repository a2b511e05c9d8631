"""Writes a signed audit out of the store into one file that proves itself anywhere."""

import zlib
from collections.abc import Iterator

import sqlalchemy as sa

from noc_console.audit.audit import AuditState
from noc_console.audit.audit_records import get_audit
from noc_console.audit.bundle import (
    README,
    README_TEXT,
    SIGNERS,
    TABLES,
    evidence_name,
    line_of,
    packed,
    statement_name,
)
from noc_console.audit.sealing import CannotSign, raw_rows, signatures_of
from noc_console.store.schema.audit import audit_evidence
from noc_console.store.schema.metadata import metadata
from noc_console.store.store import Store


def bundle_of(store: Store, audit_id: int) -> bytes:
    """Give a signed audit as one file.

    Raises:
        UnknownAudit: there is none of that number.
        CannotSign: nobody signed it yet.
    """
    if get_audit(store, audit_id).state is AuditState.OPEN:
        raise CannotSign("Nobody has signed it yet: a bundle carries what was signed away.")
    return packed(_members(store, audit_id))


def _members(store: Store, audit_id: int) -> Iterator[tuple[str, bytes]]:
    yield README, README_TEXT.encode()
    signatures = signatures_of(store, audit_id)
    for one in signatures:
        name = statement_name(one.role)
        yield name, one.statement.encode()
        yield f"{name}.sig", one.signature.encode()
    yield SIGNERS, "".join(f"{one.role} {one.public_key}\n" for one in signatures).encode()
    with store.read() as connection:
        for table, name in TABLES.items():
            rows = sorted(
                raw_rows(connection, metadata.tables[table], audit_id),
                key=lambda row: [row[key] for key in _order(table)],
            )
            yield name, "".join(f"{line_of(row)}\n" for row in rows).encode()
    query = (
        sa.select(audit_evidence)
        .where(audit_evidence.c.audit_id == audit_id)
        .order_by(audit_evidence.c.server_id, audit_evidence.c.check_id)
    )
    with store.history_read() as connection:
        for piece in connection.execute(query):
            yield evidence_name(piece.server_id, piece.check_id), zlib.decompress(piece.body)


def _order(table: str) -> list[str]:
    return [one.name for one in metadata.tables[table].primary_key]
