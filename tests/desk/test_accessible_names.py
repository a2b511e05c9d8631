"""Pages and dialogs without a mouse: what the Tab key reaches has a name for a screen reader, and
each key does one thing.
"""

from collections import defaultdict
from datetime import UTC, datetime
from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QShortcut
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget

from noc_console.desk import pictures
from noc_console.desk.app import DeskProgram
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.notices.notice_records import add_notice
from noc_console.store.heartbeat import register
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.desk.qt_life import end, wait_until
from tests.notices.composed import scheduled, unscheduled

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
    "notice:1",
    "notice:2",
    "ledger:1",
    "timeline:web1",
)


@pytest.fixture
def program(application, tmp_path):
    location = StoreLocation.parse(str(tmp_path / "store"))
    store, now = open_store(location), datetime.now(UTC)
    register(store, "desk", 1, "0", now)
    add_server(store, Server(name="web1", address="192.0.2.7"), now)
    for notice in (scheduled(servers=(1,)), unscheduled(servers=(1,))):
        add_notice(store, notice, by="ann", now=now)
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
def test_what_the_tab_key_reaches_has_a_name_and_no_key_does_two_things(program, monkeypatch):
    monkeypatch.setattr(pictures, "WAIT_S", 120.0)  # of a loaded machine
    program.window.show()
    nameless, doubled = [], []
    for page in (*program.window.page_keys, *BESIDES):
        pictures._ways_of(program, page)()
        pictures._wait(program)
        for root in (program.window, *pictures._dialogs()):
            nameless += [f"{page}: {described(one)}" for one in reached(root) if not named(one)]
            doubled += [f"{page}: {one}" for one in doubled_keys(root)]
        for dialog in pictures._dialogs():
            dialog.close()

    assert sorted(set(nameless)) == []
    assert sorted(set(doubled)) == []


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


def doubled_keys(root: QWidget) -> list[str]:
    """Give the keys for which Qt would do nothing, for two things want them at once."""
    wanted = defaultdict(list)
    for one in (*root.actions(), *root.findChildren(QAction), *root.findChildren(QShortcut)):
        is_action = isinstance(one, QAction)
        owners = one.associatedObjects() if is_action else [one.parent()]
        widgets = [owner for owner in owners if isinstance(owner, QWidget) and owner.isVisible()]
        seen = [owner for owner in widgets if owner.window() is root]
        context = one.shortcutContext() if is_action else one.context()
        words = one.text() if is_action else one.whatsThis()
        for key in one.shortcuts() if is_action else one.keys():
            if seen and one.isEnabled():
                wanted[key.toString()].append((one, words, context, seen))
    return [
        f"{key}: {words} / {other_words}"
        for key, some in wanted.items()
        for (one, words, *where), (other, other_words, *elsewhere) in combinations(some, 2)
        if one is not other and meet(*where, *elsewhere)
    ]


def meet(
    context: Qt.ShortcutContext,
    owners: list[QWidget],
    other_context: Qt.ShortcutContext,
    other_owners: list[QWidget],
) -> bool:
    """Whether two shortcuts can be heard from one place."""
    anywhere = {Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut}
    if {context, other_context} & anywhere:
        return True
    return any(
        one is other or one.isAncestorOf(other) or other.isAncestorOf(one)
        for one in owners
        for other in other_owners
    )
