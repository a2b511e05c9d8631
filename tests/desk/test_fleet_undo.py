"""What was edited at once is taken back as a deletion is, unless somebody changed it since."""

from dataclasses import replace

import pytest

from noc_console.desk.fleet_edit.bulk_dialog import BulkEditDialog
from noc_console.fleet.records import edit_server, list_servers
from noc_console.fleet.server import Server
from tests.desk.fleet_bench import NOW, FleetBench
from tests.desk.qt_life import wait_until


@pytest.fixture
def bench(application, tmp_path):
    opened = FleetBench(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def kept(bench):
    return bench.keep(*(Server(name=f"web{n}", address=f"10.0.0.{n}") for n in (1, 2, 3)))


def bulk_edit(page, group, said="3 servers were edited."):
    page.table.selectAll()
    page.actions_of_page.by_key["edit"].trigger()
    dialog = page.findChildren(BulkEditDialog)[-1]
    dialog.form.ticks[dialog.form.add_groups].setChecked(True)
    dialog.form.add_groups.setText(group)
    dialog.change_button.click()
    wait_until(lambda: page.notice.words.text() == said)


def groups_in_store(bench):
    return [server.groups for server in list_servers(bench.store)]


def test_undo_takes_back_what_was_edited_at_once(bench, kept):
    page = bench.page()
    bulk_edit(page, "berlin")
    assert groups_in_store(bench) == [("berlin",)] * 3
    page.actions_of_page.by_key["undo"].trigger()
    wait_until(lambda: page.notice.words.text() == "3 servers are as before.")
    assert groups_in_store(bench) == [(), (), ()]


def test_what_was_edited_again_meanwhile_is_not_taken_back(bench, kept):
    page = bench.page()
    bulk_edit(page, "berlin")
    edit_server(bench.store, replace(kept[1], groups=("paris",)), NOW)
    page.deeds.undo()
    wait_until(lambda: "web2 was changed meanwhile" in page.notice.words.text())
    assert groups_in_store(bench) == [("berlin",), ("paris",), ("berlin",)]
    page.deeds.undo()
    assert page.notice.words.text() == "There is nothing to undo."


def test_an_edit_that_changes_nothing_leaves_nothing_to_undo(bench, kept):
    page = bench.page()
    bulk_edit(page, "berlin")
    bulk_edit(page, "berlin", "Nothing was changed: the servers were so already.")
    page.deeds.undo()
    wait_until(lambda: groups_in_store(bench) == [(), (), ()])
