"""On no page do two things ask for the same Alt key: the first would be hidden by the second."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QTabBar, QWidget

from noc_console.desk.app import page_kinds
from noc_console.desk.fleet_edit.field_rows import FieldRows
from noc_console.desk.fleet_edit.server_dialog import DialogColours, ServerDialog
from noc_console.desk.server.server_page import ServerPage
from tests.desk.qt_life import end
from tests.desk.window_bench import WindowBench

MNEMONIC = re.compile(r"(?<!&)&([^&\s])")


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


def mnemonics(texts):
    return [found[1].lower() for text in texts for found in [MNEMONIC.search(text)] if found]


def texts_of(widget: QWidget):
    yield from (one.text() for one in widget.findChildren(QAbstractButton))
    yield from (one.text() for one in widget.findChildren(QLabel) if one.buddy() is not None)
    for bar in widget.findChildren(QTabBar):
        yield from (bar.tabText(place) for place in range(bar.count()))


def doubled(letters):
    return [letter for letter, count in Counter(letters).items() if count > 1]


@pytest.mark.parametrize(
    "make", [*(kind.make for kind in page_kinds()), lambda context: ServerPage(context, 1)]
)
def test_no_page_takes_a_key_of_the_menus_or_one_twice(bench, make):
    menus = mnemonics(action.text() for action in bench.window().menuBar().actions())
    page = make(replace(bench.context, navigator=bench.window()))

    assert len(menus) == 4
    assert doubled([*menus, *mnemonics(texts_of(page))]) == []
    end(page)


@pytest.mark.parametrize("is_edit", [False, True])
def test_the_dialog_of_a_server_takes_no_key_twice(bench, is_edit):
    dialog = ServerDialog(
        bench.server if is_edit else None,
        bench.live.servers,
        store=bench.store,
        background=bench.pool,
        asked_by="ann",
        colours=DialogColours(passed="#000000", failed="#000000"),
    )
    own = [one.text() for one in dialog.findChildren(QPushButton)]
    for section in dialog.findChildren(FieldRows):
        assert doubled(mnemonics([*own, *texts_of(section)])) == []
    end(dialog)
