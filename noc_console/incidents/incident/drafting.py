"""Drafts and proposals of incidents, read from the store. Meant for a thread of its own."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from noc_console.fleet.records import servers_by_ids
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmState
from noc_console.health.alarm_records import get_alarm, members_of, open_alarms
from noc_console.incidents.incident.draft import Draft, Proposal, draft_incident, propose
from noc_console.incidents.incident.incident import Incident
from noc_console.incidents.incident.incident_records import open_draft_once
from noc_console.store.store import Store


def draft_from(
    store: Store, alarm_ids: Collection[int], server_ids: Collection[int], now: datetime
) -> Draft:
    """Give the incident of some alarms; of servers without, that of their open alarms.

    Raises:
        UnknownAlarm: an alarm is not in the store.
    """
    if alarm_ids:
        alarms = [get_alarm(store, one) for one in sorted(alarm_ids)]
    else:
        wanted = set(server_ids)
        alarms = [
            one
            for one in open_alarms(store).values()
            if one.server_id in wanted and one.state is not AlarmState.SUPPRESSED
        ]
    members = _members(store, alarms)
    ids = {one.server_id for one in alarms if one.server_id is not None}
    servers = servers_of(store, ids | set(server_ids) | members)
    return draft_incident(alarms, servers, now, besides=server_ids, members=members)


def open_once(
    store: Store,
    alarm_ids: Collection[int],
    server_ids: Collection[int],
    *,
    by: str,
    now: datetime,
) -> tuple[Incident, bool]:
    """Open an incident of alarms or servers, and tell whether it is new.

    Raises:
        UnknownAlarm: an alarm is not in the store.
        InvalidIncident: the title that was drafted cannot be right.
    """
    draft = draft_from(store, alarm_ids, server_ids, now)
    return open_draft_once(store, draft, by=by, now=now)


def read_proposals(
    store: Store, alarms: Sequence[Alarm], incidents: Iterable[Incident], now: datetime
) -> list[Proposal]:
    """Give what may be worth an incident, the worst first; `alarms` are those that are open."""
    groups = [one for one in alarms if one.server_id is None]
    members = {one.id: list(members_of(store, one.id)) for one in groups}
    ids = {one.server_id for one in alarms if one.server_id is not None}
    ids |= {server_id for some in members.values() for server_id in some}
    return propose(alarms, members, servers_of(store, ids), incidents, now)


def servers_of(store: Store, ids: Collection[int]) -> dict[int, Server]:
    """Give servers by id, those that are there."""
    return {one.id: one for one in servers_by_ids(store, ids)}


def _members(store: Store, alarms: Iterable[Alarm]) -> set[int]:
    return {
        server_id
        for one in alarms
        if one.server_id is None
        for server_id in members_of(store, one.id)
    }
