"""Keeps a template while it is typed, so that a window that dies loses half a second of it.

GUI thread only; the store is written in the background, one write after the other.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError
from noc_console.notices.template_draft import TemplateDraft, keep_draft

KEEP_AFTER_MS = 300


class TypedTemplate(QObject):
    """Holds what this person typed and did not save; None where nothing waits to be saved."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime], parent: QObject) -> None:
        """Keep nothing yet."""
        super().__init__(parent)
        self._context = context
        self._now = now
        self._wanted: tuple[str, str, str] | None = None
        self._kept: tuple[str, str, str] | None = None
        self._is_keeping = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep_now)

    @property
    def is_kept(self) -> bool:
        """Whether the store has what was typed last."""
        return self._wanted == self._kept and not self._is_keeping

    def take(self, path: str, text: str, began_from: str) -> None:
        """Keep what was typed soon; steady typing is kept too, for the timer is not begun anew."""
        self._wanted = (path, text, began_from)
        if not self._timer.isActive():
            self._timer.start()

    def forget(self) -> None:
        """It was saved or discarded: keep nothing."""
        self._wanted = None
        self.keep_now()

    def found(self, draft: TemplateDraft) -> None:
        """Know what the store keeps."""
        self._wanted = self._kept = (draft.path, draft.text, draft.began_from)

    def keep_now(self) -> None:
        """Write what is not in the store yet."""
        self._timer.stop()
        if self._is_keeping or self._wanted == self._kept:
            return
        self._is_keeping = True
        wanted, store, who, now = (
            *(self._wanted, self._context.store, self._context.asked_by, self._now()),
        )
        draft = None
        if wanted is not None:
            path, text, began_from = wanted
            draft = TemplateDraft(path=path, text=text, began_from=began_from, typed_at=now)

        def end(_done: object) -> None:
            self._is_keeping, self._kept = False, wanted
            if self._wanted != wanted:
                self._timer.start()

        def fail(failure: ConsoleError) -> None:
            self._is_keeping = False
            self._context.navigator.say(failure.sentence)
            self._timer.start()

        self._context.background.call(lambda: keep_draft(store, who, draft), end, fail, self)
