"""The tab of the server page that tells what happened, the newest first. GUI thread only.

It asks for the timeline when it comes into sight. Enter opens what a line is about.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget

from noc_console.desk.incidents.moment_columns import moment_columns
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import RowsModel, fit_columns, table_of
from noc_console.incidents.incident.timeline import Moment, Source, Timeline

LOADING = "What happened is being read."
NOTHING = (
    "Nothing is known to have happened to this server in the last 24 hours. What happens from now"
    " on stands here: alarms, who took them, boots, orders, windows, incidents, recordings."
)


class TimelinePanel(QStackedWidget):
    """A table of moments, or the words that say why there is none."""

    came_into_sight = Signal()
    moment_wanted = Signal(object)
    """Moment: a person wants to see what it is about."""

    def __init__(self, look: Look, now: Callable[[], datetime]) -> None:
        """Say that it is being read."""
        super().__init__()
        self._look = look
        self._told: Timeline | None = None
        self.model: RowsModel[Moment] = RowsModel(
            moment_columns("Last 24 hours", now, lambda: self._look), self
        )
        self.words = QLabel(LOADING)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self.view = table_of(self.model, "Timeline of the last 24 hours")
        self.view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.activated.connect(
            lambda index: self.moment_wanted.emit(self.model.rows[index.row()])
        )
        self.addWidget(self.words)
        self.addWidget(self.view)
        self.setFocusProxy(self.view)

    def show_timeline(self, told: Timeline) -> None:
        """Show what happened; who stands on a line stays on it when newer ones come above."""
        if told == self._told:
            return
        self._told = told
        chosen = self._chosen()
        rows = (*reversed(told.moments), *_left_out(told))
        self.model.show_rows(rows)
        self.words.setText(NOTHING)
        self.setCurrentWidget(self.view if rows else self.words)
        if rows:
            fit_columns(self.view)
        if chosen is not None and chosen in rows:
            self.view.selectRow(rows.index(chosen))

    def show_trouble(self, sentence: str) -> None:
        """Say why it cannot be read, unless an earlier reading is there."""
        if self._told is None:
            self.words.setText(sentence)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what happened."""
        super().showEvent(event)
        self.came_into_sight.emit()

    def _chosen(self) -> Moment | None:
        index = self.view.currentIndex()
        return self.model.rows[index.row()] if index.isValid() else None


def _left_out(told: Timeline) -> tuple[Moment, ...]:
    """Say below the oldest how much went before it and is not shown."""
    if not told.left_out:
        return ()
    words = f"{told.left_out:,} earlier facts are left out; `noc-console timeline` tells any span."
    return (Moment(at=told.moments[0].at, source=Source.CONSOLE, words=words),)
