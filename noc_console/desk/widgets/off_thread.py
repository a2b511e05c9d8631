"""What a widget needs to have something done off the GUI thread. `desk.background` does it."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject

from noc_console.errors import ConsoleError

Result = TypeVar("Result")


class OffThread(Protocol):
    """Does work elsewhere and tells the outcome on the GUI thread, while the owner lives."""

    def call(
        self,
        work: Callable[[], Result],
        success: Callable[[Result], None],
        failure: Callable[[ConsoleError], None],
        owner: QObject,
    ) -> None:
        """Do `work`; then call `success` with its result, or `failure` with its ConsoleError."""
