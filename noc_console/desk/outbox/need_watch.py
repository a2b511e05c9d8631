"""Says beside the page of sending how many postings need a person, whatever page is shown."""

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.desk.context import DeskContext
from noc_console.health.verdict import Verdict
from noc_console.notices.posting import PostingState
from noc_console.notices.posting_rows import pressing

_LOOK_AGAIN_MS = 1000
_BAD = frozenset({PostingState.FAILED, PostingState.MISSED})


class NeedWatch(QObject):
    """Follows the postings. GUI thread only; the store is read in the background."""

    needs_changed = Signal(int, object)
    """How many, and the verdict of the worst; None where nothing needs a person."""

    def __init__(self, context: DeskContext, parent: QObject) -> None:
        """Look at once, and within a second whenever a posting moved on."""
        super().__init__(parent)
        self._context = context
        self._found: dict[PostingState, int] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LOOK_AGAIN_MS)
        self._soon.timeout.connect(self._look)
        context.live.postings_changed.connect(self._look_soon)
        context.themes.changed.connect(lambda _: self._tell(self._found))
        self._look()

    def _look_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _look(self) -> None:
        store = self._context.store
        self._context.background.call(
            lambda: pressing(store), self._tell, lambda _failure: None, self
        )

    def _tell(self, found: dict[PostingState, int]) -> None:
        self._found = found
        worst = None
        if found:
            worst = Verdict.DOWN if found.keys() & _BAD else Verdict.CUT_OFF
        self.needs_changed.emit(sum(found.values()), worst)
