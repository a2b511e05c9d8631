"""New stores made quickly: what the migrations make of an empty file is written down once a run.

The first opening of a store runs every migration since the first, a tenth of a second of a
processor, and thousands of tests begin with it. They make the same of nothing each time, so the
statements they come to are kept and said again, in the transaction in which Alembic would run.
A store that is there already, one on PostgreSQL and one of a process of its own are migrated as
ever, as is every store of `tests/store`, where the migrations themselves are tested.
"""

import sqlite3
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from noc_console.store import migrate
from noc_console.store.location import StoreLocation
from noc_console.store.schema_version import PARTS
from noc_console.store.store import CORE_FILE, HISTORY_FILE, open_store

_migrated = migrate.command.upgrade
_scripts = migrate.ScriptDirectory
_files = dict(zip(PARTS, (CORE_FILE, HISTORY_FILE), strict=True))


def make_new_stores_quickly(patch: pytest.MonkeyPatch) -> None:
    """Have new embedded stores of this process made of what the migrations came to before."""
    patch.setattr(migrate.command, "upgrade", _upgrade)
    patch.setattr(migrate, "ScriptDirectory", _ScriptsReadOnce)


def migrate_new_stores(patch: pytest.MonkeyPatch) -> None:
    """Have new stores migrated as the program does it."""
    patch.setattr(migrate.command, "upgrade", _migrated)
    patch.setattr(migrate, "ScriptDirectory", _scripts)


class _ScriptsReadOnce:
    """The folders of migrations, which tell what the newest is: each is read once."""

    @staticmethod
    def from_config(config: Config) -> ScriptDirectory:
        return _read(config.get_main_option("script_location") or "")


@cache
def _read(folder: str) -> ScriptDirectory:
    return ScriptDirectory(folder)


def _upgrade(config: Config, revision: str) -> None:
    driver = config.attributes["connection"].connection.driver_connection
    if not isinstance(driver, sqlite3.Connection) or not _is_new(driver):
        _migrated(config, revision)
        return
    part = Path(config.get_main_option("script_location") or "").name
    for statement in _statements()[part]:
        driver.execute(statement)


def _is_new(driver: sqlite3.Connection) -> bool:
    return driver.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


@cache
def _statements() -> dict[str, tuple[str, ...]]:
    """Give the statements that make each part of a store, as the migrations made it."""
    with TemporaryDirectory(prefix="noc-new-store-") as folder, pytest.MonkeyPatch.context() as own:
        migrate_new_stores(own)
        open_store(StoreLocation.parse(folder)).close()
        return {part: dumped(Path(folder) / name) for part, name in _files.items()}


def dumped(path: Path) -> tuple[str, ...]:
    """Give a database as the statements that would make it."""
    database = sqlite3.connect(path)
    try:
        lines = tuple(database.iterdump())
    finally:
        database.close()
    return tuple(line for line in lines if line not in {"BEGIN TRANSACTION;", "COMMIT;"})
