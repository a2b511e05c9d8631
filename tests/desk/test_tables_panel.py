"""The tables of the server page say what is there, and why when nothing is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel

from noc_console.desk.look import Look
from noc_console.desk.server.tables_panel import TablesPanel
from noc_console.desk.widgets.rows_table import RowsModel
from noc_console.health.verdict import Verdict
from noc_console.telemetry.host import Mount, Process
from noc_console.telemetry.service import CheckResult, Inside, Outside, ServiceState
from tests.desk.qt_life import end

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
LOOK = Look(
    shapes=dict.fromkeys(Verdict, "●"),
    colours=dict.fromkeys(Verdict, QColor("#d55e00")),
    faint=QColor("#888888"),
)


@pytest.fixture
def panel(application: QApplication) -> Iterator[TablesPanel]:
    widget = TablesPanel(LOOK, lambda: NOW)
    widget.resize(1100, 240)
    widget.show()
    yield widget
    end(widget)


def cells(model: RowsModel, row: int) -> list[str]:
    return [str(model.index(row, place).data()) for place in range(model.columnCount())]


def mount(name: str, used: float) -> Mount:
    return Mount(
        mount=name,
        device="/dev/sda1",
        kind="ext4",
        total_bytes=100 * 2**30,
        used_percent=used,
        inodes_used_percent=None,
    )


def process(pid: int, cpu: float | None, memory: int, name: str = "php-fpm") -> Process:
    return Process(pid=pid, user="www", name=name, state="S", cpu_percent=cpu, memory_bytes=memory)


def test_a_service_that_runs_but_does_not_answer_is_first_and_counted_as_not_ok(
    panel: TablesPanel,
) -> None:
    check = CheckResult(
        label="http:80",
        service="nginx",
        outside=Outside.NO_ANSWER,
        at=NOW,
        latency_ms=None,
        detail="Nothing answered within 5 s.",
    )
    panel.show_services(
        [
            ServiceState(name="cron", inside=Inside.RUNNING),
            ServiceState(name="nginx", inside=Inside.RUNNING, outside=Outside.NO_ANSWER),
        ],
        [check],
    )

    first = cells(panel.services.model, 0)
    assert first[:4] == ["●  running but not answering", "nginx", "running", "no answer"]
    assert first[-1] == "Nothing answered within 5 s."
    assert panel.tabText(0) == "Servi&ces (1/2 ok)"


def test_with_no_service_the_tab_says_how_to_expect_one(panel: TablesPanel) -> None:
    panel.show_services([], [])

    shown = panel.services.currentWidget()
    assert isinstance(shown, QLabel)
    assert "F2" in shown.text()


def test_the_fullest_file_system_is_first_and_free_room_has_its_unit(panel: TablesPanel) -> None:
    panel.show_mounts([mount("/", 20.0), mount("/var", 91.0)])

    assert cells(panel.mounts.model, 0)[:5] == [
        "/var",
        "91.0 %",
        "9.0 GiB",
        "100.0 GiB",
        "no limit",
    ]


def test_processes_are_sorted_by_cpu_on_one_side_and_by_memory_on_the_other(
    panel: TablesPanel,
) -> None:
    panel.show_processes([process(1, None, 9_000), process(2, 80.0, 10), process(3, 5.0, 500)])

    assert [row.pid for row in panel.by_cpu.model.rows] == [2, 3, 1]
    assert [row.pid for row in panel.by_memory.model.rows] == [1, 3, 2]


def test_numbers_stand_at_the_right_under_their_title(panel: TablesPanel) -> None:
    panel.show_mounts([mount("/", 20.0)])
    model = panel.mounts.model
    right = Qt.AlignmentFlag.AlignRight

    assert model.index(0, 3).data(Qt.ItemDataRole.TextAlignmentRole) & right
    assert model.headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) & right


def test_a_name_that_looks_like_html_is_shown_as_text_in_the_tip(panel: TablesPanel) -> None:
    panel.show_processes([process(1, 1.0, 1, name="<img src='file:///etc/passwd'>")])
    tip = panel.by_cpu.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)

    assert tip == "<qt>&lt;img src=&#x27;file:///etc/passwd&#x27;&gt;</qt>"


def test_facts_that_are_not_known_are_left_out(panel: TablesPanel) -> None:
    panel.show_connection([("Address", "10.0.0.1"), ("Kernel", "")])

    assert panel.connection.model.rows == (("Address", "10.0.0.1"),)


def test_ages_grow_without_a_new_reading(application: QApplication) -> None:
    moments = [NOW]
    widget = TablesPanel(LOOK, lambda: moments[0])
    widget.show_services([ServiceState(name="cron", inside=Inside.RUNNING, since=NOW)], [])
    moments[0] = NOW + timedelta(minutes=5)

    assert cells(widget.services.model, 0)[7] == "5 min ago"
    end(widget)
