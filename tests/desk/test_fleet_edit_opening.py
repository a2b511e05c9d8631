"""The dialogs as the window opens them: on the live fleet, writing to the store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from noc_console.desk.fleet_edit import opening
from noc_console.fleet.records import add_server, list_servers
from noc_console.fleet.server import Server, ServerKind, Site
from tests.desk.page_bench import NOW, PageBench
from tests.desk.qt_life import end, wait_until


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[PageBench]:
    opened = PageBench(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def window(application: QApplication) -> Iterator[QWidget]:
    opened = QWidget()
    yield opened
    end(opened)


def test_a_server_added_in_the_dialog_is_in_the_store_and_said(
    window: QWidget, bench: PageBench
) -> None:
    dialog = opening.add_server(bench.context, window)
    dialog.connection.name.setText("web2")
    dialog.connection.address.setText("10.0.0.2")
    dialog.save_button.click()
    wait_until(lambda: bench.navigator.said == ["web2 is saved."])

    assert [server.name for server in list_servers(bench.store)] == ["web1", "web2"]


def test_a_server_is_edited_as_it_is_in_the_live_fleet(window: QWidget, bench: PageBench) -> None:
    bench.live.servers = [replace(bench.server, user="ops")]
    dialog = opening.edit_server(bench.context, bench.server.id, window)

    assert dialog is not None
    assert dialog.connection.user.text() == "ops"
    dialog.reject()


def test_a_copy_leaves_the_customers_sites_with_the_original(
    window: QWidget, bench: PageBench
) -> None:
    bench.live.servers = [replace(bench.server, sites=(Site(domain="a.example"),))]
    dialog = opening.copy_server(bench.context, bench.server.id, window)

    assert dialog is not None
    assert dialog.connection.name.text() == "web1 2"
    assert dialog.form().sites == ()
    dialog.reject()


def test_a_server_that_is_gone_opens_nothing(window: QWidget, bench: PageBench) -> None:
    assert opening.edit_server(bench.context, 999, window) is None
    assert opening.copy_server(bench.context, 999, window) is None


def test_this_machine_has_no_connection_to_test_and_that_is_said(
    window: QWidget, bench: PageBench
) -> None:
    bench.live.servers = [replace(bench.server, kind=ServerKind.THIS_MACHINE)]

    assert opening.test_server(bench.context, bench.server.id, window) is None
    assert bench.navigator.said == ["web1 is read without SSH, so there is no connection to test."]


def test_a_bulk_edit_changes_the_chosen_servers_and_no_other(
    window: QWidget, bench: PageBench
) -> None:
    others = [
        add_server(bench.store, Server(name=name, address=name), NOW) for name in ("web2", "web3")
    ]
    bench.live.servers = [bench.server, *others]
    told = []
    dialog = opening.edit_servers(
        bench.context, [bench.server.id, others[0].id], window, told.extend
    )
    dialog.form.ticks[dialog.form.add_groups].setChecked(True)
    dialog.form.add_groups.setText("berlin")
    dialog.change_button.click()
    wait_until(lambda: bool(told))

    assert [(before.groups, after.groups) for before, after in told] == [((), ("berlin",))] * 2
    assert [server.groups for server in list_servers(bench.store)] == [("berlin",), ("berlin",), ()]


def test_a_bulk_edit_on_a_damaged_store_says_so_and_stays_open(
    window: QWidget, bench: PageBench
) -> None:
    dialog = opening.edit_servers(bench.context, [bench.server.id], window, list)
    dialog.form.ticks[dialog.form.tick_s].setChecked(True)
    dialog.form.tick_s.setValue(60)
    bench.store.close()
    bench.store.location.folder.joinpath("core.sqlite3").write_bytes(b"no database" * 500)
    dialog.change_button.click()
    wait_until(lambda: dialog.outcome.text().startswith("✖"))

    assert dialog.isVisible()
    dialog.reject()
