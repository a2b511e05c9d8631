"""The one way in which the window does what may take time: elsewhere, the outcome brought back.

Daemon threads of our own: the program ends without waiting for a server or a disk that hangs.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from noc_console.errors import ConsoleError

Result = TypeVar("Result")
THREADS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    owner: QObject
    tell: Callable[[], None]
    ends_call: bool = True


class Background(QObject):
    """Does work on a few threads. Make and close it on the GUI thread.

    A bug in the work is logged and told with `bug_met`; neither `success` nor `failure` is called.
    """

    bug_met = Signal(str)
    """The sentence about a bug, with its reference."""
    _done = Signal(object)

    def __init__(self, tell_of_bug: Callable[[Exception], str]) -> None:
        """Start the threads; `tell_of_bug` logs a bug and gives the sentence."""
        super().__init__()
        self._tell_of_bug = tell_of_bug
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._is_closed = threading.Event()
        self._open_calls = 0
        self._done.connect(self._bring_back)
        self._threads = [
            threading.Thread(target=self._work, name=f"background-{place}", daemon=True)
            for place in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether the outcome of every call was told."""
        return self._open_calls == 0

    def call(
        self,
        work: Callable[[], Result],
        success: Callable[[Result], None],
        failure: Callable[[ConsoleError], None],
        owner: QObject,
    ) -> None:
        """Do `work` on a thread; then, on the GUI thread and only while `owner` lives, the rest."""

        def do() -> None:
            try:
                result = work()
            except ConsoleError as problem:
                told = problem
                self._emit(_Outcome(owner=owner, tell=lambda: failure(told)))
            else:
                self._emit(_Outcome(owner=owner, tell=lambda: success(result)))

        self._open_calls += 1
        self._queue.put(do)

    def report(self, bug: Exception) -> None:
        """Log a bug met on any thread, and tell it on the GUI thread."""
        self._report(bug, ends_call=False)

    def close(self, wait_s: float = 2.0) -> None:
        """Start nothing more, drop what is not told yet, and wait shortly for what runs."""
        self._is_closed.set()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(wait_s / THREADS)

    def _work(self) -> None:
        while (do := self._queue.get()) is not None:
            if self._is_closed.is_set():
                continue
            try:
                do()
            except Exception as bug:  # noqa: BLE001 - the last place: a bug must not end the thread
                self._report(bug, ends_call=True)

    def _report(self, bug: Exception, *, ends_call: bool) -> None:
        tell = partial(self.bug_met.emit, self._tell_of_bug(bug))
        self._emit(_Outcome(owner=self, tell=tell, ends_call=ends_call))

    def _emit(self, outcome: _Outcome) -> None:
        if not self._is_closed.is_set() and isValid(self):
            self._done.emit(outcome)

    def _bring_back(self, outcome: _Outcome) -> None:
        """What is told may call again: the count goes down only afterwards."""
        try:
            if not self._is_closed.is_set() and isValid(outcome.owner):
                outcome.tell()
        finally:
            self._open_calls -= outcome.ends_call
