"""When Python looks for circles of objects that nobody holds: in moments chosen here.

Left to itself, Python looks in whatever thread makes the ten thousandth object, and while it looks
no thread runs: with a large fleet for a tenth of a second and longer. GUI thread only; that also
lets nothing of Qt be deleted by another thread.
"""

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from noc_console.desk.touches import TOUCHES

LOOK_EVERY_MS = 100
WORTH_A_LOOK = 1_000
"""Objects made since the last look, less those that went by themselves."""
MUCH_CAME = 20_000
"""A look at so many would be felt. They came together: a fleet was read, and none of it is over."""
QUIET_S, EVERY_S = 20.0, 120.0
"""All that is not frozen is looked at when nobody has touched the window for so long: what outlived
one look is nearly all in use, and twelve thousand objects take up to 50 ms of a busy machine.
"""
LONG_QUIET_S, THAW_EVERY_S = 600.0, 3600.0
"""All there is, which takes half a second of a large fleet, only when nobody is there."""
FELT_S = 0.02


class GarbageKeeper(QObject):
    """Collects for the whole process while it lives. One for a process."""

    def __init__(self, window: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        """Collect from now on, and never while a person uses this window."""
        super().__init__(window)
        self._clock = clock
        self._touched_s = self._all_s = self._thawed_s = clock()
        gc.disable()
        gc.freeze()  # modules and classes: they stay
        (window.windowHandle() or window).installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt asks for it
        """Note that somebody is using the window; stop nothing."""
        if event.type() in TOUCHES:
            self._touched_s = self._clock()
        return False

    def look(self) -> None:
        """Collect as much as may be now."""
        made = gc.get_count()[0]
        if made > MUCH_CAME:
            gc.freeze()
        elif made > WORTH_A_LOOK:
            gc.collect(0)
        now_s = self._clock()
        quiet_s = now_s - self._touched_s
        if quiet_s >= LONG_QUIET_S and now_s - self._thawed_s >= THAW_EVERY_S:
            self._thawed_s = now_s
            gc.unfreeze()
            self._collect_all(now_s)
        elif quiet_s >= QUIET_S and now_s - self._all_s >= EVERY_S:
            self._collect_all(now_s)

    def _collect_all(self, now_s: float) -> None:
        """What took long is frozen, so that it does not the next time."""
        self._all_s = now_s
        began_s = time.perf_counter()
        gc.collect()
        if time.perf_counter() - began_s > FELT_S:
            gc.freeze()
