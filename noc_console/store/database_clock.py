"""The database's own clock, for leases: all programs on one store read the same one."""

from datetime import datetime

import sqlalchemy as sa

from noc_console.store.schema.metadata import from_ms

_SQLITE = sa.text("SELECT CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)")
_POSTGRESQL = sa.text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")


def database_now(connection: sa.Connection) -> datetime:
    """Give what time the database has; on an embedded store that is this machine's."""
    query = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    return from_ms(int(connection.execute(query).scalar_one()))
