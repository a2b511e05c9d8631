"""What pages read of the fleet that does not come with the live samples: as it is now, or was.

No Qt. `DeskContext.readings` gives one; the time machine gives pages another than `StoreReadings`.
"""

from datetime import datetime
from typing import Protocol

from noc_console.store.recent import RecentFigures, recent_figures
from noc_console.store.store import Store
from noc_console.telemetry.records import ServerReadings, readings_of
from noc_console.telemetry.summaries import Summaries, summaries_since


class SlowReadings(Protocol):
    """Reads may take long: call it from a background thread."""

    def of_server(self, server_id: int) -> ServerReadings:
        """Give a server's services, checks, mounts, processes and facts."""

    def summaries(self, since: datetime | None) -> Summaries:
        """Give how mounts and services of the fleet stand, of what changed since."""

    def load(self, since: datetime) -> RecentFigures:
        """Give the load of the fleet since a moment."""


class StoreReadings:
    """The newest there is."""

    def __init__(self, store: Store) -> None:
        """Read from this store."""
        self._store = store

    def of_server(self, server_id: int) -> ServerReadings:
        """Give a server's services, checks, mounts, processes and facts."""
        return readings_of(self._store, server_id)

    def summaries(self, since: datetime | None) -> Summaries:
        """Give how mounts and services of the fleet stand, of what changed since."""
        return summaries_since(self._store, since)

    def load(self, since: datetime) -> RecentFigures:
        """Give the load of the fleet since a moment."""
        return recent_figures(self._store, "load1", since)
