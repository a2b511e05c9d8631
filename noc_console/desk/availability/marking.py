"""Marks an outage as seen wrongly, or takes such a mark back: asked, then recorded by name.

GUI thread only; written in the background.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.availability.availability_rows import Trace
from noc_console.desk.context import DeskContext
from noc_console.desk.widgets.dialog_frame import answer_buttons
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.incidents.availability.mark_records import MAX_REASON, Mark, put_mark, take_back
from noc_console.incidents.times import exact_text, local_text
from noc_console.store.schema.metadata import from_ms

HINT = "Choose an outage of a server or service below, or a mark to take back."


class MarkDialog(QDialog):
    """Asks why an outage was seen wrongly. `decided` tells the reason."""

    decided = Signal(str)

    def __init__(self, trace: Trace, parent: QWidget | None = None) -> None:
        """Ask about one outage."""
        super().__init__(parent)
        self.setWindowTitle("Mark as not watched")
        about = QLabel(
            f"{inert(trace.name)}, {local_text(from_ms(trace.start_ms))} to"
            f" {local_text(from_ms(trace.end_ms))} ({exact_text(trace.end_ms - trace.start_ms)}).\n"
            "It will count as not watched, for everybody on this store. Each report shows the mark"
            " with your name and reason, and the sums without it."
        )
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        about.setMinimumWidth(420)
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        self.reason.setPlaceholderText("such as: our own uplink was down, the server was not")
        self.reason.setAccessibleName("Why it was seen wrongly")
        form = QFormLayout()
        form.addRow("&Reason", self.reason)
        self.mark_button = QPushButton("Mark it")
        self.mark_button.setEnabled(False)
        buttons = answer_buttons(self, self.mark_button, self._decide)
        self.reason.textChanged.connect(
            lambda words: self.mark_button.setEnabled(bool(words.strip()))
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.addWidget(about)
        box.addLayout(form)
        box.addWidget(buttons)
        self.reason.setFocus()

    def _decide(self) -> None:
        self.decided.emit(self.reason.text().strip())
        self.accept()


class Marking:
    """Writes marks under this person's name; `changed` is called when one was."""

    def __init__(
        self,
        context: DeskContext,
        now: Callable[[], datetime],
        parent: QWidget,
        changed: Callable[[], object],
    ) -> None:
        """Act for one page."""
        self._context = context
        self._now = now
        self._parent = parent
        self._changed = changed

    def act(self, trace: Trace | None) -> QDialog | None:
        """Ask about what is chosen: an outage is marked, a mark taken back."""
        if trace is not None and trace.mark is not None and trace.mark.holds:
            return self._ask_back(trace.mark)
        if trace is not None and trace.server_id is not None:
            dialog = MarkDialog(trace, self._parent)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.decided.connect(lambda reason: self._mark(trace, reason))
            dialog.open()
            return dialog
        self._context.navigator.say(HINT)
        return None

    def _ask_back(self, mark: Mark) -> QMessageBox:
        asked = QMessageBox(self._parent)
        asked.setWindowTitle("Take a mark back")
        asked.setTextFormat(Qt.TextFormat.PlainText)
        asked.setText(f"Let this mark count no more?\n{inert(mark.reason, MAX_REASON)}")
        asked.setInformativeText("It stays on record, with your name.")
        back = asked.addButton("&Take it back", QMessageBox.ButtonRole.AcceptRole)
        keep = asked.addButton("&Keep it", QMessageBox.ButtonRole.RejectRole)
        asked.setDefaultButton(keep)
        asked.setEscapeButton(keep)
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        back.clicked.connect(lambda: self._take_back(mark))
        asked.open()
        return asked

    def _mark(self, trace: Trace, reason: str) -> None:
        if trace.server_id is None:
            return
        store, by, now = self._context.store, self._context.asked_by, self._now()
        server_id, service = trace.server_id, trace.service
        first, last = from_ms(trace.start_ms), min(from_ms(trace.end_ms), now)

        def work() -> Mark:
            mark = Mark(
                server_id=server_id,
                service=service,
                started_at=first,
                ended_at=last,
                reason=reason,
                marked_by=by,
                marked_at=now,
            )
            return put_mark(store, mark)

        self._do(work, "Marked: it counts as not watched. N on the mark takes it back.")

    def _take_back(self, mark: Mark) -> None:
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._do(lambda: take_back(store, mark.id, by, now), "The mark counts no more.")

    def _do(self, work: Callable[[], object], said: str) -> None:
        say = self._context.navigator.say

        def done(_: object) -> None:
            say(said)
            self._changed()

        def fail(failure: ConsoleError) -> None:
            say(failure.sentence)

        self._context.background.call(work, done, fail, self._parent)
