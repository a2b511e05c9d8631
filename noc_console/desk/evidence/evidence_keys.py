"""The recorder's buttons, keys and state on a server's page."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.evidence.evidence_words import recording_words
from noc_console.desk.evidence.opening import open_evidence
from noc_console.desk.evidence.recording_deeds import RecordingDeeds

RECORD_KEYS, EVIDENCE_KEYS = "Ctrl+R", "E"
_TICK_MS = 1000


class EvidenceKeys(QObject):
    """Record or stop, open the evidence, and for how long the server has been recorded."""

    def __init__(
        self,
        context: DeskContext,
        server_id: int,
        page: QWidget,
        add_button: Callable[[QWidget], object],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Put them on the page."""
        super().__init__(page)
        self._context = context
        self._server_id = server_id
        self._page = page
        self._now = now
        self.deeds = RecordingDeeds(context, context.navigator.say, self, now)
        self.state = QLabel()
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setContentsMargins(10, 0, 6, 0)
        self.record_button, self.evidence_button = QPushButton(), QPushButton("Evi&dence")
        add_button(self.state)
        for button, keys, words, act in (
            (self.record_button, RECORD_KEYS, "Record this server now, or stop", self.toggle),
            (self.evidence_button, EVIDENCE_KEYS, "Evidence of this server", self.open),
        ):
            button.setToolTip(f"{words} ({keys})")
            button.setAccessibleName(words)
            button.clicked.connect(lambda _=False, act=act: act())
            add_button(button)
            shortcut = QShortcut(QKeySequence(keys), page, act)
            shortcut.setWhatsThis(words)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        context.live.recordings_changed.connect(self.show_state)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.show_state)
        self._timer.start()
        self.show_state()

    def toggle(self) -> None:
        """Record, or stop."""
        self.deeds.toggle(self._server_id)

    def open(self) -> None:
        """Show the evidence."""
        open_evidence(self._context, self._server_id, self._page)

    def show_state(self) -> None:
        """Say whether it is recorded, and for how long."""
        recording = self._context.live.recordings.get(self._server_id)
        self.state.setVisible(recording is not None)
        self.state.setText(f"●  {recording_words(recording, self._now())}" if recording else "")
        self.record_button.setText("Stop rec&ording" if recording else "Rec&ord")
