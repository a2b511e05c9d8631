"""All that the Tab key reaches has a name for a screen reader, on every page and in the dialogs."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget

from noc_console.desk import pictures
from noc_console.desk.app import DeskProgram
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.store.heartbeat import register
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.desk.qt_life import end, wait_until

BESIDES = (
    "fleet:wall",
    "alarms:missed",
    "alarms:quality",
    "sending:contacts",
    "sending:channels",
    "sending:templates",
    "sending:promises",
    "server:web1",
    "reboot:web1",
    "evidence:web1",
    "lines:web1/load5",
    "answer:web1",
    "add-server",
    "plan-window",
    "import",
    "palette",
    "keys",
    "add-channel",
    "add-recipient",
    "mail-server",
)


@pytest.fixture
def program(application, tmp_path):
    location = StoreLocation.parse(str(tmp_path / "store"))
    store, now = open_store(location), datetime.now(UTC)
    register(store, "desk", 1, "0", now)
    add_server(store, Server(name="web1", address="192.0.2.7"), now)
    store.close()
    made = DeskProgram(
        application, location, own_engine=None, tell_of_bug=str, settings_folder=tmp_path / "config"
    )
    made.start()
    wait_until(lambda: made.live is not None and made.live.is_loaded)
    yield made
    made.close()
    end(made.window, made)


@pytest.mark.slow
def test_what_the_tab_key_reaches_has_a_name(program, monkeypatch):
    monkeypatch.setattr(pictures, "WAIT_S", 120.0)  # of a loaded machine
    program.window.show()
    nameless = []
    for page in (*program.window.page_keys, *BESIDES):
        pictures._ways_of(program, page)()
        pictures._wait(program)
        for root in (program.window, *pictures._dialogs()):
            nameless += [f"{page}: {described(one)}" for one in reached(root) if not named(one)]
        for dialog in pictures._dialogs():
            dialog.close()

    assert sorted(set(nameless)) == []


def reached(root: QWidget) -> list[QWidget]:
    """Give what the Tab key stops at; an inner part of a field stands for the field."""
    return [
        one
        for one in root.findChildren(QWidget)
        if one.isVisible()
        and one.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
        and one.focusProxy() is None
        and not isinstance(one.parent(), QAbstractSpinBox | QComboBox)
    ]


def named(one: QWidget) -> bool:
    told = QAccessible.queryAccessibleInterface(one)
    return told is not None and bool(told.text(QAccessible.Text.Name).strip())


def described(one: QWidget) -> str:
    return f"{type(one).__name__} in {type(one.parent()).__name__}"
