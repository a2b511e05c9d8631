"""What a person does with a window: begin, extend, end, call off. Written elsewhere."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox, QSpinBox, QWidget

from noc_console.desk.context import DeskContext
from noc_console.fleet.inert import inert
from noc_console.incidents.windows.window import Occurrence
from noc_console.incidents.windows.window_records import (
    cancel_window,
    end_window,
    extend_window,
    skip_occurrence,
    start_window,
)
from noc_console.incidents.windows.window_words import span_words, when_text

_MOST_MINUTES = 24 * 60
_FIRST_MINUTES = 30


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

    def extend(self, one: Occurrence) -> QInputDialog:
        """Ask for how long the work goes on, then record it."""
        now = self._now()
        begins = max(now, one.extended_to or one.planned_end)
        asked = QInputDialog(self._parent)
        asked.setWindowTitle("Extend a window")
        asked.setInputMode(QInputDialog.InputMode.IntInput)
        asked.setIntRange(1, _MOST_MINUTES)
        asked.setIntStep(15)

        def say(minutes: int) -> None:
            to = begins + timedelta(minutes=minutes)
            asked.setLabelText(
                f"{inert(one.window.title)} goes on from {when_text(begins, one.window.zone)}\n"
                f"to {when_text(to, one.window.zone)}.\n"
                "Alarms stay mute; what is down after the planned end counts as unscheduled."
            )

        asked.intValueChanged.connect(say)
        asked.setIntValue(_FIRST_MINUTES)
        say(_FIRST_MINUTES)
        minutes = asked.findChild(QSpinBox)
        if isinstance(minutes, QSpinBox):
            minutes.setSuffix(" min")
            minutes.setAccessibleName("Minutes longer")
        asked.setOkButtonText("Extend")
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.intValueSelected.connect(
            lambda minutes: self._extend(one, begins + timedelta(minutes=minutes))
        )
        asked.open()
        return asked

    def _extend(self, one: Occurrence, to: datetime) -> None:
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._do(
            lambda: extend_window(store, one.window.id, to, by, now),
            f"{inert(one.window.title)} goes on to {when_text(to, one.window.zone)}; alarms are"
            " mute till then.",
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
