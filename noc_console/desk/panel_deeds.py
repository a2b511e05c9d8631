"""What the deeds of a panel of rows have in common. GUI thread only."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError


class PanelDeeds(QObject):
    """Does what is asked in the background, says what came of it, has the panel read again."""

    def __init__(
        self,
        context: DeskContext,
        panel: QWidget,
        read: Callable[[], object],
        now: Callable[[], datetime],
    ) -> None:
        """Have done nothing yet."""
        super().__init__(panel)
        self._context = context
        self._panel = panel
        self._read = read
        self._now = now

    def _call(self, work: Callable[[], str]) -> None:
        """Do some work with the store, which gives what to say."""
        self._context.background.call(work, self._say_done, self._say_failure, self)

    def _say_failure(self, failure: ConsoleError) -> None:
        self._context.navigator.say(failure.sentence)

    def _say_done(self, words: str) -> None:
        self._context.navigator.say(words)
        self._read()
