"""The quick way in which other tests come to a new store gives what the migrations give."""

import sqlite3
from contextlib import closing

import pytest

from noc_console.store.location import StoreLocation
from noc_console.store.store import CORE_FILE, HISTORY_FILE, open_store
from tests import new_stores
from tests.new_stores import dumped, make_new_stores_quickly

KEPT_OUTSIDE_TABLES = ("auto_vacuum", "user_version", "application_id", "journal_mode", "encoding")


def read(path):
    """Give all that is in a database, its settings too."""
    with closing(sqlite3.connect(path)) as database:
        found = [database.execute(f"PRAGMA {name}").fetchone() for name in KEPT_OUTSIDE_TABLES]
    return dict(zip(KEPT_OUTSIDE_TABLES, found, strict=True)), dumped(path)


@pytest.mark.parametrize("name", [CORE_FILE, HISTORY_FILE])
def test_a_store_made_quickly_is_the_one_that_is_migrated(tmp_path, monkeypatch, name):
    open_store(StoreLocation.parse(str(tmp_path / "migrated"))).close()
    make_new_stores_quickly(monkeypatch)
    open_store(StoreLocation.parse(str(tmp_path / "quick"))).close()

    assert read(tmp_path / "quick" / name) == read(tmp_path / "migrated" / name)


def test_a_store_that_is_there_is_migrated_all_the_same(tmp_path, monkeypatch):
    make_new_stores_quickly(monkeypatch)
    location = StoreLocation.parse(str(tmp_path / "store"))
    open_store(location).close()
    with closing(sqlite3.connect(tmp_path / "store" / CORE_FILE)) as database, database:
        database.execute("UPDATE alembic_version_core SET version_num = 'core_0001'")
    asked = []
    monkeypatch.setattr(new_stores, "_migrated", lambda _, revision: asked.append(revision))

    open_store(location).close()

    assert asked == ["head"]
