"""A few daemon threads for work that may block: connecting, asking the keyring, reading slow files.

Not `concurrent.futures`: its threads are joined when the interpreter ends, so one connect that
hangs for ten seconds would break the promise to stop within two.
"""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

log = logging.getLogger(__name__)

Work = Callable[[], None]


class Workers:
    """A fixed number of threads that take work in order; work tells its result by events."""

    def __init__(self, name: str, count: int) -> None:
        """Start `count` daemon threads called `name`-1, `name`-2 ..."""
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._count = count
        self._is_stopping = False
        for number in range(1, count + 1):
            Thread(target=self._work, name=f"{name}-{number}", daemon=True).start()

    def submit(self, work: Work) -> None:
        """Have a thread do this when one is free."""
        self._queue.put(work)

    def stop(self) -> None:
        """Let each thread end after what it does now; what still waits is not begun."""
        self._is_stopping = True
        for _ in range(self._count):
            self._queue.put(None)

    def _work(self) -> None:
        while (work := self._queue.get()) is not None and not self._is_stopping:
            try:
                work()
            except Exception:  # a bug in one server's work must not end the thread for all others
                log.exception("work in the background failed")
