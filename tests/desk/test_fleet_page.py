"""The fleet page on a real store: live, filtered, worked with by keys, undone."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from noc_console.desk.fleet.fleet_cells import COLUMNS, Column
from noc_console.desk.fleet.saved_views import BUILT_IN
from noc_console.desk.fleet_edit.bulk_dialog import BulkEditDialog
from noc_console.desk.fleet_edit.server_dialog import ServerDialog
from noc_console.desk.key_map import keys_of
from noc_console.fleet.asking import REFRESH_NOW
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server, ServerKind, Site
from noc_console.health.verdict import Verdict
from noc_console.store.history import History
from noc_console.store.orders import claim
from noc_console.telemetry.host import Mount
from noc_console.telemetry.records import PendingReadings
from noc_console.telemetry.service import Inside, ServiceState
from tests.desk.fleet_bench import NOW, FleetBench, names_shown, sample, state
from tests.desk.qt_life import wait_until

Key = Qt.Key


@pytest.fixture
def bench(application, tmp_path):
    opened = FleetBench(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def kept(bench):
    return bench.keep(*(Server(name=f"web{n}", address=f"10.0.0.{n}") for n in (1, 2, 3)))


def cell(page, place, column):
    return page.model.index(place, COLUMNS.index(column)).data()


def press(page, key, modifiers=Qt.KeyboardModifier.NoModifier):
    page.activateWindow()
    page.shown_part.setFocus()
    wait_until(page.shown_part.hasFocus)
    QTest.keyClick(page.shown_part, key, modifiers)


def settle(page):
    """Wait until what was told is in the columns, and let rows and counts follow."""
    wait_until(lambda: not page.feed._slices._waiting and not page.feed._is_comparing)
    page.feed.tick()


def choose(page, *names):
    page.chosen.clearSelection()
    for name in names:
        place = names_shown(page.model).index(name)
        index = page.model.index(place, 0)
        flags = page.chosen.SelectionFlag
        page.chosen.setCurrentIndex(index, flags.Select | flags.Rows)
    page.focus_servers()


def in_store(bench):
    return [server.name for server in list_servers(bench.store)]


def test_until_the_store_is_read_the_page_says_so_and_then_why_not(bench):
    bench.live.is_loaded = False
    page = bench.page()
    page.setFocus()
    assert page.state.isVisible()
    assert page.state.text() == "Reading the fleet …"
    bench.live.trouble = "The store is locked; close the other program."
    bench.live.trouble_changed.emit(bench.live.trouble)
    assert page.state.text() == "The store is locked; close the other program."
    bench.live.is_loaded = True
    bench.keep(Server(name="web1", address="web1"))
    settle(page)
    assert not page.state.isVisible()
    assert names_shown(page.model) == ["web1"]
    assert page.window().focusWidget() is page.table, "else no key reaches the servers"


def test_a_fleet_of_this_machine_alone_is_live_and_gives_three_next_steps(bench):
    (machine,) = bench.keep(Server(name="desk", address="desk", kind=ServerKind.THIS_MACHINE))
    page = bench.page()
    bench.live.samples_arrived.emit([sample(machine.id, load1=0.5, cores=4.0)])
    settle(page)
    steps = page.first_steps
    assert cell(page, 0, Column.LOAD) == "0.50 / 4"
    assert steps.isVisible()
    assert not page.add_button.isVisible()
    assert not page.filter_bar.isVisible()
    for button in (steps.add_button, steps.import_button, steps.open_button):
        QTest.keyClick(button, Qt.Key.Key_Return)
    assert bench.navigator.asked == [("add",), ("import",), ("open", machine.id)]
    bench.keep(Server(name="web1", address="web1"))
    settle(page)
    assert not steps.isVisible()
    assert page.add_button.isVisible()
    assert page.filter_bar.isVisible()


def test_the_machines_of_two_engines_are_no_first_start(bench):
    engines = [
        Server(name=name, address=name, kind=ServerKind.THIS_MACHINE) for name in ("east", "west")
    ]
    bench.keep(*engines, Server(name="web1", address="web1"))
    page = bench.page()

    assert not page.first_steps.isVisible()
    assert page.filter_bar.isVisible()


def test_when_the_first_steps_go_the_keys_go_to_the_servers(bench):
    page = bench.page()
    page.setFocus()
    page.first_steps.import_button.setFocus()
    bench.keep(Server(name="web1", address="web1"))
    settle(page)

    assert page.focusWidget() is page.table
    assert page.chosen.currentIndex().row() == 0


def test_an_empty_store_offers_the_same_steps_without_this_machine(bench):
    page = bench.page()
    assert page.first_steps.isVisible()
    assert not page.first_steps.open_button.isEnabled()


def test_a_verdict_that_gets_worse_moves_to_the_top_and_is_counted(bench, kept):
    page = bench.page()
    bench.live.tell_states(*(state(one.id) for one in kept))
    bench.live.tell_states(state(kept[2].id, Verdict.DOWN, "Connection refused"))
    settle(page)
    assert names_shown(page.model) == ["web3", "web1", "web2"]
    assert cell(page, 0, Column.WHY) == "Connection refused"
    assert page.summary.buttons[Verdict.DOWN].text() == "■  1 down".replace("■", "●")
    assert page.summary.all_button.text() == "3 servers"
    assert not page.summary.buttons[Verdict.STALE].isVisible()


def test_without_an_engine_nothing_is_ok_and_the_page_says_why(bench, kept):
    page = bench.page()
    bench.live.tell_states(*(state(one.id) for one in kept))
    assert not page.no_engine.isVisible()
    bench.live.tell_engine(None)
    settle(page)
    assert page.no_engine.isVisible()
    assert cell(page, 0, Column.VERDICT).endswith("stale")
    assert "not watched; it was ok" in cell(page, 0, Column.WHY)


def test_the_age_of_the_last_sample_grows_with_the_clock(bench, kept):
    page = bench.page()
    bench.live.samples_arrived.emit([sample(kept[0].id)])
    bench.clock = NOW + timedelta(seconds=7)
    settle(page)
    assert cell(page, 0, Column.AGE) == "7 s"


def test_curves_begin_with_what_the_store_holds(bench, kept):
    History(bench.store).append([sample(kept[0].id, 60, load1=7.5)], NOW)
    page = bench.page()
    row = page.columns.row_of[kept[0].id]
    wait_until(lambda: page.columns.curve(row)[-13] == 7.5)


def test_disks_and_services_come_from_the_store_and_again_when_they_change(bench, kept):
    def write(percent, inside):
        pending = PendingReadings()
        mount = Mount(
            mount="/",
            device="sda",
            kind="ext4",
            total_bytes=9,
            used_percent=percent,
            inodes_used_percent=None,
        )
        services = [ServiceState(name="nginx", inside=inside)]
        pending.put(kept[0].id, mounts=[mount], services=services)
        with bench.store.write() as connection:
            pending.write(connection, NOW)

    write(40.0, Inside.RUNNING)
    page = bench.page()
    wait_until(lambda: cell(page, 0, Column.DISK) == "40 %")
    assert cell(page, 0, Column.SERVICES) == "1 / 1"
    write(96.0, Inside.FAILED)
    bench.live.readings_changed.emit()
    wait_until(lambda: cell(page, 0, Column.DISK).endswith("96 %"))
    assert cell(page, 0, Column.SERVICES).endswith("0 / 1")


def test_a_filter_is_applied_as_it_is_typed_and_esc_takes_it_away(bench, kept):
    page = bench.page()
    press(page, Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    line = page.filter_bar.line
    QTest.keyClicks(line, "web2")
    wait_until(lambda: names_shown(page.model) == ["web2"])
    assert page.filter_bar.count.text() == "1 of 3"
    QTest.keyClick(line, Key.Key_Escape)
    wait_until(lambda: len(names_shown(page.model)) == 3)


def test_a_term_not_understood_gives_a_hint_beside_the_servers(bench, kept):
    page = bench.page()
    page.filter_bar.show_filter("lod>4")
    assert page.filter_bar.hint.isVisible()
    assert "Did you mean load>?" in page.filter_bar.hint.text()
    assert len(names_shown(page.model)) == 3


def test_a_filter_that_fits_nobody_says_so(bench, kept):
    page = bench.page()
    page.filter_bar.show_filter("nobody")
    assert page.nothing.isVisible()


def test_a_customers_site_leads_to_its_server(bench, kept):
    bench.keep(Server(name="db1", address="db1", sites=(Site(domain="example.org"),)))
    page = bench.page()
    page.filter_bar.show_filter("https://www.example.org/shop")
    assert names_shown(page.model) == ["db1"]
    assert page.filter_bar.answer.text() == "example.org is on db1."


def test_a_count_filters_on_a_click_and_a_second_click_shows_all(bench, kept):
    page = bench.page()
    bench.live.tell_states(state(kept[1].id, Verdict.DOWN))
    settle(page)
    page.summary.buttons[Verdict.DOWN].click()
    assert page.filter_bar.line.text() == "verdict:down"
    assert names_shown(page.model) == ["web2"]
    assert page.summary.buttons[Verdict.DOWN].isChecked()
    page.summary.buttons[Verdict.DOWN].click()
    assert len(names_shown(page.model)) == 3
    assert page.summary.all_button.isChecked()


def test_enter_opens_and_f2_edits_the_chosen_server(bench, kept):
    page = bench.page()
    choose(page, "web2")
    press(page, Key.Key_Return)
    press(page, Key.Key_F2)
    press(page, Key.Key_E)
    second = kept[1].id
    assert bench.navigator.asked == [("open", second), ("edit", second), ("edit", second)]


def test_several_chosen_servers_are_edited_together(bench, kept):
    page = bench.page()
    choose(page, "web1", "web3")
    press(page, Key.Key_E)
    dialog = page.findChild(BulkEditDialog)
    assert dialog is not None
    dialog.reject()


def test_a_copy_and_a_test_open_the_servers_dialog(bench, kept):
    page = bench.page()
    choose(page, "web1")
    press(page, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    dialog = page.findChild(ServerDialog)
    assert dialog.connection.name.text() == "web1 2"
    dialog.reject()
    wait_until(lambda: page.findChild(ServerDialog) is None)
    choose(page, "web1")
    press(page, Key.Key_T)
    dialog = page.findChild(ServerDialog)
    assert dialog.connection.name.text() == "web1"
    dialog.reject()


def test_a_deletion_is_asked_about_done_and_undone(bench, kept):
    page = bench.page()
    choose(page, "web1", "web2")
    press(page, Key.Key_Delete)
    box = page.findChild(type(page.deeds.ask_to_delete(page.chosen_servers())))
    assert "Delete 2 servers" in box.text()
    assert "web1, web2" in box.informativeText()
    assert in_store(bench) == ["web1", "web2", "web3"]
    next(one for one in box.buttons() if one.text() == "Delete").click()
    wait_until(lambda: in_store(bench) == ["web3"])
    wait_until(page.notice.isVisible)
    assert page.notice.words.text() == "2 servers deleted."
    page.notice.act_button.click()
    wait_until(lambda: in_store(bench) == ["web1", "web2", "web3"])


def test_ctrl_z_brings_back_one_deletion_after_the_other(bench, kept):
    page = bench.page()
    for one in kept[:2]:
        page.deeds.delete([one])
        wait_until(lambda one=one: page.notice.words.text() == f"{one.name} deleted.")
    press(page, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: in_store(bench) == ["web2", "web3"])
    press(page, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: in_store(bench) == ["web1", "web2", "web3"])
    wait_until(lambda: "back in the fleet" in page.notice.words.text())
    press(page, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.notice.words.text() == "There is nothing to undo."


def test_a_deletion_that_cannot_be_undone_says_why_and_can_be_tried_again(bench, kept):
    page = bench.page()
    page.deeds.delete([kept[0]])
    wait_until(lambda: in_store(bench) == ["web2", "web3"])
    wait_until(page.notice.isVisible)
    bench.keep(Server(name="web1", address="other"))
    page.deeds.undo()
    wait_until(lambda: "already a server called web1" in page.notice.words.text())
    page.deeds.undo()
    wait_until(lambda: "nothing to undo" not in page.notice.words.text())


def test_read_now_is_an_order_to_the_engine(bench, kept):
    page = bench.page()
    choose(page, "web3")
    press(page, Key.Key_F5)
    wait_until(lambda: page.notice.words.text() == "Reading web3 now.")
    order = claim(bench.store, 1, NOW)
    assert (order.kind, order.server_id, order.asked_by) == (REFRESH_NOW, kept[2].id, "ann")


def test_read_now_without_an_engine_says_that_nobody_can(bench, kept):
    bench.live.engine = None
    page = bench.page()
    choose(page, "web3")
    press(page, Key.Key_F5)
    assert "No engine is watching" in page.notice.words.text()


def test_no_row_moves_while_the_mouse_button_is_down_or_a_menu_is_open(bench, kept):
    page = bench.page()
    before = names_shown(page.model)
    view = page.table.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    bench.live.tell_states(state(kept[2].id, Verdict.DOWN))
    settle(page)
    bench.live.tell_servers([*kept[1:]])
    assert names_shown(page.model) == before
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    settle(page)
    assert names_shown(page.model) == ["web3", "web2"]
    QTest.mousePress(view, Qt.MouseButton.RightButton, pos=QPoint(20, 10))
    page.table.customContextMenuRequested.emit(QPoint(20, 10))
    bench.live.tell_states(state(kept[1].id, Verdict.DOWN))
    settle(page)
    assert names_shown(page.model) == ["web3", "web2"]
    page.findChild(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly).close()
    settle(page)
    assert names_shown(page.model) == ["web2", "web3"]


def test_w_goes_to_the_wall_and_back_and_the_selection_stays(bench, kept):
    page = bench.page()
    choose(page, "web2")
    press(page, Key.Key_W)
    assert page.is_wall
    assert page.legend.isVisible()
    assert [one.name for one in page.chosen_servers()] == ["web2"]
    press(page, Key.Key_Return)
    press(page, Key.Key_W)
    assert not page.is_wall
    assert bench.navigator.asked == [("open", kept[1].id)]


def test_a_view_is_saved_with_filter_order_and_wall_and_shown_again(bench, kept):
    page = bench.page()
    page.filter_bar.show_filter("web -web2")
    page.table.sort_by(Column.NAME, descending=True)
    page.show_wall(True)
    page.save_view("Mine")
    page.show_view(BUILT_IN[0])
    assert names_shown(page.model) == ["web1", "web2", "web3"]
    assert not page.is_wall
    page.show_view(page.views.all()[0])
    assert names_shown(page.model) == ["web3", "web1"]
    assert page.is_wall


def test_the_layout_is_there_after_a_restart(bench, kept):
    page = bench.page()
    page.table.setColumnWidth(COLUMNS.index(Column.NAME), 222)
    page.table.setColumnHidden(COLUMNS.index(Column.GROUPS), True)
    page.table.setColumnWidth(COLUMNS.index(Column.CPU), 99)
    page.table.sort_by(Column.NAME, descending=True)
    again = bench.page()
    assert again.table.columnWidth(COLUMNS.index(Column.NAME)) == 222
    assert again.table.isColumnHidden(COLUMNS.index(Column.GROUPS))
    assert names_shown(again.model) == ["web3", "web2", "web1"]


def test_every_deed_with_a_key_is_in_the_key_map(bench, kept):
    told = dict(keys_of(bench.page()))
    for words in ("Open", "Edit", "Delete", "Undo", "Read now", "Wall or table"):
        assert told[words]


def test_f6_goes_round_the_parts_of_the_page(bench, kept):
    page = bench.page()
    page.activateWindow()
    page.focus_servers()
    wait_until(page.table.hasFocus)
    seen = []
    for _ in range(3):
        QTest.keyClick(page, Key.Key_F6)
        seen.append(page.focusWidget())
    assert seen == [page.filter_bar.line, page.summary.all_button, page.table]


def test_another_theme_paints_the_page_in_its_colours(bench, kept):
    page = bench.page()
    from tests.desk.page_bench import theme

    dark = theme("#000000")
    bench.themes.changed.emit(dark)
    assert page.model.look is dark.look


def test_a_fleet_of_many_is_compared_elsewhere_and_comes_whole(bench):
    page = bench.page()
    assert page.first_steps.isVisible()
    many = bench.keep(*(Server(name=f"web{n}", address="web") for n in range(1000)))
    bench.live.tell_states(*(state(one.id, Verdict.DOWN) for one in many))
    page.refresh()
    assert page.state.isVisible()
    assert not page.first_steps.isVisible()
    bench.live.tell_servers(list(many[:900]))
    wait_until(lambda: page.model.rowCount() == 900)
    settle(page)
    wait_until(lambda: page.summary.buttons[Verdict.DOWN].text().endswith("900 down"))
