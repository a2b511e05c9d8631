"""A kind of reading of which only one is under way, however often a page asks for it.

GUI thread only; the work itself is done in the background.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from noc_console.desk.widgets.off_thread import OffThread
from noc_console.errors import ConsoleError

Result = TypeVar("Result")


class OneAtATime:
    """What is asked while it reads is read once more afterwards, by `again`, however it ended."""

    def __init__(self, background: OffThread, again: Callable[[], object], owner: QObject) -> None:
        """Read nothing yet; nothing is told when `owner` is gone."""
        self.is_reading = False
        self.took_ms = 0
        """How long the last one took, with its way there and back."""
        self._background = background
        self._again = again
        self._owner = owner
        self._is_wanted_again = False

    def call(
        self,
        work: Callable[[], Result],
        success: Callable[[Result], None],
        failure: Callable[[ConsoleError], None],
    ) -> None:
        """Do `work` as `OffThread.call` does it, unless one is under way: then later."""
        if self.is_reading:
            self._is_wanted_again = True
            return
        self.is_reading, self._is_wanted_again = True, False
        began_s = time.monotonic()

        def attempt() -> Result:
            try:
                return work()
            except ConsoleError:
                raise
            except Exception:  # of a bug neither outcome is told: who asks next reads again
                self.is_reading = False
                raise

        def end(tell: Callable[[], None]) -> None:
            self.is_reading = False
            self.took_ms = round((time.monotonic() - began_s) * 1000)
            tell()
            if self._is_wanted_again:
                self._again()

        self._background.call(
            attempt,
            lambda result: end(lambda: success(result)),
            lambda problem: end(lambda: failure(problem)),
            self._owner,
        )
