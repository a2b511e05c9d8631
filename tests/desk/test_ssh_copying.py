"""The ssh login of a server on the clipboard, by key, from its row and from its page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from noc_console.desk.server.server_page import ServerPage
from noc_console.desk.ssh_copying import copy_ssh_command
from noc_console.fleet.server import Server
from tests.desk.fleet_bench import FleetBench, names_shown
from tests.desk.page_bench import PageBench
from tests.desk.qt_life import end, wait_until

_BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def bench(application, tmp_path):
    QGuiApplication.clipboard().setText("as it was")
    opened = FleetBench(tmp_path)
    yield opened
    opened.close()


def test_the_login_of_a_chosen_server_is_copied_and_told(bench):
    bench.keep(Server(name="web1", address="10.0.0.1", user="noc", port=2222))
    page = bench.page()
    index = page.model.index(names_shown(page.model).index("web1"), 0)
    flags = page.chosen.SelectionFlag
    page.chosen.setCurrentIndex(index, flags.Select | flags.Rows)
    page.activateWindow()
    page.shown_part.setFocus()
    wait_until(page.shown_part.hasFocus)

    QTest.keyClick(page.shown_part, Qt.Key.Key_L, _BOTH)

    command = "ssh -p 2222 noc@10.0.0.1"
    assert QGuiApplication.clipboard().text() == command
    assert bench.navigator.asked == [("say", f"Copied; paste it into a terminal: {command}")]


def test_a_server_without_a_command_leaves_the_clipboard_alone_and_says_why(bench):
    (web,) = bench.keep(Server(name="web1", address="10.0.0.1", jumps=("gone",)))
    page = bench.page()

    copy_ssh_command(page._context, web.id)

    assert QGuiApplication.clipboard().text() == "as it was"
    assert "is not in the fleet" in bench.navigator.asked[-1][1]


def test_the_login_is_copied_from_the_servers_own_page_too(bench, tmp_path):
    of_page = PageBench(tmp_path / "page")
    page = ServerPage(of_page.context, of_page.server.id, lambda: of_page.clock)
    page.show()
    page.activateWindow()
    page.view.graphs.stack.setFocus()
    wait_until(page.view.graphs.stack.hasFocus)

    QTest.keyClick(page.view.graphs.stack, Qt.Key.Key_L, _BOTH)

    assert QGuiApplication.clipboard().text() == "ssh 10.0.0.1"
    end(page)
    of_page.close()
