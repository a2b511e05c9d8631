"""All that the store knows of an incident, gathered from the records of every room.

Reads only; meant for a thread of its own. What is read is bounded: of a storm of a thousand alarms
the worst servers' figures are enough to see what happened.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmEvent, AlarmState
from noc_console.health.alarm_records import (
    UnknownAlarm,
    alarms_between,
    events_of,
    get_alarm,
)
from noc_console.health.delivery.delivery import Delivery
from noc_console.health.delivery.delivery_records import deliveries_about
from noc_console.incidents.evidence.evidence import Exhibit, Recording
from noc_console.incidents.evidence.evidence_records import exhibits_of, recordings_between
from noc_console.incidents.gate.gate import GateAct
from noc_console.incidents.gate.gate_records import acts_between
from noc_console.incidents.incident.curves import MOST_CURVES, Curve, read_curves, turns_of
from noc_console.incidents.incident.drafting import servers_of
from noc_console.incidents.incident.incident import AffectedServer, Incident, IncidentEntry
from noc_console.incidents.incident.incident_records import (
    affected_servers,
    entries_of,
    get_incident,
)
from noc_console.incidents.incident.timeline import (
    GATE_ORDERS,
    Timeline,
    in_order,
    of_absences,
    of_alarms,
    of_deliveries,
    of_entries,
    of_gate,
    of_orders,
    of_recordings,
    of_windows,
)
from noc_console.incidents.windows.window import Occurrence
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.store.heartbeat import not_watched
from noc_console.store.orders import Order, of_servers
from noc_console.store.store import Store
from noc_console.telemetry.metrics import METRICS, family

BEFORE = timedelta(minutes=20)
"""So much of what went before is shown: the climb begins before the alarm."""
AFTER = timedelta(minutes=10)
MOST_RECORDINGS = 20
_EVENTS_AT_ONCE = 500
_LOAD = "load1"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncidentFacts:
    """What is known of an incident at `read_at`."""

    incident: Incident
    read_at: datetime
    start: datetime
    end: datetime
    entries: Sequence[IncidentEntry] = ()
    affected: Sequence[AffectedServer] = ()
    alarms: Mapping[int, Alarm] = field(default_factory=dict)
    events: Sequence[AlarmEvent] = ()
    messages: Sequence[Delivery] = ()
    orders: Sequence[Order] = ()
    acts: Sequence[GateAct] = ()
    windows: Sequence[Occurrence] = ()
    recordings: Sequence[Recording] = ()
    exhibits: Mapping[int, Sequence[Exhibit]] = field(default_factory=dict)
    """Of each recording, by its id."""
    absences: Sequence[tuple[datetime, datetime]] = ()
    curves: Sequence[Curve] = ()

    @property
    def names(self) -> dict[int, str]:
        """The names of its servers, by id."""
        return {one.server_id: one.name for one in self.affected}

    def timeline(self) -> Timeline:
        """Give all of it in the order in which it happened."""
        names = self.names
        return in_order(
            [
                of_entries(self.entries),
                of_alarms(self.alarms, self.events, names),
                of_deliveries(self.messages),
                of_orders(self.orders, names, without=GATE_ORDERS),
                of_gate(self.acts),
                of_windows(self.windows),
                of_recordings(self.recordings),
                of_absences(self.absences, self.end),
                *(turns_of(curve) for curve in self.curves),
            ]
        )


def read_facts(store: Store, incident_id: int, now: datetime) -> IncidentFacts:
    """Give what is known of an incident; turning points only of metrics that have lines.

    Raises:
        UnknownIncident: there is none of that number.
    """
    incident = get_incident(store, incident_id)
    start = min(incident.began_at, incident.opened_at) - BEFORE
    end = min((incident.resolved_at or incident.closed_at or now) + AFTER, now)
    end = max(end, start + BEFORE)
    affected = affected_servers(store, incident_id)
    ids = set(incident.server_ids)
    servers = servers_of(store, ids)
    alarms = _alarms(store, incident, start, end)
    recordings = _recordings(store, ids, start, end, now)
    return IncidentFacts(
        incident=incident,
        read_at=now,
        start=start,
        end=end,
        entries=entries_of(store, incident_id),
        affected=affected,
        alarms=alarms,
        messages=[
            one
            for one in deliveries_about(store, list(alarms))
            if (one.began_at or one.made_at) <= now
        ],
        events=_events(store, alarms, now),
        orders=of_servers(store, ids, start, end),
        acts=acts_between(store, start, end, sorted(ids)),
        windows=_windows(store, list(servers.values()), start, end),
        recordings=recordings,
        exhibits={one.id: exhibits_of(store, one.id) for one in recordings[:MOST_RECORDINGS]},
        absences=not_watched(store, start, end),
        curves=_curves(store, affected, servers, alarms.values(), (start, end)),
    )


def _alarms(store: Store, incident: Incident, start: datetime, end: datetime) -> dict[int, Alarm]:
    """Its own alarms, and those of its servers meanwhile that follow from no other."""
    ids, own = set(incident.server_ids), set(incident.alarm_ids)
    found = {
        one.id: one
        for one in alarms_between(store, start, end)
        if one.id in own or (one.server_id in ids and one.state is not AlarmState.SUPPRESSED)
    }
    for alarm_id in own - set(found):
        try:
            found[alarm_id] = get_alarm(store, alarm_id)
        except UnknownAlarm:
            continue
    return found


def _events(store: Store, alarms: Collection[int], now: datetime) -> list[AlarmEvent]:
    ids = sorted(alarms)
    events: list[AlarmEvent] = []
    for first in range(0, len(ids), _EVENTS_AT_ONCE):
        events += events_of(store, ids[first : first + _EVENTS_AT_ONCE])
    return [one for one in events if one.at <= now]


def _windows(
    store: Store, servers: Sequence[Server], start: datetime, end: datetime
) -> list[Occurrence]:
    found = list_occurrences(store, start, end)
    return [one for one in found if any(one.covers(server) for server in servers)]


def _recordings(
    store: Store, server_ids: Collection[int], start: datetime, end: datetime, now: datetime
) -> list[Recording]:
    ids = sorted(server_ids)
    found: list[Recording] = []
    for first in range(0, len(ids), _EVENTS_AT_ONCE):
        some = ids[first : first + _EVENTS_AT_ONCE]
        found += recordings_between(store, some, start, end, now)
    return sorted(found, key=lambda one: (one.started_at, one.id))


def _curves(
    store: Store,
    affected: Sequence[AffectedServer],
    servers: Mapping[int, Server],
    alarms: Iterable[Alarm],
    span: tuple[datetime, datetime],
) -> list[Curve]:
    """The figures of the alarms' metrics, the worst alarm first, and the load of their servers."""
    names = {one.server_id: one.name for one in affected}
    ordered = sorted(alarms, key=lambda one: (one.verdict.urgency, one.raised_at, one.id))
    wanted: dict[tuple[int, str], None] = {}
    for alarm in ordered:
        if alarm.server_id in names:
            if family(alarm.key) in METRICS:
                wanted.setdefault((alarm.server_id, alarm.key))
            wanted.setdefault((alarm.server_id, _LOAD))
    for server_id in list(names)[:MOST_CURVES]:
        wanted.setdefault((server_id, _LOAD))
    return read_curves(store, list(wanted)[:MOST_CURVES], servers, names, span)
