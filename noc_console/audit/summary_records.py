"""What evidence tells in short, in the store: written with the evidence, and gone with it.

The only SQL for it. Where a server has none, its evidence is read instead.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from noc_console.store.schema.audit import audit_summary
from noc_console.store.store import Store


def put_summaries(
    history: sa.Connection,
    audit_id: int,
    server_id: int,
    checks: Sequence[str],
    bodies: Mapping[str, str],
) -> None:
    """Write what the evidence of some checks tells in short in place of what it told before."""
    rows = [{"check_id": check_id, "body": body} for check_id, body in bodies.items()]
    put_instead(history, audit_summary, audit_id, server_id, checks, rows)


def put_instead(
    connection: sa.Connection,
    table: sa.Table,
    audit_id: int,
    server_id: int,
    checks: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Write rows of some checks of a server in place of those before: two statements in all."""
    of_server = sa.and_(table.c.audit_id == audit_id, table.c.server_id == server_id)
    connection.execute(sa.delete(table).where(of_server, table.c.check_id.in_(checks)))
    if rows:
        key = {"audit_id": audit_id, "server_id": server_id}
        connection.execute(sa.insert(table), [{**key, **one} for one in rows])


def summaries_of(store: Store, audit_id: int, check_id: str) -> Mapping[int, str]:
    """Give what a check's evidence tells in short, by server."""
    query = sa.select(audit_summary.c.server_id, audit_summary.c.body).where(
        audit_summary.c.audit_id == audit_id, audit_summary.c.check_id == check_id
    )
    with store.history_read() as connection:
        return {row.server_id: row.body for row in connection.execute(query)}
