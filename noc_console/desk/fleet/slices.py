"""Much work on the GUI thread, a few milliseconds at a time, so that the window stays awake."""

from collections import deque
from collections.abc import Iterable, Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

SLICE_S = 0.005


class Slices(QObject):
    """Goes through iterators, in the order in which they were given, in slices of a few ms."""

    done = Signal()
    """Nothing is left, after a slice that did something."""

    def __init__(self, parent: QObject) -> None:
        """Have nothing to do."""
        super().__init__(parent)
        self._waiting: deque[Iterator[object]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def add(self, work: Iterable[object]) -> None:
        """Go through this too: at once if nothing is before it and it is little."""
        self._waiting.append(iter(work))
        if not self._timer.isActive():
            self._go_on()

    @property
    def are_done(self) -> bool:
        """Whether nothing is left."""
        return not self._waiting

    def _go_on(self) -> None:
        ends_at = perf_counter() + SLICE_S
        while self._waiting and perf_counter() < ends_at:
            if next(self._waiting[0], self) is self:
                self._waiting.popleft()
        if self._waiting:
            self._timer.start()
        else:
            self._timer.stop()
            self.done.emit()
