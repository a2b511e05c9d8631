"""The engine's thread for its everyday work with the store, and a second one for alarms.

The conductor must not wait for a disk or a database: it starts work here, and what comes of it goes
back as an event. A store that refuses is said once, and once more when it takes everything again.
"""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

from noc_console.errors import ConsoleError

log = logging.getLogger(__name__)

Work = Callable[[], None]


class StoreWork:
    """Does work in order, one thing at a time; `start` may be called from any thread."""

    def __init__(self, name: str = "store") -> None:
        """Start the thread."""
        self._queue: SimpleQueue[tuple[str, Work] | None] = SimpleQueue()
        self._under_way: set[str] = set()
        self._failing: set[str] = set()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def start(self, name: str, work: Work) -> None:
        """Do this after what waits already; not when work of this name still waits or runs."""
        if name not in self._under_way:
            self._under_way.add(name)
            self._queue.put((name, work))

    def finish(self, within_s: float) -> bool:
        """Do what waits, then end; tell whether it was done in time."""
        self._queue.put(None)
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (asked := self._queue.get()) is not None:
            name, work = asked
            try:
                work()
            except ConsoleError as error:
                self._say_failing(name, error.sentence)
            except Exception:  # a bug in one kind of work must not end the others
                if name not in self._failing:
                    log.exception("%s: a bug", name)
                self._failing.add(name)
            else:
                self._say_mended(name)
            finally:
                self._under_way.discard(name)

    def _say_failing(self, name: str, sentence: str) -> None:
        if not self._failing:
            log.warning("%s: %s", name, sentence)
        self._failing.add(name)

    def _say_mended(self, name: str) -> None:
        if name in self._failing:
            self._failing.discard(name)
            if not self._failing:
                log.warning("The store takes everything again.")
