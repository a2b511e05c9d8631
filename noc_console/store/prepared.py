"""A statement that is run for each of thousands of rows: on SQLite it is made ready once.

What SQLAlchemy does around one statement costs more than SQLite itself; on PostgreSQL the way there
costs more than either, so there it is run as any other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.store.schema.metadata import to_ms


class Prepared:
    """One UPDATE or DELETE with named parameters, run inside a write of any thread.

    Its values are texts, numbers, instants or None; a list inside it must be written out.
    """

    def __init__(self, statement: sa.Update | sa.Delete) -> None:
        """Take the statement as SQLAlchemy has it."""
        self._statement = statement
        self._text = ""
        self._names: Sequence[str] = ()
        self._usual: Mapping[str, Any] = {}

    def run(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it for each of some rows; gives how many rows of the table it met.

        Raises:
            DBAPIError: as any statement does.
        """
        driver = connection.connection.dbapi_connection
        if connection.dialect.name != "sqlite" or driver is None:
            return connection.execute(self._statement, rows).rowcount
        if not self._text:
            self._prepare(connection.dialect)
        values = [
            tuple(_plain(row.get(name, self._usual.get(name))) for name in self._names)
            for row in rows
        ]
        try:
            return int(driver.executemany(self._text, values).rowcount)
        except connection.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DBAPIError.instance(
                self._text, None, error, connection.dialect.loaded_dbapi.Error
            ) from error

    def _prepare(self, dialect: sa.Dialect) -> None:
        compiled = self._statement.compile(dialect=dialect)
        self._usual = dict(compiled.params)
        self._names = tuple(getattr(compiled, "positiontup", None) or ())
        self._text = str(compiled)


def _plain(value: Any) -> Any:
    return to_ms(value) if isinstance(value, datetime) else value
