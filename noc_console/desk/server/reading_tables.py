"""The tables of the server page: services, file systems, processes. Columns only, no store."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from noc_console.desk.look import Look
from noc_console.desk.server.fill_lines import FillLines, Pair
from noc_console.desk.server.service_rows import (
    ServiceRow,
    certificate_text,
    certificate_verdict,
    detail_text,
    inside_text,
    outside_text,
)
from noc_console.desk.widgets.graph_series import value_text
from noc_console.desk.widgets.rows_table import VALUE_ROLE, Column, RowsModel
from noc_console.health.measures import INODES_USED, MOUNT_USED
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import age_text, since_text
from noc_console.telemetry.host import Mount, Process
from noc_console.telemetry.metrics import Unit

Clock = Callable[[], datetime]
_FULL = 100.0
_BAR_HEIGHT = 8
_BAR_TEXT_WIDTH = 52


def service_columns(look: Look, now: Clock) -> tuple[Column[ServiceRow], ...]:
    """Give the columns of the services table."""
    return (
        Column(
            title="State",
            text=lambda row: look.worded(row.verdict, row.state.combined.value),
            colour=lambda row: look.colour(row.verdict),
        ),
        Column(title="Service", text=lambda row: row.name),
        Column(
            title="Inside",
            text=inside_text,
        ),
        Column(title="Outside", text=outside_text),
        Column(title="Check", text=lambda row: row.check.label if row.check else "–"),
        Column(
            title="Answer time",
            text=lambda row: value_text(
                float("nan")
                if row.check is None or row.check.latency_ms is None
                else row.check.latency_ms,
                Unit.MILLISECONDS,
            ),
            numeric=True,
        ),
        Column(
            title="Restarts",
            text=lambda row: "–" if row.state.restarts is None else str(row.state.restarts),
            numeric=True,
        ),
        Column(
            title="Since",
            text=lambda row: (
                "–" if row.state.since is None else f"{age_text(now() - row.state.since)} ago"
            ),
            tip=lambda row: since_text(row.state.since, now()),
        ),
        Column(
            title="Certificate",
            text=lambda row: certificate_text(row, now()),
            colour=lambda row: (
                look.faint
                if certificate_verdict(row, now()) is Verdict.UNKNOWN
                else look.colour(certificate_verdict(row, now()))
            ),
        ),
        Column(title="Detail", text=detail_text, stretch=True, is_sentence=True),
    )


def mount_columns(look: Look, lines: FillLines) -> tuple[Column[Mount], ...]:
    """Give the columns of the file systems table, with each one's lines for space and inodes."""

    def colour(percent: float | None, family: str, mount: Mount) -> QColor | None:
        if percent is None:
            return None
        return look.colour(fill_verdict(percent, lines.of(family, mount.mount)))

    return (
        Column(title="Mount", text=lambda mount: mount.mount),
        Column(
            title="Used",
            text=lambda mount: value_text(mount.used_percent, Unit.PERCENT),
            numeric=True,
            value=lambda mount: mount.used_percent,
            colour=lambda mount: colour(mount.used_percent, MOUNT_USED, mount),
        ),
        Column(
            title="Free",
            text=lambda mount: value_text(
                mount.total_bytes * (1 - mount.used_percent / 100), Unit.BYTES
            ),
            numeric=True,
        ),
        Column(
            title="Size", text=lambda mount: value_text(mount.total_bytes, Unit.BYTES), numeric=True
        ),
        Column(
            title="Inodes used",
            text=lambda mount: (
                "no limit"
                if mount.inodes_used_percent is None
                else value_text(mount.inodes_used_percent, Unit.PERCENT)
            ),
            numeric=True,
            value=lambda mount: mount.inodes_used_percent,
            colour=lambda mount: colour(mount.inodes_used_percent, INODES_USED, mount),
        ),
        Column(title="Kind", text=lambda mount: mount.kind),
        Column(title="Device", text=lambda mount: mount.device, stretch=True),
    )


def fill_verdict(percent: float, lines: Pair) -> Verdict:
    """Give what a fill means against its early and cut-off lines."""
    early, cut_off = lines
    if percent >= cut_off:
        return Verdict.CUT_OFF
    return Verdict.EARLY if percent >= early else Verdict.OK


def process_columns() -> tuple[Column[Process], ...]:
    """Give the columns of the process tables: executable names only, never arguments."""
    return (
        Column(title="Process", text=lambda process: process.name, stretch=True),
        Column(
            title="CPU of one core",
            text=lambda process: (
                "–"
                if process.cpu_percent is None
                else value_text(process.cpu_percent, Unit.PERCENT)
            ),
            numeric=True,
        ),
        Column(
            title="Memory",
            text=lambda process: value_text(process.memory_bytes, Unit.BYTES),
            numeric=True,
        ),
        Column(title="User", text=lambda process: process.user),
        Column(title="State", text=lambda process: process.state),
        Column(title="PID", text=lambda process: str(process.pid), numeric=True),
    )


class FillDelegate(QStyledItemDelegate):
    """A percentage as a bar with its early and cut-off marks, and the number beside it."""

    def __init__(
        self, look: Look, model: RowsModel[Mount], lines: FillLines, family: str, track: QColor
    ) -> None:
        """Draw each row of the model against its lines for space, or for inodes."""
        super().__init__()
        self._look = look
        self._model = model
        self._lines = lines
        self._family = family
        self._track = track

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the cell's background, the bar, the marks and the text."""
        percent = index.data(VALUE_ROLE)
        if percent is None:
            super().paint(painter, option, index)
            return
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        words, cell.text = cell.text, ""
        style = cell.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)
        room = QRectF(cell.rect).adjusted(8, 0, -8, 0)
        bar = QRectF(room)
        bar.setRight(room.right() - _BAR_TEXT_WIDTH)
        bar.setTop(room.center().y() - _BAR_HEIGHT / 2)
        bar.setHeight(_BAR_HEIGHT)
        lines = self._lines.of(self._family, self._model.rows[index.row()].mount)
        verdict = fill_verdict(float(percent), lines)
        painter.save()
        painter.fillRect(bar, self._track)
        filled = QRectF(bar)
        filled.setWidth(bar.width() * min(max(float(percent), 0.0), 100.0) / 100)
        painter.fillRect(filled, self._look.colours[verdict])
        self._mark(painter, bar, lines)
        selected = bool(cell.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setPen(cell.palette.color(role))
        painter.drawText(
            room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words
        )
        painter.restore()

    def _mark(self, painter: QPainter, bar: QRectF, lines: Pair) -> None:
        for percent, verdict in zip(lines, (Verdict.EARLY, Verdict.CUT_OFF), strict=True):
            if percent > _FULL:
                continue
            painter.setPen(self._look.colours[verdict])
            at = bar.left() + bar.width() * percent / 100
            painter.drawLine(int(at), int(bar.top()) - 3, int(at), int(bar.bottom()) + 3)
