"""Reads moments that are over from the store; the figures of an hour are kept between them.

No Qt. Any thread may ask. A jump to another hour reads one figure of each server, which is quick;
the whole hour is read when it is played or its curves are wanted (`hour`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from noc_console.desk.time_machine.moment import (
    INODES,
    MOUNT,
    Moment,
    Written,
    mounts_at,
    services_at,
    states_at,
)
from noc_console.desk.time_machine.replay import alarm_at
from noc_console.fleet.records import servers_at
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmEvent
from noc_console.health.alarm_records import alarms_between, events_of
from noc_console.incidents.availability.standing_records import read_standings
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.evidence.evidence_records import recordings_between
from noc_console.incidents.windows.window import Occurrence
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.store.heartbeat import engine_at
from noc_console.store.journal import Reading
from noc_console.store.metric_names import MetricNames
from noc_console.store.past import PastFigures, glance, read_past
from noc_console.store.recent import RecentFigures
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import Store

AT_A_GLANCE = ("load1", "cores", "cpu_percent", "mem_used_percent", "uptime_s")
METRICS = (
    *("load1", "load5", "load15", "cores", "cpu_percent", "iowait_percent", "mem_used_percent"),
    *("mem_total_bytes", "swap_used_percent", "uptime_s", "tasks_running", "tasks_total"),
    "link_latency_ms",
)
MOST_SAMPLES_A_STEP = 6
_AN_INSTANT = timedelta(milliseconds=1)
_KNOWN_FOR = timedelta(seconds=10)
_CURVE = timedelta(minutes=10)
_WRITTEN_AFTER = timedelta(seconds=15)
_WINDOWS_NEAR = timedelta(days=2)
_AT_ONCE = 500


Mounted = Mapping[int, Mapping[str, float]]
"""How full mounts were: figures by metric, by server."""


class PastReader:
    """Gives moments of one store."""

    def __init__(self, store: Store) -> None:
        """Know nothing yet."""
        self._store = store
        self._names = MetricNames()
        self._lock, self._glance = Lock(), Lock()
        self._figures: PastFigures | None = None
        self._read_at: datetime | None = None
        self._servers: tuple[datetime, list[Server]] | None = None
        self._windows: tuple[datetime, list[Occurrence]] | None = None
        self._last: tuple[datetime, datetime, Written] | None = None

    def read(self, at: datetime, now: datetime, *, has_figures: bool = True) -> Moment:
        """Give the fleet as it was at a moment before `now`.

        Without figures it is quick however large the fleet is: verdicts, alarms, services.

        Raises:
            ConsoleError: the store cannot be read.
        """
        nothing: tuple[int, Sequence[Reading], Mounted, Mounted] = (0, (), {}, {})
        is_quick = has_figures or self._kept(at) is not None
        step_s, told, used, inodes = self._figures_at(at) if is_quick else nothing
        written = self._known(at, now)
        open_then = {
            alarm.id: then
            for alarm in written.alarms
            if (then := alarm_at(alarm, written.events.get(alarm.id, ()))) is not None
        }
        known = {server.id for server in written.servers}
        latest = {one.server_id: one for one in told if one.server_id in known}
        return Moment(
            at=at,
            servers=written.servers,
            states=states_at(written, open_then, latest, at),
            latest=latest,
            alarms=open_then,
            engine=written.engine,
            recordings=written.recordings,
            mounts=mounts_at(used, inodes),
            services=services_at(written.servers, written.standings),
            step_s=step_s,
        )

    def play_on(self, before: datetime, at: datetime, now: datetime) -> Moment:
        """Give the moment `at`, with what was told since `before`.

        Raises:
            ConsoleError: the store cannot be read.
        """
        hour = self.hour(at, now)
        moment = self.read(at, now)
        known = {server.id for server in moment.servers}
        told = hour.told_between(to_ms(before), to_ms(at), MOST_SAMPLES_A_STEP)
        return replace(moment, samples=[one for one in told if one.server_id in known])

    def load_until(self, at: datetime, now: datetime) -> RecentFigures:
        """Give the load of every server in the ten minutes up to a moment."""
        at_ms = to_ms(at)
        return self.hour(at, now).between("load1", at_ms - _CURVE // _AN_INSTANT, at_ms)

    def hour(self, at: datetime, now: datetime) -> PastFigures:
        """Give all figures around a moment, reading them where they are not held yet."""
        with self._glance:  # what is shown first is read first: two readings take turns
            pass
        with self._lock:
            kept = self._kept(at)
            if kept is None:
                kept = read_past(self._store, self._names, METRICS, at, prefixes=(MOUNT, INODES))
                self._figures, self._read_at = kept, now
            return kept

    def _kept(self, at: datetime) -> PastFigures | None:
        """Give the hour that is held, unless it is another or was still being written."""
        kept, read_at = self._figures, self._read_at
        if kept is None or read_at is None or not kept.holds(to_ms(at)):
            return None
        was_over = to_ms(read_at) > kept.end_ms
        return kept if was_over or at <= read_at - _WRITTEN_AFTER else None

    def _figures_at(self, at: datetime) -> tuple[int, Sequence[Reading], Mounted, Mounted]:
        at_ms, kept = to_ms(at), self._kept(at)
        if kept is not None:
            used, inodes = kept.last_known(MOUNT, at_ms), kept.last_known(INODES, at_ms)
            return kept.step_s, kept.nearest(at_ms), used, inodes
        with self._glance:
            seen = glance(self._store, self._names, AT_A_GLANCE, at, prefixes=(MOUNT, INODES))
        return (
            seen.step_s,
            seen.readings,
            {one.server_id: _of(one, MOUNT) for one in seen.readings},
            {one.server_id: _of(one, INODES) for one in seen.readings},
        )

    def _known(self, at: datetime, now: datetime) -> Written:
        """Give what is written of a moment; that of the last one is not read again at once."""
        last = self._last
        if last is not None and last[0] == at and abs(now - last[1]) < _KNOWN_FOR:
            return last[2]
        written = self._written(at, now)
        self._last = at, now, written
        return written

    def _written(self, at: datetime, now: datetime) -> Written:
        store, until = self._store, at + _AN_INSTANT
        servers = self._servers_at(at)
        alarms = alarms_between(store, at, until)
        return Written(
            servers=servers,
            alarms=alarms,
            events=self._events(alarms, at),
            standings=read_standings(store, at, until),
            engine=engine_at(store, at),
            recordings=self._recordings([server.id for server in servers], at, now),
            windows=self._windows_at(at),
        )

    def _servers_at(self, at: datetime) -> list[Server]:
        """Read once in five minutes of the past: it changes seldom."""
        minute = at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0)
        if self._servers is None or self._servers[0] != minute:
            self._servers = minute, servers_at(self._store, at)
        return self._servers[1]

    def _windows_at(self, at: datetime) -> list[Occurrence]:
        hour = at.replace(minute=0, second=0, microsecond=0)
        if self._windows is None or self._windows[0] != hour:
            near = list_occurrences(self._store, hour - _WINDOWS_NEAR, hour + _WINDOWS_NEAR)
            self._windows = hour, near
        return self._windows[1]

    def _events(self, alarms: Sequence[Alarm], at: datetime) -> dict[int, list[AlarmEvent]]:
        found: dict[int, list[AlarmEvent]] = {}
        ids = [alarm.id for alarm in alarms]
        for first in range(0, len(ids), _AT_ONCE):
            for event in events_of(self._store, ids[first : first + _AT_ONCE]):
                if event.at <= at:
                    found.setdefault(event.alarm_id, []).append(event)
        return found

    def _recordings(self, ids: Sequence[int], at: datetime, now: datetime) -> dict[int, Recording]:
        found: dict[int, Recording] = {}
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            for one in recordings_between(self._store, some, at, at + _AN_INSTANT, now):
                found[one.server_id] = one
        return found


def _of(reading: Reading, prefix: str) -> dict[str, float]:
    return {name: one for name, one in reading.values.items() if name.startswith(prefix)}
