"""The one MetaData and the column types both databases share.

Instants are stored as whole milliseconds since 1970 UTC, so that order, arithmetic and both
databases agree; SQLite's STRICT tables know no time type and no JSON type.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def to_ms(instant: datetime) -> int:
    """Give an aware instant as milliseconds since 1970 UTC."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """Give the aware UTC instant of milliseconds since 1970 UTC."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime, kept as an integer of milliseconds."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        """Refuse a naive datetime, give the rest as milliseconds."""
        return None if value is None else to_ms(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Give the aware datetime of a stored integer."""
        return None if value is None else from_ms(value)


class Json(sa.types.TypeDecorator[Any]):
    """JSON as text: STRICT refuses `sa.JSON`."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """Give compact JSON text."""
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Give what the JSON text says."""
        return None if value is None else json.loads(value)


BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only for INTEGER PRIMARY KEY."""


@compiles(sa.BigInteger, "sqlite")
@compiles(sa.Boolean, "sqlite")
def _render_integer(element: object, compiler: object, **options: object) -> str:  # noqa: ARG001
    """STRICT tables know INTEGER only, which holds 64 bits (sqlite.org/stricttables.html)."""
    return "INTEGER"
