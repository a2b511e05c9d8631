"""What a person does with a window: begin, end, call off. GUI thread only; written elsewhere."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from noc_console.desk.context import DeskContext
from noc_console.fleet.inert import inert
from noc_console.incidents.windows.window import Occurrence
from noc_console.incidents.windows.window_records import (
    cancel_window,
    end_window,
    skip_occurrence,
    start_window,
)
from noc_console.incidents.windows.window_words import span_words


class WindowDeeds:
    """Writes under this person's name and says what came of it."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime], parent: QWidget) -> None:
        """Act for one page."""
        self._context = context
        self._now = now
        self._parent = parent

    def start(self, one: Occurrence) -> None:
        """Record that the work began."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._do(
            lambda: start_window(store, one.window.id, by, now),
            f"{inert(one.window.title)} began. E records that it is done.",
        )

    def end(self, one: Occurrence) -> None:
        """Record that the work is done."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._do(
            lambda: end_window(store, one.window.id, by, now),
            f"{inert(one.window.title)} is done; alarms speak again.",
        )

    def cancel(self, one: Occurrence) -> QMessageBox:
        """Ask how much to call off, then do it."""
        asked = QMessageBox(self._parent)
        asked.setWindowTitle("Cancel a window")
        asked.setTextFormat(Qt.TextFormat.PlainText)
        asked.setText(f"Cancel {inert(one.window.title)}, {span_words(one)}?")
        asked.setInformativeText("What it booked before stays. Tell customers who were told of it.")
        every = asked.addButton(
            "Cancel all to come" if one.window.recurrence else "Cancel it",
            QMessageBox.ButtonRole.DestructiveRole,
        )
        only = None
        if one.window.recurrence is not None:
            only = asked.addButton("Only this &one", QMessageBox.ButtonRole.ActionRole)
        keep = asked.addButton("&Keep it", QMessageBox.ButtonRole.RejectRole)
        asked.setDefaultButton(keep)
        asked.setEscapeButton(keep)
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        every.clicked.connect(lambda: self._cancel_all(one))
        if only is not None:
            only.clicked.connect(lambda: self._skip(one))
        asked.open()
        return asked

    def _cancel_all(self, one: Occurrence) -> None:
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._do(
            lambda: cancel_window(store, one.window.id, by, now),
            f"{inert(one.window.title)} is cancelled.",
        )

    def _skip(self, one: Occurrence) -> None:
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._do(
            lambda: skip_occurrence(store, one, by, now),
            f"{inert(one.window.title)} of {span_words(one)} is cancelled.",
        )

    def _do(self, work: Callable[[], object], said: str) -> None:
        say = self._context.navigator.say
        self._context.background.call(
            work, lambda _: say(said), lambda failure: say(failure.sentence), self._parent
        )
