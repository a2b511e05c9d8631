"""What happened to one server, whatever wrote it down: the first question of who comes to a desk.

Reads only; meant for a thread of its own. What is read is bounded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmState
from noc_console.health.alarm_records import alarms_between, events_of
from noc_console.health.delivery.delivery_records import deliveries_about
from noc_console.incidents.availability.standing_records import read_standings
from noc_console.incidents.evidence.evidence_records import recordings_between
from noc_console.incidents.gate.gate_records import acts_between
from noc_console.incidents.incident.curves import MOST_CURVES, read_curves, turns_of
from noc_console.incidents.incident.incident_records import entries_of_all, list_incidents
from noc_console.incidents.incident.server_moments import of_boots, of_incidents, of_standings
from noc_console.incidents.incident.timeline import (
    GATE_ORDERS,
    Moment,
    Timeline,
    in_order,
    of_absences,
    of_alarms,
    of_deliveries,
    of_gate,
    of_orders,
    of_recordings,
    of_windows,
)
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.store.heartbeat import not_watched
from noc_console.store.history import History, Step
from noc_console.store.orders import of_servers
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import Store
from noc_console.telemetry.metrics import METRICS, family

MOST_MOMENTS = 1000
_LOAD, _UPTIME = "load1", "uptime_s"
_ALARMS_AT_ONCE = 500
_TO_THE_SECOND = timedelta(hours=25)


def read_server_timeline(store: Store, server: Server, start: datetime, end: datetime) -> Timeline:
    """Give what happened to a server in [start, end), in order; whose it is is not said again.

    Where it is too much, the newest is kept: that is what somebody asks for first.
    """
    unsaid = {server.id: ""}
    alarms = {
        one.id: one
        for one in alarms_between(store, start, end, server_id=server.id)[:_ALARMS_AT_ONCE]
        if one.state is not AlarmState.SUPPRESSED
    }
    windows = [one for one in list_occurrences(store, start, end) if one.covers(server)]
    facts = (
        of_alarms(alarms, events_of(store, list(alarms)), unsaid),
        of_deliveries(deliveries_about(store, list(alarms))),
        of_orders(of_servers(store, {server.id}, start, end), unsaid, without=GATE_ORDERS),
        of_gate(acts_between(store, start, end, [server.id])),
        of_windows(windows),
        _recordings(store, server, start, end),
        of_absences(not_watched(store, start, end), end),
        _incidents(store, server, start, end),
        _boots(store, server, start, end),
        _standings(store, server, start, end),
        _turns(store, server, alarms, (start, end)),
    )
    within = [one for source in facts for one in source if start <= one.at < end]
    told = in_order([within], most=len(within)).moments
    return Timeline(moments=told[-MOST_MOMENTS:], left_out=max(0, len(told) - MOST_MOMENTS))


def _recordings(store: Store, server: Server, start: datetime, end: datetime) -> Iterable[Moment]:
    found = of_recordings(recordings_between(store, [server.id], start, end, end))
    return [replace(one, words=_unnamed(one.words, server.name)) for one in found]


def _unnamed(words: str, name: str) -> str:
    kept = words.removeprefix(f"{name}: ")
    return kept[:1].upper() + kept[1:]


def _incidents(store: Store, server: Server, start: datetime, end: datetime) -> list[Moment]:
    found = {
        one.id: one
        for one in list_incidents(store)
        if server.id in one.server_ids
        and one.opened_at < end
        and (one.closed_at is None or one.closed_at >= start)
    }
    return of_incidents(entries_of_all(store, list(found)), found)


def _boots(store: Store, server: Server, start: datetime, end: datetime) -> list[Moment]:
    step = _step(start, end)
    told = History(store).read(server.id, [_UPTIME], start, end, step, with_gaps=False)
    return of_boots(server.id, told.times_ms, told.minimum[_UPTIME])


def _standings(store: Store, server: Server, start: datetime, end: datetime) -> list[Moment]:
    found = read_standings(store, start, end, [server.id])
    told = {service: one for (_, service), one in found.items()}
    return of_standings(server.id, told, (to_ms(start), to_ms(end)))


def _turns(
    store: Store, server: Server, alarms: Mapping[int, Alarm], span: tuple[datetime, datetime]
) -> list[Moment]:
    """The load, and what alarms were about."""
    keys = (one.key for one in alarms.values() if one.server_id == server.id)
    metrics = dict.fromkeys([_LOAD, *(key for key in keys if family(key) in METRICS)])
    wanted = [(server.id, metric) for metric in list(metrics)[:MOST_CURVES]]
    step = _step(*span)
    curves = read_curves(store, wanted, {server.id: server}, {server.id: ""}, span, step)
    return [moment for curve in curves for moment in turns_of(curve)]


def _step(start: datetime, end: datetime) -> Step:
    """Of a day tell to the second: a minute's figures begin up to a minute too early."""
    return Step.RAW if end - start <= _TO_THE_SECOND else Step.AUTO
