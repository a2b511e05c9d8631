"""Saves a draft while it is typed: at most a tenth of a second of typing is not in the store.

GUI thread only; the store is written in the background, one save after the other.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError
from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import (
    DraftMoved,
    NotNow,
    StoredNotice,
    UnknownNotice,
    save_draft,
)

SAVE_AFTER_MS = 100
_TRY_AGAIN_MS = 2000


class DraftKeeper(QObject):
    """Holds one draft as it was typed last, and the edition the store has of it."""

    saved = Signal()
    troubled = Signal(str)
    """A sentence: it is not saved; it is tried again."""
    moved = Signal(str)
    """A sentence: somebody else saved another draft, or it is over; nothing more is saved."""

    def __init__(
        self,
        context: DeskContext,
        stored: StoredNotice,
        now: Callable[[], datetime],
        parent: QObject,
    ) -> None:
        """Keep the draft of a notice from now on."""
        super().__init__(parent)
        self._context = context
        self._now = now
        self.stored = stored
        self.notice = stored.notice
        self._edition = stored.edition
        self._saved = stored.notice
        self._is_saving = self._is_stopped = False
        self._after: list[Callable[[], object]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._save)

    @property
    def is_saved(self) -> bool:
        """Whether the store has all that was typed."""
        return self.notice == self._saved

    @property
    def edition(self) -> int:
        """The edition that the store has from here."""
        return self._edition

    def take(self, notice: Notice) -> None:
        """Keep what was typed; the timer is not begun anew, so that steady typing is saved too."""
        self.notice = notice
        if not self._timer.isActive() and not self._is_saving and not self._is_stopped:
            self._timer.start(SAVE_AFTER_MS)

    def when_saved(self, act: Callable[[], object]) -> None:
        """Do something as soon as the store has all that was typed, or takes nothing any more."""
        if self._is_stopped or (self.is_saved and not self._is_saving):
            act()
            return
        self._after.append(act)
        self._save()

    def read_anew(self, stored: StoredNotice) -> None:
        """Take the store's draft in the place of ours."""
        self.stored, self.notice, self._saved = stored, stored.notice, stored.notice
        self._edition, self._is_stopped = stored.edition, False

    def _save(self) -> None:
        if self._is_saving or self._is_stopped:
            return
        if self.is_saved:
            self._tell_saved()
            return
        self._timer.stop()
        self._is_saving = True
        notice, edition = self.notice, self._edition
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._context.background.call(
            lambda: save_draft(store, notice, edition=edition, by=by, now=now),
            lambda new: self._note_saved(notice, new),
            self._refuse,
            self,
        )

    def _note_saved(self, notice: Notice, edition: int) -> None:
        self._is_saving = False
        self._saved, self._edition = notice, edition
        if not self.is_saved:
            self._timer.start(0 if self._after else SAVE_AFTER_MS)
            return
        self._tell_saved()

    def _tell_saved(self) -> None:
        self.saved.emit()
        acts, self._after = self._after, []
        for act in acts:
            act()

    def _refuse(self, failure: ConsoleError) -> None:
        self._is_saving = False
        if isinstance(failure, DraftMoved | NotNow | UnknownNotice):
            self._is_stopped, self._after = True, []
            self._timer.stop()
            self.moved.emit(failure.sentence)
            return
        self.troubled.emit(failure.sentence)
        self._timer.start(_TRY_AGAIN_MS)
