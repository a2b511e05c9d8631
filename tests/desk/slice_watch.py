"""Measures how much the window's thread works in one go, by its own CPU time.

Unlike the time on the clock this does not grow while other programs have the processors. It still
grows a little on a machine whose cores are shared: `slowness` says by how much, now.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer

_EVERY_MS = 5
_NOMINAL_S = 0.0014
"""What `_reference` takes on the machine of docs/benchmarks.md while it is quiet."""


class SliceWatch(QObject):
    """Notes the thread's CPU time between two beats of a timer: a key press waits no longer."""

    def __init__(self) -> None:
        super().__init__()
        self.slices_s: list[float] = []
        self._before_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._note)

    def longest_ms(self, act: Callable[[], object], until: Callable[[], bool]) -> float:
        """Do something, let the window work until a condition holds; give the longest slice.

        What `act` itself takes is a slice of its own: what a person does next is heard after it,
        before Qt goes on. Divided by `slowness`.
        """
        slow = slowness()
        self.slices_s.clear()
        self._before_s = time.thread_time()
        act()
        self._note()
        self._timer.start()
        deadline_s = time.monotonic() + 60
        rest = 0
        while rest < 20:  # what follows from it belongs to it
            QCoreApplication.processEvents(
                QEventLoop.ProcessEventsFlag.AllEvents
                | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
            )
            assert time.monotonic() < deadline_s, "it did not happen in time"
            rest = rest + 1 if until() else 0
        self._timer.stop()
        return 1000 * max(self.slices_s) / min(slow, slowness())

    def _note(self) -> None:
        now_s = time.thread_time()
        self.slices_s.append(now_s - self._before_s)
        self._before_s = now_s


def slowness() -> float:
    """Give how many times as long as on a quiet machine a piece of work takes now, 1 at least."""
    return max(1.0, min(_reference() for _ in range(3)) / _NOMINAL_S)


def _reference() -> float:
    began_s = time.thread_time()
    found: dict[str, list[int]] = {}
    for number in range(12_000):
        found.setdefault(str(number % 997), []).append(number)
    sorted(found, key=lambda one: -len(found[one]))
    return time.thread_time() - began_s
