"""Rows written in the place of older ones, quickly: statements are made once."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from noc_console.store.schema.servers import server

_IDS_AT_ONCE = 500


def put_rows(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]
) -> None:
    """Write rows inside a write; one with the same primary key as an older one replaces it.

    All rows have the same columns.
    """
    if rows:
        connection.execute(_statement(connection.dialect.name, table, tuple(rows[0])), rows)


def known_servers(connection: sa.Connection, ids: Collection[int]) -> set[int]:
    """Give those of some ids that a server has or had."""
    ordered = sorted(ids)
    known: set[int] = set()
    for first in range(0, len(ordered), _IDS_AT_ONCE):
        some = ordered[first : first + _IDS_AT_ONCE]
        known.update(
            connection.execute(sa.select(server.c.id).where(server.c.id.in_(some))).scalars()
        )
    return known


@cache
def _statement(dialect: str, table: sa.Table, columns: tuple[str, ...]) -> sa.Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    newer = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=newer)
