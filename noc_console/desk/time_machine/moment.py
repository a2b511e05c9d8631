"""The fleet at a moment that is over, put together from what was written then.

Pure: no Qt, no I/O, no clock. A verdict is said only where alarms or spans of standing tell it;
where nobody watched, or nothing was written, it is unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmEvent
from noc_console.health.records import ServerState
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.incidents.availability.standing_records import SERVER_ITSELF, Told
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.windows.muting import is_near, judge_in_windows
from noc_console.incidents.windows.window import Occurrence
from noc_console.store.heartbeat import EngineRecord
from noc_console.store.journal import Reading
from noc_console.telemetry.host import Mount
from noc_console.telemetry.records import ServerReadings
from noc_console.telemetry.service import Inside, ServiceState
from noc_console.telemetry.summaries import FullestMount, ServicesWell, Summaries

MOUNT = "mount_used_percent:"
INODES = "mount_inodes_used_percent:"

NOT_WATCHED = Reason("not watched", Verdict.UNKNOWN, "not watched at that time")
NOT_WRITTEN = Reason("not recorded", Verdict.UNKNOWN, "no verdict was recorded for that time")

Standings = Mapping[tuple[int, str], Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that is shown of one moment."""

    at: datetime
    servers: Sequence[Server]
    states: Mapping[int, ServerState]
    latest: Mapping[int, Reading]
    alarms: Mapping[int, Alarm]
    engine: EngineRecord | None
    recordings: Mapping[int, Recording]
    mounts: Mapping[int, tuple[Mount, ...]]
    services: Mapping[int, tuple[ServiceState, ...]]
    step_s: int
    """0: raw samples; else the seconds that each figure is the average of."""
    samples: Sequence[Reading] = ()
    """What was told since the moment shown before, where time was played on; oldest first."""

    def summaries(self) -> Summaries:
        """Give how mounts and services stood, as the fleet's list shows them."""
        return Summaries(
            mounts={one: _fullest(mounts) for one, mounts in self.mounts.items()},
            services={
                one: _well(states)
                for one, states in self.services.items()
                if any(state.inside is not Inside.UNKNOWN for state in states)
            },
        )

    def readings_of(self, server_id: int) -> ServerReadings:
        """Give what is known of a server's mounts and services; processes are not kept."""
        return ServerReadings(
            mounts=self.mounts.get(server_id, ()),
            mounts_at=self.at,
            services=self.services.get(server_id, ()),
            services_at=self.at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the store holds around a moment."""

    servers: Sequence[Server]
    alarms: Sequence[Alarm]
    """Those that were open at the moment."""
    events: Mapping[int, Sequence[AlarmEvent]]
    """What had befallen each alarm up to the moment, the oldest first."""
    standings: Standings
    engine: EngineRecord | None
    recordings: Mapping[int, Recording]
    windows: Sequence[Occurrence] = ()
    """Occurrences of windows near the moment."""


def states_at(
    written: Written,
    alarms: Mapping[int, Alarm],
    latest: Mapping[int, Reading],
    at: datetime,
) -> dict[int, ServerState]:
    """Give how each server stood."""
    by_server: dict[int, list[Alarm]] = {}
    for alarm in alarms.values():
        if alarm.server_id is not None:
            by_server.setdefault(alarm.server_id, []).append(alarm)
    windows = [one for one in written.windows if is_near(one, at)]
    states = {}
    for server in written.servers:
        told = written.standings.get((server.id, SERVER_ITSELF))
        judgement = _judgement(written, by_server.get(server.id, ()), told, at)
        near = [one for one in windows if one.covers(server)]
        if near and written.engine is not None:
            judgement = judge_in_windows(judgement, near, judgement, at)
        sample = latest.get(server.id)
        states[server.id] = ServerState(
            server_id=server.id,
            link=_link(judgement, sample),
            link_since=judgement.since,
            failure=None,
            judgement=judgement,
            last_sample_at=None if sample is None else _instant(sample.at_ms),
        )
    return states


def _judgement(
    written: Written, alarms: Sequence[Alarm], told: Told | None, at: datetime
) -> Judgement:
    """Give the worst of what the alarms said, else whether it was booked as up or down."""
    if written.engine is None:
        return Judgement(verdict=Verdict.UNKNOWN, since=at, reasons=(NOT_WATCHED,))
    worst = sorted(alarms, key=lambda alarm: (alarm.verdict.urgency, alarm.raised_at))
    if worst and worst[0].verdict is not Verdict.OK:
        reasons = tuple(Reason(alarm.key, alarm.verdict, alarm.words) for alarm in worst)
        return Judgement(verdict=worst[0].verdict, since=worst[0].raised_at, reasons=reasons)
    if told is not None and told.down:
        reason = Reason("link", Verdict.DOWN, "it was down")
        return Judgement(verdict=Verdict.DOWN, since=_begun(told.down), reasons=(reason,))
    if told is not None and told.up:
        return Judgement(verdict=Verdict.OK, since=_begun(told.up))
    return Judgement(verdict=Verdict.UNKNOWN, since=at, reasons=(NOT_WRITTEN,))


def _begun(spans: Sequence[tuple[int, int]]) -> datetime:
    return _instant(max(start for start, _ in spans))


def _link(judgement: Judgement, sample: Reading | None) -> LinkState:
    if judgement.verdict is Verdict.DOWN:
        return LinkState.DOWN
    return LinkState.NOT_TRIED if sample is None else LinkState.UP


def services_at(
    servers: Sequence[Server], standings: Standings
) -> dict[int, tuple[ServiceState, ...]]:
    """Give how the expected services stood, as it was booked; unknown where it was not."""
    found = {}
    for server in servers:
        names = server.expected_services
        if names:
            found[server.id] = tuple(
                ServiceState(name=name, inside=_inside(standings.get((server.id, name))))
                for name in names
            )
    return found


def _inside(told: Told | None) -> Inside:
    if told is None:
        return Inside.UNKNOWN
    return Inside.STOPPED if told.down else Inside.RUNNING if told.up else Inside.UNKNOWN


def mounts_at(
    used: Mapping[int, Mapping[str, float]], inodes: Mapping[int, Mapping[str, float]]
) -> dict[int, tuple[Mount, ...]]:
    """Give how full the file systems were; what they are made of is not kept."""
    return {
        server_id: tuple(
            Mount(
                mount=name.removeprefix(MOUNT),
                device="",
                kind="",
                total_bytes=0,
                used_percent=percent,
                inodes_used_percent=inodes.get(server_id, {}).get(name.replace(MOUNT, INODES, 1)),
            )
            for name, percent in sorted(figures.items())
        )
        for server_id, figures in used.items()
    }


def _fullest(mounts: Sequence[Mount]) -> FullestMount:
    if not mounts:
        return FullestMount()
    fullest = max(mounts, key=lambda mount: mount.used_percent)
    return FullestMount(mount=fullest.mount, used_percent=fullest.used_percent)


def _well(states: Sequence[ServiceState]) -> ServicesWell:
    """Give how many were well, of those of which it was written down."""
    known = [state for state in states if state.inside is not Inside.UNKNOWN]
    amiss = tuple(state.name for state in known if state.inside is not Inside.RUNNING)
    return ServicesWell(ok=len(known) - len(amiss), expected=len(known), amiss=amiss)


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
