"""Does several things one after the other, each in a turn of its own. GUI thread only.

A widget is laid out and styled when it comes into the window: many at once hold it up.
"""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer


class InSlices(QObject):
    """Steps that are done from the next turn on; they end with their owner."""

    def __init__(self, owner: QObject, steps: Iterable[Callable[[], object]]) -> None:
        """Begin soon."""
        super().__init__(owner)
        self._steps = deque(steps)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._do_next)
        self._timer.start(0)

    @property
    def are_done(self) -> bool:
        """Whether every step is done."""
        return not self._steps

    def finish(self) -> None:
        """Do at once what is left, for somebody who cannot wait for it."""
        while self._steps:
            self._do_next()

    def _do_next(self) -> None:
        if self._steps:
            self._steps.popleft()()
        if not self._steps:
            self._timer.stop()
