"""The preview says what an import would do, and what it does not understand."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from noc_console.desk.importing.preview_panel import (
    PreviewLines,
    PreviewPanel,
    ServerLine,
    StrangeLine,
)
from tests.desk.qt_life import end


def line(name: str, action: str, notes: str = "") -> ServerLine:
    return ServerLine(action=action, name=name, place=f"{name}.example", groups="", notes=notes)


PREVIEW = PreviewLines(
    servers=(
        line("db1", "same"),
        line("web1", "add"),
        line("web2", "update", "user: root → ops"),
        line("web3", "add"),
        line("odd", "skip", "The name is there twice."),
    ),
    strange=(
        StrangeLine(file="config", number=7, text="Frobnicate\x1b[2J yes", why="unknown word"),
    ),
)


@pytest.fixture
def panel(application: QApplication) -> Iterator[PreviewPanel]:
    shown = PreviewPanel()
    shown.show_preview(PREVIEW)
    yield shown
    end(shown)


def test_the_summary_counts_what_would_be_done(panel: PreviewPanel) -> None:
    assert panel.summary.text() == (
        "Servers: 2 to add, 1 to update, 1 left out, 1 already as in the file."
        " 1 line was not understood and is left out."
    )


def test_a_file_without_a_server_says_so() -> None:
    assert PreviewLines(servers=(), strange=()).summary() == "No server was found in this file."
    assert PreviewLines(servers=(), strange=()).changes == 0


def test_what_changes_comes_first(panel: PreviewPanel) -> None:
    assert [row.name for row in panel.servers.rows] == ["web1", "web3", "web2", "odd", "db1"]
    assert PREVIEW.changes == 3


def test_what_is_left_out_is_called_so_in_its_row_as_in_the_sums(panel: PreviewPanel) -> None:
    told = [panel.servers.index(row, 0).data() for row in range(panel.servers.rowCount())]

    assert told == ["add", "add", "update", "left out", "same"]


def test_a_line_not_understood_stands_with_its_file_number_and_reason(
    panel: PreviewPanel,
) -> None:
    model = panel.strange
    cells = [model.index(0, place).data() for place in range(model.columnCount())]

    assert cells == ["config", "7", "Frobnicate\N{REPLACEMENT CHARACTER}[2J yes", "unknown word"]
    assert panel.tabs.tabText(1) == "&Not understood (1)"
