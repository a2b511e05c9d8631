"""The tables of the server page, in tabs: services, file systems, processes, connection."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette, QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QTabWidget, QWidget

from noc_console.desk.lines.line_rows import LineRow
from noc_console.desk.lines.lines_panel import LinesPanel
from noc_console.desk.look import Look
from noc_console.desk.server.fill_lines import FillLines
from noc_console.desk.server.reading_tables import (
    Clock,
    FillDelegate,
    mount_columns,
    process_columns,
    service_columns,
)
from noc_console.desk.server.service_rows import ServiceRow, service_rows
from noc_console.desk.server.timeline_panel import TimelinePanel
from noc_console.desk.widgets.rows_table import Column, RowsModel, RowsView, fit_columns, table_of
from noc_console.health.line_book import LineSet
from noc_console.health.measures import INODES_USED, MOUNT_USED
from noc_console.health.verdict import Verdict
from noc_console.telemetry.host import Mount, Process
from noc_console.telemetry.service import CheckResult, ServiceState

Fact = tuple[str, str]
"""What it is, and how it stands."""

_USED, _INODES = 1, 4
_BAR_COLUMN_WIDTH = 190


class _TableTab(QStackedWidget):
    """A table, or the words that say why there is none; the table is made when it is first seen."""

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        name: str,
        empty: str,
        dress: Callable[[RowsView], None] = lambda _view: None,
    ) -> None:
        super().__init__()
        self._name = name
        self._dress = dress
        self._made: RowsView | None = None
        self._fits = False
        self.model: RowsModel[Any] = RowsModel(columns, self)
        words = QLabel(empty)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        self.addWidget(words)

    @property
    def view(self) -> RowsView:
        """The table, made now where it was not."""
        if self._made is None:
            self._made = table_of(self.model, self._name)
            self._dress(self._made)
            self.addWidget(self._made)
        return self._made

    def show_rows(self, rows: Sequence[Any]) -> None:
        self._fits = self._fits and len(rows) == len(self.model.rows)
        self.model.show_rows(rows)
        if self.isVisible() or not rows:
            self._show_table()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_table()

    def _show_table(self) -> None:
        if not self.model.rows:
            self.setCurrentIndex(0)
            return
        view = self.view
        if not self._fits:
            self._fits = True
            fit_columns(view)
            self._dress(view)
        self.setCurrentWidget(view)


class TablesPanel(QTabWidget):
    """What is read at a slow pace, and how the server is reached."""

    def __init__(self, look: Look, now: Clock) -> None:
        """Make empty tables."""
        super().__init__()
        self.setDocumentMode(True)
        self._now = now
        self._fills = FillLines()
        self.services = _TableTab(
            service_columns(look, now),
            "Services",
            "No service is expected and no outside check is set. Edit the server (F2) to say which"
            " services must run and which ports must answer.",
        )
        self.mounts = _TableTab(
            mount_columns(look, self._fills),
            "File systems",
            "No file system was read yet; they are read about once a minute.",
            self._dress_mounts,
        )
        self.by_cpu = _TableTab(process_columns(), "Processes by CPU", _NO_PROCESSES)
        self.by_memory = _TableTab(process_columns(), "Processes by memory", _NO_PROCESSES)
        self.connection = _TableTab(_fact_columns(look), "Connection", "Nothing is known yet.")
        self.lines = LinesPanel(look)
        self.timeline = TimelinePanel(look, now)
        self._delegates = tuple(
            FillDelegate(look, self.mounts.model, self._fills, family, self._track())
            for family in (MOUNT_USED, INODES_USED)
        )
        processes = QSplitter(Qt.Orientation.Horizontal)
        processes.addWidget(self.by_cpu)
        processes.addWidget(self.by_memory)
        processes.setChildrenCollapsible(False)
        pages: tuple[tuple[QWidget, str], ...] = (
            (self.services, "Servi&ces"),
            (self.mounts, "&File systems"),
            (processes, "&Processes"),
            (self.lines, "&Lines"),
            (self.timeline, "Ti&meline"),
            (self.connection, "Co&nnection"),
        )
        for page, title in pages:
            self.addTab(page, title)

    def _dress_mounts(self, view: RowsView) -> None:
        for place, delegate in zip((_USED, _INODES), self._delegates, strict=True):
            view.setItemDelegateForColumn(place, delegate)
            view.wish_for({place: _BAR_COLUMN_WIDTH})

    def _track(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.Mid)

    def show_services(
        self, services: Sequence[ServiceState], checks: Sequence[CheckResult]
    ) -> None:
        """Show services with their outside checks, worst first."""
        rows = service_rows(services, checks)
        self.services.show_rows(rows)
        self.setTabText(0, f"Servi&ces {_well_of(rows)}".rstrip())

    def show_mounts(self, mounts: Sequence[Mount]) -> None:
        """Show the file systems, the fullest first."""
        self.mounts.show_rows(sorted(mounts, key=lambda mount: -mount.used_percent))

    def show_processes(self, processes: Sequence[Process]) -> None:
        """Show the processes twice: the busiest first, and the largest first."""
        self.by_cpu.show_rows(
            sorted(processes, key=lambda process: (-(process.cpu_percent or 0.0), process.pid))
        )
        self.by_memory.show_rows(
            sorted(processes, key=lambda process: (-process.memory_bytes, process.pid))
        )

    def show_lines(self, lines: LineSet, rows: Sequence[LineRow]) -> None:
        """Show which lines hold; the file systems are judged by them too."""
        self._fills.use(lines)
        self.lines.show_rows(lines, rows)
        if self.mounts.isVisible():
            self.mounts.view.viewport().update()

    def show_connection(self, facts: Sequence[Fact]) -> None:
        """Show how the server is reached and what it is; what is unknown is left out."""
        self.connection.show_rows([fact for fact in facts if fact[1]])

    def renew_ages(self) -> None:
        """Write the ages anew: they grow while nothing arrives."""
        if self.services.isVisible():
            self.services.view.viewport().update()


_NO_PROCESSES = "No processes were read yet; they are read within a minute."


def _fact_columns(look: Look) -> tuple[Column[Fact], ...]:
    return (
        Column(title="What", text=lambda fact: fact[0], colour=lambda _: look.faint),
        Column(title="Value", text=lambda fact: fact[1], stretch=True),
    )


def _well_of(rows: Sequence[ServiceRow]) -> str:
    services = {row.name for row in rows}
    unwell = {row.name for row in rows if row.verdict is not Verdict.OK}
    return f"({len(services) - len(unwell)}/{len(services)} ok)" if services else ""
