"""The program opens the store after the first paint, tells what fails, and stays through bugs."""

import sqlite3
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QSystemTrayIcon

from noc_console.desk.app import DeskProgram
from noc_console.desk.state_panel import StatePanel
from noc_console.store.location import StoreLocation
from noc_console.store.store import CORE_FILE, open_store
from tests.desk.qt_life import end, wait_until


class OwnEngine:
    """An engine process that only notes what was asked of it."""

    last_words = ""

    def __init__(self):
        self.is_running = False
        self.pid = None
        self.asked = []

    def start(self):
        self.asked.append("start")
        self.is_running, self.pid = True, 1

    def stop(self):
        self.asked.append("stop")
        self.is_running, self.pid = False, None


@pytest.fixture
def own():
    return OwnEngine()


@pytest.fixture
def bugs():
    return []


class Ends:
    """How often the program asked to end."""

    count = 0

    def note(self):
        self.count += 1


@pytest.fixture
def quits():
    return Ends()


@pytest.fixture
def make(application, quits, tmp_path, own, bugs):
    made = []

    def tell_of_bug(bug):
        bugs.append(bug)
        return f"A bug: {bug}"

    def program(folder=tmp_path / "store"):
        program = DeskProgram(
            application,
            StoreLocation.parse(str(folder)),
            own_engine=own,
            tell_of_bug=tell_of_bug,
            settings_folder=tmp_path / "config",
        )
        program.ends.connect(quits.note)
        made.append(program)
        return program

    yield program
    for one in made:
        one.close()
        end(one.window, one)


def opened(program):
    program.start()
    wait_until(lambda: program.live is not None and program.live.is_loaded)
    return program


def buttons(program):
    panel = program.window.stack.currentWidget()
    return {one.text(): one for one in panel.findChildren(QPushButton)}


def panel_of(program):
    panel = program.window.stack.currentWidget()
    return panel if isinstance(panel, StatePanel) else None


def test_the_store_is_opened_only_after_the_window_was_painted(make, tmp_path):
    program = make()
    before = (tmp_path / "store").exists()
    program.start()
    wait_until(lambda: program.live is not None)

    assert not before
    assert (tmp_path / "store" / CORE_FILE).exists()


def test_the_fleet_is_shown_and_an_engine_started_and_stopped_with_the_window(make, own):
    program = opened(make())
    wait_until(lambda: own.asked == ["start"])
    program.close()

    assert program.window.current_page is not None
    assert own.asked == ["start", "stop"]


def test_closing_the_window_ends_the_program(make, quits):
    program = opened(make())
    program.window.close()

    assert quits.count == 1


def test_with_a_tray_the_window_may_be_closed_into_it_and_comes_back(make, quits, monkeypatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    program = opened(make())
    program.settings.put("close_to_tray", True)
    program.window.close()
    hidden = not program.window.isVisible()
    program.tray.show_action.trigger()

    assert (hidden, quits.count) == (True, 0)
    assert program.window.isVisible()


def test_without_a_tray_closing_into_it_ends_the_program(make, quits, monkeypatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    program = opened(make())
    program.settings.put("close_to_tray", True)
    program.window.close()

    assert quits.count == 1


def test_a_damaged_store_is_told_and_can_be_tried_again(make, tmp_path):
    open_store(StoreLocation.parse(str(tmp_path / "store"))).close()
    core = tmp_path / "store" / CORE_FILE
    whole = core.read_bytes()
    core.write_bytes(b"no database " * 1000)
    program = make()
    program.start()
    wait_until(lambda: program.failure is not None)
    title = panel_of(program).title.text()
    core.write_bytes(whole)
    buttons(program)["&Try again"].click()
    wait_until(lambda: program.live is not None)

    assert title == "The store is damaged"
    assert program.failure is None


def test_a_newer_store_is_told_and_nothing_is_started(make, own, tmp_path):
    open_store(StoreLocation.parse(str(tmp_path / "store"))).close()
    core = sqlite3.connect(tmp_path / "store" / CORE_FILE)
    core.execute("UPDATE alembic_version_core SET version_num = 'core_9999'")
    core.commit()
    core.close()
    program = make()
    program.start()
    wait_until(lambda: program.failure is not None)

    assert panel_of(program).title.text() == "The store is newer than this program"
    assert "update this program" in panel_of(program).sentence.text()
    assert own.asked == []


def test_a_folder_that_cannot_be_made_is_told_with_a_way_out(make, quits, tmp_path):
    (tmp_path / "file").write_text("in the way")
    program = make(tmp_path / "file" / "store")
    program.start()
    wait_until(lambda: program.failure is not None)
    buttons(program)["&Quit"].click()

    assert panel_of(program).title.text() == "The store cannot be reached"
    assert quits.count == 1


def test_a_bug_while_the_store_is_opened_is_told_with_a_button(make, monkeypatch):
    def fail(_):
        raise LookupError("left out")

    monkeypatch.setattr("noc_console.desk.store_opening.open_for_desk", fail)
    program = make()
    program.start()
    wait_until(lambda: "&Try again" in buttons(program))

    assert panel_of(program).sentence.text() == "A bug: left out"


def test_a_bug_in_a_slot_is_logged_and_told_and_the_window_stays(make, bugs):
    program = opened(make())

    def fail():
        raise ZeroDivisionError("by nothing")

    QTimer.singleShot(0, fail)
    wait_until(program.window.notice.isVisible)

    assert [str(bug) for bug in bugs] == ["by nothing"]
    assert program.window.notice.words.text() == "A bug: by nothing"
    assert program.window.isVisible()


def test_a_bug_in_a_thread_is_told_in_the_window(make, bugs):
    program = opened(make())

    def fail():
        raise ZeroDivisionError("elsewhere")

    threading.Thread(target=fail).start()
    wait_until(program.window.notice.isVisible)

    assert program.window.notice.words.text() == "A bug: elsewhere"


def test_after_the_end_bugs_go_where_python_sends_them(make):
    program = opened(make())
    during = sys.excepthook
    program.close()

    assert during != sys.__excepthook__
    assert sys.excepthook is sys.__excepthook__


def test_the_chosen_theme_is_shown_at_once(make):
    program = opened(make())
    program.settings.put("theme", "dark")

    assert program.themes.current.name == "dark"


def test_a_settings_file_that_cannot_be_read_is_told(make, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "desk.toml").write_text("no toml")
    program = make()
    program.start()

    assert "desk.toml cannot be read" in program.window.notice.words.text()


def test_the_window_is_painted_before_the_store_the_graphs_and_their_numbers_are_imported():
    heavy = "{'sqlalchemy', 'alembic', 'numpy', 'pyqtgraph', 'paramiko'}"
    code = (
        "import sys; import noc_console.cli.desk, noc_console.desk.app, noc_console.cli.own_engine;"
        f"from noc_console.store.location import StoreLocation; print({heavy} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "set()\n"
