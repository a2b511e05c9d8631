"""The windows of one server, shaded in its graphs. GUI thread only; read in the background."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from noc_console.desk.context import DeskContext
from noc_console.desk.widgets.graph_shades import Shade
from noc_console.fleet.inert import inert
from noc_console.incidents.windows.window import Occurrence
from noc_console.incidents.windows.window_records import list_occurrences

_SHADED_FOR = timedelta(days=92)
_AHEAD = timedelta(days=1)
_RENEW_MS = 300_000


class ServerWindows(QObject):
    """Follows the windows and gives their shades."""

    def __init__(
        self,
        context: DeskContext,
        server_id: int,
        shade: Callable[[Sequence[Shade]], None],
        now: Callable[[], datetime],
        parent: QObject,
    ) -> None:
        """Read them now, when a window changes, and some times an hour."""
        super().__init__(parent)
        self._context = context
        self._server_id = server_id
        self._shade = shade
        self._now = now
        self._timer = QTimer(self)
        self._timer.setInterval(_RENEW_MS)
        self._timer.timeout.connect(self.read)
        self._timer.start()
        context.live.windows_changed.connect(self.read)
        self.read()

    def read(self) -> None:
        """Read the windows around now."""
        store, now = self._context.store, self._now()
        self._context.background.call(
            lambda: list_occurrences(store, now - _SHADED_FOR, now + _AHEAD),
            self._take,
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    def _take(self, found: Sequence[Occurrence]) -> None:
        server = self._context.live.by_id.get(self._server_id)
        if server is not None:
            self._shade([shade for one in found if one.covers(server) for shade in shades_of(one)])


def shades_of(one: Occurrence) -> list[Shade]:
    """Give the span in which alarms are mute, named; none of one that is cancelled."""
    span = one.muted
    if span is None:
        return []
    services = ", ".join(one.window.services)
    what = f"window for {services}" if services else "window"
    words = f"{what}: {one.window.title}"
    return [Shade(start_s=span[0].timestamp(), end_s=span[1].timestamp(), words=inert(words))]
