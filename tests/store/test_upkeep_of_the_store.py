"""The store's own housework where it goes wrong, and where a store is kept by default."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from noc_console.store.backups import back_up_core, list_backups
from noc_console.store.failures import StoreFull
from noc_console.store.location import StoreLocation
from noc_console.store.orders import cancel, claim, of_servers, place
from tests.conftest import NOW


def test_a_backup_that_finds_no_room_says_so_and_leaves_no_half_of_one(store, monkeypatch):
    def refuse(*words: object, **more: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    folder = store.location.folder
    with monkeypatch.context() as patch:
        patch.setattr("noc_console.store.backups.sqlite3.connect", refuse)
        with pytest.raises(StoreFull, match=r"\.$"):
            back_up_core(folder, NOW, why="asked")

    assert list_backups(folder) == []
    assert back_up_core(folder, NOW, why="asked").exists()


def test_the_store_is_in_the_persons_own_data_folder_if_nothing_else_is_said(monkeypatch, tmp_path):
    monkeypatch.delenv("NOC_CONSOLE_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")

    assert StoreLocation.parse(None).folder == tmp_path / "noc-console"

    monkeypatch.setattr("sys.platform", "darwin")
    in_library = Path.home() / "Library" / "Application Support" / "noc-console"
    assert StoreLocation.parse(None).folder == in_library


def test_an_order_that_was_withdrawn_is_claimed_by_nobody(any_store):
    asked = place(any_store, "refresh now", server_id=5, asked_by="ann", now=NOW)
    later = NOW + timedelta(hours=1)
    other = place(any_store, "refresh now", server_id=5, asked_by="ann", now=later)

    assert cancel(any_store, asked, NOW)
    assert not cancel(any_store, asked, NOW), "it is closed already"

    found = of_servers(any_store, {5}, NOW, NOW + timedelta(minutes=1))
    assert [one.id for one in found] == [asked]
    assert of_servers(any_store, {6}, NOW, NOW + timedelta(days=1)) == []
    claimed = claim(any_store, 1, NOW)
    assert claimed is not None
    assert claimed.id == other
    assert claim(any_store, 1, NOW) is None
