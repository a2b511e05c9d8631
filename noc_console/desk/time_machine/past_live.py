"""The fleet of a moment in the shape of the live one, so that pages show it unchanged.

GUI thread only, but for `PastReadings`, which pages call from the background.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from noc_console.desk.live_signals import LiveSignals
from noc_console.desk.standing import told_of
from noc_console.desk.time_machine.moment import Moment
from noc_console.desk.time_machine.past_reader import PastReader
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm
from noc_console.health.records import ServerState
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.incident.incident import Incident
from noc_console.store.heartbeat import EngineRecord
from noc_console.store.journal import Reading
from noc_console.store.recent import RecentFigures
from noc_console.telemetry.records import ServerReadings
from noc_console.telemetry.summaries import Summaries

One = TypeVar("One")


class PastLive(LiveSignals):
    """What `desk.context.Live` promises, of one moment after the other."""

    def __init__(self, moment: Moment) -> None:
        """Show a moment."""
        super().__init__()
        self.incidents: Sequence[Incident] = ()
        """Incidents are told by their own timelines, not by a moment of the fleet."""
        self.is_loaded = True
        self.trouble = ""
        self._take(moment)

    def _take(self, moment: Moment) -> None:
        self.moment = moment
        self.servers: Sequence[Server] = moment.servers
        self.by_id: Mapping[int, Server] = {server.id: server for server in moment.servers}
        self.states: Mapping[int, ServerState] = moment.states
        self.told: Mapping[Verdict, int] = told_of(moment.servers, moment.states)
        self.latest: Mapping[int, Reading] = moment.latest
        self.alarms: Mapping[int, Alarm] = moment.alarms
        self.recordings: Mapping[int, Recording] = moment.recordings
        self.engine: EngineRecord | None = moment.engine

    def show_moment(self, moment: Moment) -> None:
        """Show a later moment; what is the same is not told again."""
        before = self.moment
        self._take(moment)
        if moment.servers != before.servers:
            self.fleet_changed.emit(moment.servers)
        states = _others(before.states, moment.states)
        if states:
            self.states_changed.emit(states)
        if moment.samples:
            self.samples_arrived.emit(list(moment.samples))
        if moment.alarms != before.alarms:
            gone = [one for key, one in before.alarms.items() if key not in moment.alarms]
            self.alarms_changed.emit([*moment.alarms.values(), *gone])
        if moment.recordings != before.recordings:
            self.recordings_changed.emit()
        if (moment.engine is None) != (before.engine is None):
            self.engine_changed.emit(moment.engine)
        if (moment.mounts, moment.services) != (before.mounts, before.services):
            self.readings_changed.emit()

    def tell_trouble(self, sentence: str) -> None:
        """Tell that the store cannot be read now; empty when it can again."""
        if sentence != self.trouble:
            self.trouble = sentence
            self.trouble_changed.emit(sentence)


class PastReadings:
    """What `desk.slow_readings.SlowReadings` promises, of the moment that is shown."""

    def __init__(
        self, reader: PastReader, moment: Callable[[], Moment], now: Callable[[], datetime]
    ) -> None:
        """Read of the moment that `moment` gives; `now` is the real time."""
        self._reader = reader
        self._moment = moment
        self._now = now

    def of_server(self, server_id: int) -> ServerReadings:
        """Give a server's services and mounts as they were; processes and facts are not kept."""
        return self._moment().readings_of(server_id)

    def summaries(self, since: datetime | None) -> Summaries:
        """Give how mounts and services of the fleet stood."""
        del since
        return self._moment().summaries()

    def load(self, since: datetime) -> RecentFigures:
        """Give the load of the fleet up to the moment."""
        del since
        return self._reader.load_until(self._moment().at, self._now())


def _others(before: Mapping[int, One], after: Mapping[int, One]) -> dict[int, One]:
    """Give what is other than before, by its id."""
    return {key: one for key, one in after.items() if before.get(key) != one}
