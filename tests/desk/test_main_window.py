"""The window leads to every page by keyboard, keeps its layout, and never hides a trouble."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton

from noc_console.desk.command_palette.palette import CommandPalette
from noc_console.desk.fleet_edit.server_dialog import ServerDialog
from noc_console.desk.key_map import KeyMapDialog
from noc_console.desk.main_window import MainWindow
from noc_console.desk.state_panel import StatePanel
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.incident.incident import Incident, IncidentState, Severity
from tests.desk.page_bench import NOW, State
from tests.desk.qt_life import wait_until
from tests.desk.window_bench import WindowBench


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    bench.live.servers = [
        replace(bench.server, id=one, name=f"web{one}", address=f"10.0.0.{one}")
        for one in range(1, 4)
    ]
    yield bench
    bench.close()


def shown(window):
    page = window.current_page
    return page.objectName() if page else None


def act(window, words):
    (action,) = [
        one for one in window.actions_of_window.all if one.text().replace("&", "") == words
    ]
    action.trigger()


def rail_texts(window):
    return [window.rail.item(row).text() for row in range(window.rail.count())]


def test_before_the_store_is_open_nothing_that_needs_it_can_be_done(bench):
    window = bench.window()

    asleep = [one.text() for one in window.actions_of_window.all if not one.isEnabled()]

    assert isinstance(window.stack.currentWidget(), StatePanel)
    assert "&Add a server…" in asleep
    assert "&Quit" not in asleep
    assert not window.rail.isEnabled()


def test_a_failure_shows_its_sentence_and_a_button_that_has_the_focus(bench):
    window, pressed = bench.window(), []
    window.show()
    window.show_state("Damaged", "Do this.", {"Try again": lambda: pressed.append(1)})

    (button,) = window.stack.currentWidget().findChildren(QPushButton)
    button.click()

    assert window.stack.currentWidget().sentence.text() == "Do this."
    assert window.stack.currentWidget().focusProxy() is button
    assert pressed == [1]
    assert window.stack.count() == 1


def test_an_open_store_brings_the_first_page_and_the_status_bar(bench):
    window = bench.begun()

    assert shown(window) == "fleet"
    assert window.stack.count() == 1
    assert window.windowTitle() == "Fleet – noc-console"
    assert "Store:" in window.statusBar().store.text()


def test_each_page_has_its_key_and_there_is_a_way_back(bench):
    window = bench.begun()
    window.open_server(2)
    act(window, "Settings")
    passed = [shown(window)]
    for words in ("Back", "Back", "Forward"):
        act(window, words)
        passed.append(shown(window))

    assert passed == ["settings", "2", "fleet", "2"]
    assert window.windowTitle() == "web2 – noc-console"


def test_escape_leads_back_from_a_servers_page_and_from_no_other(bench):
    window = bench.begun()
    act(window, "Settings")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert shown(window) == "settings"
    window.open_server(2)

    QTest.keyClick(window, Qt.Key.Key_Escape)

    assert shown(window) == "settings"


def test_ctrl_w_closes_a_servers_page_and_no_other(bench):
    window = bench.begun()
    window.open_server(2)
    act(window, "Close the server’s page")
    act(window, "Close the server’s page")

    assert shown(window) == "fleet"
    assert rail_texts(window) == ["Fleet", "Settings"]


def test_an_open_server_stands_in_the_rail_with_its_verdict(bench):
    window = bench.begun()
    window.open_server(1)
    bench.live.states = {
        1: State(judgement=Judgement(verdict=Verdict.DOWN, since=NOW), last_sample_at=NOW)
    }
    bench.live.states_changed.emit(bench.live.states)

    assert rail_texts(window)[2] == "■  web1"
    assert window.rail.item(2).toolTip() == "web1: down"


def test_the_arrows_lead_on_through_the_rail(bench):
    window = bench.begun()
    window.rail.setFocus()

    QTest.keyClick(window.rail, Qt.Key.Key_Down)

    assert shown(window) == "settings"
    assert window.rail.hasFocus() or not window.isActiveWindow()


def test_the_palette_finds_servers_pages_and_actions(bench):
    window = bench.begun()
    window.open_palette()
    palette = window.findChild(CommandPalette)
    titles = [
        (palette.search(typed), palette.found.item(0).text())[1]
        for typed in ("web3", "sett", "add a", "dark")
    ]
    palette.search("web3")
    QTest.keyClick(palette.typed, Qt.Key.Key_Return)

    assert titles == ["web3", "Settings", "Add a server", "Theme: Dark"]
    assert shown(window) == "3"


def test_a_server_in_the_palette_names_its_address(bench):
    window = bench.begun()
    window.open_palette()
    palette = window.findChild(CommandPalette)
    palette.search("web2")

    assert palette.found.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "web2, 10.0.0.2"
    palette.close()


def test_f1_tells_every_key_of_the_window(bench):
    window = bench.begun()
    act(window, "Keys")
    table = window.findChild(KeyMapDialog).table
    told = {table.item(row, 0).text(): table.item(row, 1).text() for row in range(table.rowCount())}

    assert told["Find anything"] == "Ctrl+K"
    assert told["Settings"] == "Ctrl+,"
    assert told["Keys"] == "F1"


def test_f1_tells_the_keys_of_the_page_that_is_shown_too(bench):
    window = bench.begun()
    window.current_page.keys_told = lambda: [("Move the crosshair", "Left or Right")]
    act(window, "Keys")
    table = window.findChild(KeyMapDialog).table
    told = [table.item(row, 0).text() for row in range(table.rowCount())]

    assert told[-2:] == ["Fleet", "Move the crosshair"]


def test_no_two_actions_share_a_key(bench):
    window = bench.window()
    keys = [key.toString() for one in window.actions_of_window.all for key in one.shortcuts()]

    assert len(keys) == len(set(keys)) > 10


def test_adding_a_server_asks_for_it(bench):
    window = bench.begun()
    act(window, "Add a server…")

    assert window.findChild(ServerDialog).isVisible()


def test_import_is_asked_of_its_own_dialog(bench):
    window = bench.begun()
    act(window, "Import servers…")

    assert bench.imported == 1


def test_about_names_version_and_store(bench):
    window = bench.begun()
    act(window, "About noc-console")

    text = window.findChild(QMessageBox).text()

    assert "noc-console 0." in text
    assert str(bench.store.location) in text


def test_a_store_that_cannot_be_read_is_told_until_it_can(bench):
    window = bench.begun()
    bench.live.trouble = "The disk is gone."
    bench.live.trouble_changed.emit(bench.live.trouble)
    while_gone = (window.trouble.isVisible(), window.trouble.text())
    bench.live.trouble = ""
    bench.live.trouble_changed.emit("")

    assert while_gone == (True, "▲  The disk is gone.")
    assert not window.trouble.isVisible()


def test_a_trouble_of_the_engine_gives_way_to_one_of_the_store(bench):
    window = bench.begun()
    window.show_engine_trouble("The engine ended.")
    alone = window.trouble.text()
    bench.live.trouble = "The disk is gone."
    bench.live.trouble_changed.emit(bench.live.trouble)

    assert alone == "▲  The engine ended."
    assert window.trouble.text() == "▲  The disk is gone."


def test_what_a_server_wrote_is_made_inert_before_it_is_said(bench):
    window = bench.begun()
    window.say("web1 said \x1b[31mred")

    assert "\x1b" not in window.notice.words.text()


def test_size_and_page_are_kept_for_the_next_start(bench):
    window = bench.begun()
    window.resize(701, 533)
    act(window, "Settings")
    window.close()
    later = bench.begun()

    assert shown(later) == "settings"
    wait_until(lambda: (later.width(), later.height()) == (701, 533))


def test_a_kept_page_that_is_gone_gives_the_first_one(bench):
    bench.settings.put_layout("window.page", "weather")

    assert shown(bench.begun()) == "fleet"


def test_closing_asks_the_program_and_not_the_page(bench):
    window, asked = bench.begun(), []
    window.close_wanted.connect(lambda: asked.append(1))
    window.close()

    assert asked == [1]


def test_the_theme_chosen_in_the_menu_is_kept_and_marked(bench):
    window = bench.window()
    (dark,) = [one for one in window.actions_of_window.themes if one.data() == "dark"]
    dark.trigger()

    assert bench.settings.get("theme") == "dark"
    assert dark.isChecked()


def test_right_to_left_puts_the_rail_on_the_other_side(bench, application):
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window: MainWindow = bench.begun()
        window.resize(1000, 600)
        wait_until(lambda: window.rail.x() > 0)
        assert window.rail.geometry().right() >= window.centralWidget().width() - 1
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_rail_counts_open_incidents_and_is_loud_when_an_update_is_overdue(bench, monkeypatch):
    told = []
    window = bench.begun()
    monkeypatch.setattr(window.rail, "show_waiting", lambda *words: told.append(words[:3]))
    bench.live.incidents = [
        Incident(
            id=1,
            title="x",
            severity=Severity.MINOR,
            state=IncidentState.OPEN,
            began_at=NOW,
            opened_at=NOW,
            opened_by="anna",
            next_update_at=bench.clock + timedelta(minutes=1),
        )
    ]
    bench.live.incidents_changed.emit()
    bench.clock += timedelta(minutes=5)
    bench.live.incidents_changed.emit()

    assert told == [("incidents", 1, Verdict.EARLY), ("incidents", 1, Verdict.DOWN)]


def test_what_the_fleet_page_does_with_servers_stands_in_the_menu_with_its_keys(bench):
    window = bench.begun()
    offered = [QAction(words) for words in ("&Edit…", "&Delete…")]
    offered[0].setShortcut("F2")
    window.current_page.actions_offered = lambda: offered
    menu = window.menuBar().actions()[0].menu()
    for _ in range(2):
        menu.aboutToShow.emit()
    words = [one.text() for one in menu.actions()]
    window.current_page.actions_offered = list
    menu.aboutToShow.emit()

    assert words == [
        "&Add a server…",
        "&Import servers…",
        "E&xport all…",
        "",
        "&Edit…",
        "&Delete…",
        "",
        "&Quit",
    ]
    assert "&Edit…" not in [one.text() for one in menu.actions()]


def test_servers_are_exported_from_every_page(bench):
    window = bench.begun()
    act(window, "Export all…")

    assert window.findChild(QFileDialog).windowTitle() == "Export servers"
