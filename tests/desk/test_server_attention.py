"""An open server page is known to the engine, and a closed one is forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtWidgets import QApplication

from noc_console.desk.background import Background
from noc_console.desk.server.attention_keeper import LASTS, AttentionKeeper
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.store.location import StoreLocation
from noc_console.store.schema.state import attention
from noc_console.store.store import Store, open_store
from noc_console.telemetry.attention import attended
from tests.desk.qt_life import wait_until

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(StoreLocation.parse(str(tmp_path / "store")))
    yield opened
    opened.close()


def rows(store: Store) -> int:
    with store.read() as connection:
        return len(connection.execute(sa.select(attention)).all())


@pytest.fixture
def pool(application: QApplication) -> Iterator[Background]:
    opened = Background(str)
    yield opened
    opened.close()
    application.processEvents()


def test_attention_is_paid_while_the_page_is_open_and_ends_with_it(
    store: Store, pool: Background
) -> None:
    server = add_server(store, Server(name="web1", address="10.0.0.1"), NOW)
    keeper = AttentionKeeper(store, pool, server.id, lambda: NOW, pool)
    keeper.start()
    wait_until(lambda: set(attended(store, NOW)) == {server.id})

    keeper.stop()
    wait_until(lambda: not attended(store, NOW))


def test_two_pages_on_one_server_hold_it_separately(store: Store, pool: Background) -> None:
    server = add_server(store, Server(name="web1", address="10.0.0.1"), NOW)
    keepers = [AttentionKeeper(store, pool, server.id, lambda: NOW, pool) for _ in range(2)]
    keepers[0].start()
    wait_until(lambda: set(attended(store, NOW)) == {server.id})
    keepers[1].start()
    wait_until(lambda: rows(store) == 2)
    keepers[0].stop()
    wait_until(lambda: rows(store) == 1)

    assert set(attended(store, NOW)) == {server.id}


def test_a_desk_that_crashed_loses_the_attention_it_paid(store: Store, pool: Background) -> None:
    server = add_server(store, Server(name="web1", address="10.0.0.1"), NOW)
    AttentionKeeper(store, pool, server.id, lambda: NOW, pool).start()
    wait_until(lambda: set(attended(store, NOW)) == {server.id})

    assert not attended(store, NOW + LASTS)
