"""Which schema a store has, and which this program brings: a look that needs no Alembic.

Alembic and what it imports take a third of a second; a store that is current, as nearly each one
that is opened, never needs them. A version is `core_0003`: the part, and the number with which the
migration's file begins. A test holds that to what Alembic finds.
"""

from pathlib import Path

import sqlalchemy as sa

MIGRATIONS = Path(__file__).parent / "migrations"
PARTS = ("core", "history")


def version_table(part: str) -> str:
    """Give the name of the table in which Alembic keeps a part's version."""
    return f"alembic_version_{part}"


def newest_version(part: str) -> str:
    """Give the version this program's migrations lead to."""
    names = (path.name for path in (MIGRATIONS / part / "versions").glob("[0-9]*_*.py"))
    return f"{part}_{max(names).partition('_')[0]}"


def is_current(part: str, pool: sa.Engine) -> bool:
    """Whether a part has this program's newest schema; a new store has none yet."""
    table = version_table(part)
    with pool.connect() as connection:
        if not sa.inspect(connection).has_table(table):
            return False
        version = sa.select(sa.column("version_num", sa.Text())).select_from(sa.table(table))
        return list(connection.execute(version).scalars()) == [newest_version(part)]
