"""Lets go of what was read and is over, a little at a time: all at once it would be felt.

GUI thread only. A big audit is some hundred thousand objects, and while Python frees them no thread
of it runs.
"""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer

from noc_console.audit.checklist import Checklist

_EVERY_MS = 20
_AT_A_TIME = 400


class LettingGo(QObject):
    """Holds what is over until it was let go of bit by bit."""

    def __init__(self, parent: QObject) -> None:
        """Hold nothing."""
        super().__init__(parent)
        self._held: list[object] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._drop)

    def take(self, old: Checklist, new: Checklist) -> None:
        """Take what a checklist held and the new one does not."""
        if old.parts is not new.parts:
            for key, part in old.parts.items():
                if new.parts.get(key) is not part:
                    self.hold(part.results.values())
                    self.hold(part.findings)
        if old.before is not None and old.before is not new.before:
            self.hold(old.before.values())

    def hold(self, some: Iterable[object]) -> None:
        """Hold some things, and let go of them bit by bit."""
        self._held.extend(some)
        if self._held and not self._timer.isActive():
            self._timer.start()

    def _drop(self) -> None:
        del self._held[-_AT_A_TIME:]
        if not self._held:
            self._timer.stop()
