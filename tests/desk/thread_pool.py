"""Real threads for widgets that want work done off the GUI thread."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from noc_console.errors import ConsoleError


class ThreadPool(QObject):
    """Two threads; outcomes come back through a queued signal."""

    _told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._pool = ThreadPoolExecutor(2)
        self._told.connect(self._tell)

    def _tell(self, told: tuple[QObject, Callable[[], None]]) -> None:
        owner, tell = told
        if isValid(owner):
            tell()

    def call(
        self,
        work: Callable[[], object],
        success: Callable[[object], None],
        failure: Callable[[ConsoleError], None],
        owner: QObject,
    ) -> None:
        def do() -> None:
            try:
                result = work()
            except ConsoleError as problem:
                told = problem
                self._told.emit((owner, lambda: failure(told)))
            else:
                self._told.emit((owner, lambda: success(result)))

        self._pool.submit(do)

    def close(self) -> None:
        self._pool.shutdown()
        QApplication.processEvents()


def wait_until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Let the window work until a condition holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        QApplication.processEvents()
        time.sleep(0.005)
