"""Whether somebody is at this desk, and what that means for what they have seen of the alarms.

GUI thread only. Somebody is here while they touch the keys or the mouse every ten minutes and the
window is not minimised or hidden; what calls meanwhile is seen as it comes.
"""

import socket
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.touches import TOUCHES
from noc_console.health.alarm_seen_records import missed_by, note_presence

AWAY_AFTER = timedelta(minutes=10)
_LOOK_EVERY_MS = 10_000


def desk_person(context: DeskContext) -> str:
    """Give the name under which this desk keeps what was seen: the person at this machine."""
    return f"{context.asked_by}@{socket.gethostname()}"


class Presence(QObject):
    """Keeps a person's mark; one for each window, from its opening on."""

    missed = Signal(int)
    """How many alarms called while the person was away; told once when they are back."""

    def __init__(self, context: DeskContext, window: QWidget, now: Callable[[], datetime]) -> None:
        """Begin as somebody who was away: what came while no window was open was missed."""
        super().__init__(window)
        self._context = context
        self._window = window
        self._now = now
        self._touched_at: datetime = now()
        self._was_here = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        # what the system sends to the window, and not each event of each widget
        (window.windowHandle() or window).installEventFilter(self)
        self._note(is_here=False, then=lambda _: self.look())

    @property
    def is_here(self) -> bool:
        """Whether somebody is at this desk now."""
        is_seen = self._window.isVisible() and not self._window.isMinimized()
        return is_seen and self._now() - self._touched_at < AWAY_AFTER

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt asks for it
        """See every touch; stop none. Who comes back is told what they missed at once."""
        if event.type() in TOUCHES:
            was_here = self.is_here
            self._touched_at = self._now()
            if not was_here:
                self.look()
        return False

    def look(self) -> None:
        """Note whether somebody is here, and tell who has just come back what they missed."""
        is_here = self.is_here
        is_back = is_here and not self._was_here
        self._was_here = is_here
        self._note(is_here=is_here, then=self._tell if is_back else lambda _: None)

    def _note(self, *, is_here: bool, then: Callable[[int], object]) -> None:
        """Move the mark in the background; `then` is given how many alarms were missed."""
        store, person, now = self._context.store, desk_person(self._context), self._now()

        def work() -> int:
            note_presence(store, person, is_here=is_here, now=now)
            return len(missed_by(store, person))

        self._context.background.call(work, lambda count: _do(then, count), lambda _: None, self)

    def _tell(self, count: int) -> None:
        if count:
            self.missed.emit(count)


def _do(then: Callable[[int], object], count: int) -> None:
    then(count)
