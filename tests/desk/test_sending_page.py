"""The page of what goes out: keys are heard on each tab, also where nothing stands yet."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from noc_console.desk.channels.channel_dialog import ChannelDialog
from noc_console.desk.contacts.contact_dialog import ContactDialog
from noc_console.desk.sending.sending_page import SendingPage
from noc_console.notices.channels.channel import ChannelKind
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench
from tests.notices.outbox import add


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def page(bench):
    page = SendingPage(bench.context)
    page.resize(1100, 640)
    page.show()
    page.activateWindow()
    page.setFocus()
    wait_until(lambda: page.is_settled and bench.pool.is_idle and page.outbox.isAncestorOf(held()))
    yield page
    end(page)


def held():
    return QApplication.focusWidget() or QDialog()


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


@pytest.mark.parametrize(("steps", "kind"), [(1, ContactDialog), (2, ChannelDialog)])
def test_an_empty_tab_hears_its_keys_once_it_was_read(bench, page, steps, kind):
    for _ in range(steps):
        press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    panel = page.tabs.currentWidget()
    wait_until(lambda: bench.pool.is_idle and panel.isAncestorOf(held()))

    press(Qt.Key.Key_Insert)

    wait_until(lambda: panel.findChildren(kind))


def test_a_table_hears_the_keys_when_its_first_row_comes(bench, page):
    page.show_tab("channels")
    panel = page.channels
    wait_until(lambda: bench.pool.is_idle and panel.isAncestorOf(held()))

    add(bench.store, ChannelKind.WEBHOOK, "forum")
    panel.read()

    wait_until(lambda: panel.model.rows and panel.table.hasFocus())
