"""What one flush writes: made by the conductor, written on the store's thread, kept until it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from noc_console.errors import ConsoleError
from noc_console.health.records import ServerState, put_states
from noc_console.store.history import History, Reading
from noc_console.store.store import Store
from noc_console.telemetry.records import PendingReadings


@dataclass(slots=True, kw_only=True)
class Batch:
    """Readings, states and slow readings that go to the store together."""

    readings: Sequence[Reading]
    states: Sequence[ServerState]
    slow: PendingReadings
    is_done: bool = False
    """Set by the store's thread, read by the conductor's."""

    def write(self, store: Store, history: History, now: datetime) -> None:
        """Write it; what was written is not written again when the rest has to be tried again.

        One that brings out a bug is given up: it would hold up for ever what comes after it.

        Raises:
            ConsoleError: the store takes it not now; try again.
        """
        try:
            if self.readings:
                history.append(self.readings, now)
                self.readings = ()
            if self.states or not self.slow.is_empty:
                self._write_core(store, now)
        except ConsoleError:
            raise
        except Exception:
            self.is_done = True
            raise
        self.is_done = True

    def _write_core(self, store: Store, now: datetime) -> None:
        with store.write() as connection:
            if self.states:
                put_states(connection, self.states)
            self.slow.write(connection, now)
