"""Ways from pages that show the past: servers open as they were, changes are refused."""

from collections.abc import Callable
from datetime import datetime

from noc_console.audit.decision import Key
from noc_console.desk.context import Navigator

NOT_IN_THE_PAST = (
    "You are looking at the past, where nothing can be ordered or changed; press LIVE"
    " (Ctrl+Shift+T) first."
)


class PastNavigator:
    """What `desk.context.Navigator` promises, while a moment that is over is shown."""

    def __init__(
        self,
        live: Navigator,
        open_server: Callable[[int], object],
        open_fleet: Callable[[], object],
    ) -> None:
        """Open servers and the fleet as they were; other pages are those of `live`."""
        self._live = live
        self._open_server = open_server
        self._open_fleet = open_fleet

    def open_server(self, server_id: int) -> None:
        """Show a server as it was."""
        self._open_server(server_id)

    def open_page(self, key: str) -> None:
        """Show the fleet as it was; any other page is live."""
        if key == "fleet":
            self._open_fleet()
        else:
            self._live.open_page(key)

    def open_incident(self, incident_id: int) -> None:
        """Show an incident, which is of no moment."""
        self._live.open_incident(incident_id)

    def open_notice(self, notice_id: int, *, composing: bool = False) -> None:
        """Show a notice, which is of no moment."""
        self._live.open_notice(notice_id, composing=composing)

    def open_window(self, window_id: int, near: datetime) -> None:
        """Show a window, which is of no moment."""
        self._live.open_window(window_id, near)

    def open_finding(self, audit_id: int, key: Key) -> None:
        """Show a finding of an audit, which is of no moment."""
        self._live.open_finding(audit_id, key)

    def answer_caller(self) -> None:
        """Show the answer desk, which is live."""
        self._live.answer_caller()

    def add_server(self) -> None:
        """Refuse."""
        self._live.say(NOT_IN_THE_PAST)

    def edit_server(self, server_id: int) -> None:
        """Refuse."""
        del server_id
        self._live.say(NOT_IN_THE_PAST)

    def import_servers(self) -> None:
        """Refuse."""
        self._live.say(NOT_IN_THE_PAST)

    def say(self, sentence: str) -> None:
        """Show a sentence in the window."""
        self._live.say(sentence)
