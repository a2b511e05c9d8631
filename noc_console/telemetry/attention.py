"""Which servers somebody is looking at, so that the engine asks these more often.

A desk renews its attention while a page is open; one that crashed loses it when `until` passes.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from noc_console.store.changes import bump
from noc_console.store.schema.state import attention
from noc_console.store.store import Store


def pay_attention(store: Store, desk: str, server_id: int, until: datetime) -> None:
    """Say that this desk looks at a server until then; calling again renews it."""
    with store.write() as connection:
        connection.execute(_rows(desk, server_id))
        connection.execute(sa.insert(attention).values(desk=desk, server_id=server_id, until=until))
        bump(connection, "attention")


def let_go(store: Store, desk: str, server_id: int) -> None:
    """Say that this desk looks at a server no more."""
    with store.write() as connection:
        connection.execute(_rows(desk, server_id))
        bump(connection, "attention")


def attended(store: Store, now: datetime) -> Mapping[int, datetime]:
    """Give the ids of the servers that some desk looks at now, each with when that ends."""
    until = (
        sa.select(attention.c.server_id, sa.func.max(attention.c.until).label("until"))
        .where(attention.c.until > now)
        .group_by(attention.c.server_id)
    )
    with store.read() as connection:
        return {row.server_id: row.until for row in connection.execute(until)}


def _rows(desk: str, server_id: int) -> sa.Delete:
    return sa.delete(attention).where(attention.c.desk == desk, attention.c.server_id == server_id)
