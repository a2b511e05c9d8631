"""Pages are made when first shown, few servers' pages stay, and there is a way back."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QStackedWidget, QWidget

from noc_console.desk.page import PageKind
from noc_console.desk.page_stack import KEPT_SERVERS, PageStack
from noc_console.desk.state_panel import StatePanel
from tests.desk.page_bench import PageBench
from tests.desk.qt_life import end


class Made:
    """Makes pages and notes which."""

    def __init__(self):
        self.keys = []

    def page(self, key):
        self.keys.append(key)
        page = QWidget()
        page.setObjectName(str(key))
        return page


@pytest.fixture
def bench(application, tmp_path):
    bench = PageBench(tmp_path)
    bench.live.servers = [replace(bench.server, id=one, name=f"web{one}") for one in range(1, 20)]
    yield bench
    bench.close()


@pytest.fixture
def made():
    return Made()


@pytest.fixture
def widget(application):
    widget = QStackedWidget()
    yield widget
    end(widget)


@pytest.fixture
def stack(bench, made, widget):
    kinds = [
        PageKind(key=key, title=key, keys="", make=lambda _, key=key: made.page(key))
        for key in ("fleet", "settings")
    ]
    return PageStack(bench.context, kinds, lambda _, server_id: made.page(server_id), widget)


def shown(widget):
    return widget.currentWidget().widget().focusProxy().objectName()


def test_a_page_is_made_once_and_only_when_it_is_shown(stack, made, widget):
    stack.open("fleet")
    assert made.keys == ["fleet"]
    for key in (3, "fleet", 3):
        stack.open(key)
    assert made.keys == ["fleet", 3]
    assert shown(widget) == "3"


def test_back_and_forward_lead_past_pages_that_are_gone(stack, widget):
    for key in ("fleet", 3, "settings"):
        stack.open(key)
    stack.close_server(3)
    stack._context.live.servers = []
    stack.step(-1)
    assert shown(widget) == "fleet"
    stack.step(-1)
    assert shown(widget) == "fleet"
    stack.step(1)
    assert shown(widget) == "settings"


def test_a_server_that_nobody_has_opens_nothing(stack, widget):
    stack.open("fleet")
    stack.open(999)
    assert (stack.current, stack.open_servers) == ("fleet", [])


def test_a_deleted_servers_page_closes_and_the_fleet_is_shown(stack, bench, widget):
    stack.open(3)
    bench.live.servers = bench.live.servers[:2]
    bench.live.fleet_changed.emit(bench.live.servers)
    assert (shown(widget), stack.open_servers, stack.page(3)) == ("fleet", [], None)


def test_the_server_not_looked_at_for_longest_is_closed(stack):
    for key in (*range(1, KEPT_SERVERS + 1), 1, KEPT_SERVERS + 1):
        stack.open(key)
    assert 2 not in stack.open_servers
    assert len(stack.open_servers) == KEPT_SERVERS
    assert stack.open_servers[0] == 1


def test_the_window_is_told_which_page_and_which_servers(stack):
    told = []
    stack.shown.connect(told.append)
    stack.servers_changed.connect(lambda: told.append(list(stack.open_servers)))
    stack.open(3)
    stack.open(3)
    stack.close_server(3)
    assert told == [[3], 3, "fleet", []]


def test_a_state_panels_button_has_the_focus_and_does_what_it_says(application):
    done = []
    panel = StatePanel("It cannot be read", "Try again.", {"Try again": lambda: done.append(1)})
    panel.focusProxy().click()
    assert done == [1]
    assert panel.accessibleName() == "It cannot be read. Try again."
    end(panel)
