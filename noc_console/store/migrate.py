"""Bring a store's schema up to this program's, after a backup; refuse a newer one.

Foreign keys are off while SQLite's tables are rebuilt: with them on, Alembic's batch mode empties
child tables. `foreign_key_check` looks afterwards, before anything is committed.

Slow to import, for Alembic is: only for a store that is not current (`schema_version`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from noc_console.store.backups import back_up_core
from noc_console.store.failures import StoreDamaged, StoreTooNew
from noc_console.store.location import StoreLocation
from noc_console.store.schema_version import MIGRATIONS, PARTS, version_table

_ADVISORY_LOCK = 0x6E6F6363
"""One migration at a time on a shared store; the number spells "nocc"."""


def migrate(core: sa.Engine, history: sa.Engine, location: StoreLocation, now: datetime) -> None:
    """Migrate both parts to this program's newest version.

    Raises:
        StoreTooNew: the schema is of a newer program.
        StoreDamaged: a row points to nothing after the migration; nothing was changed.
    """
    for part, pool in zip(PARTS, (core, history), strict=True):
        _migrate_part(part, pool, location, now)


def _migrate_part(part: str, pool: sa.Engine, location: StoreLocation, now: datetime) -> None:
    table = version_table(part)
    with _migrating(pool) as connection:
        present = _version(connection, table)
        config = _config(part, table, connection)
        script = ScriptDirectory.from_config(config)
        newest = script.get_current_head()
        if present == newest:
            return
        if present is not None:
            _refuse_newer(script, present, location)
            if part == "core" and location.folder is not None:
                back_up_core(location.folder, now, why="before-migration")
        command.upgrade(config, "head")
        _refuse_orphans(connection, location)


@contextmanager
def _migrating(pool: sa.Engine) -> Iterator[sa.Connection]:
    with pool.connect() as connection:
        if pool.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            if driver is None:
                raise ValueError("the connection is closed")
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.execution_options(noc_console_write=True).begin():
                    yield connection
            finally:
                driver.execute("PRAGMA foreign_keys=ON")
        else:
            with connection.begin():
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
                yield connection


def _config(part: str, table: str, connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS / part).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, version_table=table)
    return config


def _version(connection: sa.Connection, table: str) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": table})
    return context.get_current_revision()


def _refuse_newer(script: ScriptDirectory, present: str, location: StoreLocation) -> None:
    try:
        script.get_revision(present)
    except CommandError as error:
        raise StoreTooNew(
            f"The store at {location} was made by a newer noc-console (schema {present}); "
            "update this program, or choose another store with --store."
        ) from error


def _refuse_orphans(connection: sa.Connection, location: StoreLocation) -> None:
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StoreDamaged(
            f"The store at {location} has rows that point to nothing, so it was left as it was; "
            "restore the newest backup from its backups folder."
        )
