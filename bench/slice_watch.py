"""Notes how much the window's thread spends in one go: a key press waits no longer than that."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer

_EVERY_MS = 5
_WITHIN_S = 60.0
_REST = 20
"""How many turns after the end are looked at: what follows from it belongs to it."""


class SliceWatch(QObject):
    """Reads what the thread has spent at each beat of a timer; between two beats is a slice."""

    def __init__(self, spent: Callable[[], float]) -> None:
        """Take what gives the thread's spending so far, in any unit."""
        super().__init__()
        self._spent = spent
        self._slices: list[float] = []
        self._before = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._note)

    def longest(self, act: Callable[[], object], until: Callable[[], bool]) -> float:
        """Do something, let the window work until a condition holds; give the longest slice.

        What `act` itself takes is a slice of its own: what a person does next is heard after it,
        before Qt goes on. Raises TimeoutError.
        """
        self._slices.clear()
        self._before = self._spent()
        act()
        self._note()
        self._timer.start()
        deadline_s = time.monotonic() + _WITHIN_S
        rest = 0
        while rest < _REST:
            QCoreApplication.processEvents(
                QEventLoop.ProcessEventsFlag.AllEvents
                | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
            )
            if time.monotonic() > deadline_s:
                raise TimeoutError("it did not happen in time")
            rest = rest + 1 if until() else 0
        self._timer.stop()
        return max(self._slices)

    def _note(self) -> None:
        now = self._spent()
        self._slices.append(now - self._before)
        self._before = now
