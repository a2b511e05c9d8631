"""Measures how long the window's thread keeps its events waiting."""

import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

_EVERY_MS = 5


def waited_for_processor_s() -> float:
    """Give how long this thread was ready but others had the processors (proc_schedstat)."""
    schedstat = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    return int(schedstat.read_text().split()[1]) / 1e9


class StallWatch(QObject):
    """A timer that should fire every 5 ms; what other programs took of the machine is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps_s: list[float] = []
        self._last = 0.0
        self._waited = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._note)

    def start(self) -> None:
        """Measure from now on."""
        self._last, self._waited = time.monotonic(), waited_for_processor_s()
        self._timer.start()

    def stop(self) -> None:
        """Measure no more."""
        self._timer.stop()

    def share_s(self, share: float) -> float:
        """Give the gap that this share of all gaps does not exceed."""
        return sorted(self.gaps_s)[min(int(share * len(self.gaps_s)), len(self.gaps_s) - 1)]

    def _note(self) -> None:
        now, waited = time.monotonic(), waited_for_processor_s()
        self.gaps_s.append(now - self._last - (waited - self._waited))
        self._last, self._waited = now, waited
