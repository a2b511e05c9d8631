"""The import wizard on a real store, and the export, as the window opens them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from noc_console.desk.importing.export_file import export_servers
from noc_console.desk.importing.import_dialog import ImportDialog
from noc_console.desk.importing.opening import open_import_dialog
from noc_console.fleet.records import add_server, edit_server, list_servers
from noc_console.fleet.server import Server
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


@pytest.fixture
def dialog(bench: PageBench, window: QWidget) -> Iterator[ImportDialog]:
    opened = open_import_dialog(bench.context, window)
    yield opened
    end(opened)


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def read(dialog: ImportDialog, path: str) -> None:
    dialog.choose(path)
    wait_until(dialog.progress.isHidden)


def test_a_config_is_compared_with_the_fleet_and_taken_in(
    bench: PageBench, dialog: ImportDialog, tmp_path: Path
) -> None:
    config = "Host web1\n HostName 10.0.0.1\n User ops\nHost web2\n Frobnicate\n"
    read(dialog, written(tmp_path, "config", config))

    shown = [(row.action, row.name, row.place) for row in dialog.preview.servers.rows]
    assert shown == [("add", "web2", "web2"), ("update", "web1", "ops@10.0.0.1")]
    assert [row.number for row in dialog.preview.strange.rows] == [5]

    dialog.import_button.click()
    wait_until(lambda: bench.navigator.said != [])
    assert bench.navigator.said == ["1 server was added and 1 server was updated."]
    assert [(one.name, one.user) for one in list_servers(bench.store)] == [
        ("web1", "ops"),
        ("web2", ""),
    ]


def test_a_table_offers_its_columns_even_when_none_is_known(
    dialog: ImportDialog, tmp_path: Path
) -> None:
    read(dialog, written(tmp_path, "fleet.csv", "Rack,Wert\nr1,10.0.0.7\n"))
    assert not dialog.import_button.isEnabled()
    assert dialog.preview.tabs.indexOf(dialog.mapping) >= 0

    chooser = dialog.mapping.choosers["address"]
    chooser.setCurrentIndex(chooser.findData("Wert"))
    chooser.activated.emit(chooser.currentIndex())
    wait_until(dialog.import_button.isEnabled)

    assert [row.name for row in dialog.preview.servers.rows] == ["10.0.0.7"]


def test_a_fleet_that_changed_meanwhile_is_said_and_nothing_is_written(
    bench: PageBench, dialog: ImportDialog, tmp_path: Path
) -> None:
    read(dialog, written(tmp_path, "fleet.csv", "name,user\nweb1,ops\nweb2,ops\n"))
    edit_server(bench.store, replace(bench.server, notes="new"), NOW)
    dialog.import_button.click()
    wait_until(dialog.trouble.isVisible)

    assert "web1 was changed meanwhile; nothing was imported" in dialog.trouble.text()
    assert [one.name for one in list_servers(bench.store)] == ["web1"]


def test_what_is_no_file_is_said(dialog: ImportDialog, tmp_path: Path) -> None:
    read(dialog, str(tmp_path))

    assert "is no file; choose a file" in dialog.trouble.text()


def test_hostile_names_are_shown_as_text(dialog: ImportDialog, tmp_path: Path) -> None:
    read(dialog, written(tmp_path, "hosts.yaml", 'all: {hosts: {"<b>x</b>": , "=1+1": }}'))

    assert [row.name for row in dialog.preview.servers.rows] == ["<b>x</b>", "=1+1"]


def test_fifty_thousand_servers_are_previewed(dialog: ImportDialog, tmp_path: Path) -> None:
    rows = "".join(f"host{n},10.1.0.{n}\n" for n in range(50_000))
    dialog.choose(written(tmp_path, "fleet.csv", f"name,address\n{rows}"))
    wait_until(dialog.import_button.isEnabled, 100)

    assert dialog.import_button.text() == "&Import 50,000 servers"


@pytest.mark.parametrize("name", ["servers.csv", "servers.yaml"])
def test_an_exported_file_is_the_same_when_it_is_imported(
    bench: PageBench, window: QWidget, dialog: ImportDialog, tmp_path: Path, name: str
) -> None:
    added = add_server(bench.store, Server(name="=odd", address="x", notes="a\nb"), NOW)
    bench.live.servers = [added, bench.server]
    chooser = export_servers(bench.context, window)
    chooser.fileSelected.emit(str(tmp_path / name))
    wait_until(lambda: bench.navigator.said != [])
    chooser.reject()

    assert bench.navigator.said == [f"2 servers are written to {tmp_path / name}."]
    read(dialog, str(tmp_path / name))
    assert [row.action for row in dialog.preview.servers.rows] == ["same", "same"]


def test_a_place_that_cannot_be_written_is_said(
    bench: PageBench, window: QWidget, tmp_path: Path
) -> None:
    chooser = export_servers(bench.context, window)
    chooser.fileSelected.emit(str(tmp_path / "nowhere" / "servers.csv"))
    wait_until(lambda: bench.navigator.said != [])
    chooser.reject()

    assert "cannot be written (No such file or directory)" in bench.navigator.said[0]


def test_another_form_gives_the_file_another_ending(
    bench: PageBench, window: QWidget, tmp_path: Path
) -> None:
    chooser = export_servers(bench.context, window)
    chooser.setDirectory(str(tmp_path))
    chooser.filterSelected.emit("Ansible inventory (*.yaml *.yml)")

    assert [Path(name).name for name in chooser.selectedFiles()] == ["servers.yaml"]
    assert chooser.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    chooser.reject()
