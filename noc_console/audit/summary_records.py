"""What evidence tells in short, in the store: written with the evidence, and gone with it.

The only SQL for it. Where a server has none, its evidence is read instead.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from noc_console.store.schema.audit import audit_summary
from noc_console.store.store import Store


def put_summary(
    history: sa.Connection, audit_id: int, server_id: int, check_id: str, body: str | None
) -> None:
    """Write what a check's evidence tells in short in place of what it told before."""
    history.execute(
        sa.delete(audit_summary).where(
            audit_summary.c.audit_id == audit_id,
            audit_summary.c.server_id == server_id,
            audit_summary.c.check_id == check_id,
        )
    )
    if body is not None:
        history.execute(
            sa.insert(audit_summary).values(
                audit_id=audit_id, server_id=server_id, check_id=check_id, body=body
            )
        )


def summaries_of(store: Store, audit_id: int, check_id: str) -> Mapping[int, str]:
    """Give what a check's evidence tells in short, by server."""
    query = sa.select(audit_summary.c.server_id, audit_summary.c.body).where(
        audit_summary.c.audit_id == audit_id, audit_summary.c.check_id == check_id
    )
    with store.history_read() as connection:
        return {row.server_id: row.body for row in connection.execute(query)}
