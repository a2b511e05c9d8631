"""What an incident would be, opened from some alarms and servers, before a person agrees.

Pure: no I/O, no clock. The console only proposes; it never opens an incident by itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmState
from noc_console.health.verdict import Verdict
from noc_console.incidents.incident.incident import MAX_TITLE, Incident, Severity
from noc_console.incidents.times import span_text

PROPOSED_AFTER = timedelta(minutes=5)
"""What is mended sooner is not worth an incident."""
_MANY_SITES = 20
_SEVERE = {Verdict.DOWN, Verdict.CUT_OFF}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An incident as it would be opened: all of it can be changed before."""

    title: str
    severity: Severity
    began_at: datetime
    server_ids: tuple[int, ...] = ()
    alarm_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A draft that the console would open if a person agreed, and why."""

    draft: Draft
    why: str


def draft_incident(
    alarms: Sequence[Alarm],
    servers: Mapping[int, Server],
    now: datetime,
    *,
    besides: Collection[int] = (),
    members: Collection[int] = (),
) -> Draft:
    """Give the incident of some alarms and of the servers chosen `besides` them.

    `members` are the servers a group alarm is about. It began with the earliest alarm.
    """
    ids = {one.server_id for one in alarms if one.server_id is not None}
    ids |= {*besides, *members}
    known = sorted(one for one in ids if one in servers)
    began_at = min([now, *(one.raised_at for one in alarms)])
    return Draft(
        title=_title(alarms, [servers[one] for one in known]),
        severity=_severity(alarms, [servers[one] for one in known]),
        began_at=began_at,
        server_ids=tuple(known),
        alarm_ids=tuple(sorted(one.id for one in alarms)),
    )


def propose(
    alarms: Iterable[Alarm],
    members: Mapping[int, Collection[int]],
    servers: Mapping[int, Server],
    incidents: Iterable[Incident],
    now: datetime,
) -> list[Proposal]:
    """Give what may be worth an incident, the worst first: customers' servers in trouble for long.

    What is in an incident already, shelved, muted or only follows from another alarm is left out.
    `members` gives the servers of group alarms, by the alarm's id.
    """
    taken_alarms: set[int] = set()
    taken_servers: set[int] = set()
    for one in incidents:
        if not one.is_closed:
            taken_alarms.update(one.alarm_ids)
            taken_servers.update(one.server_ids)
    by_cause: dict[object, list[Alarm]] = {}
    for alarm in alarms:
        if alarm.id not in taken_alarms and _is_serious(alarm, now):
            key = ("group", alarm.id) if alarm.server_id is None else alarm.server_id
            by_cause.setdefault(key, []).append(alarm)
    proposals = []
    for together in by_cause.values():
        group = [one for alarm in together for one in members.get(alarm.id, ())]
        draft = draft_incident(together, servers, now, members=group)
        fresh = set(draft.server_ids) - taken_servers
        sites = sum(len(servers[one].sites) for one in fresh)
        if fresh and (sites or draft.severity is not Severity.MINOR):
            proposals.append(Proposal(draft=draft, why=_why(draft, sites, now)))
    proposals.sort(key=lambda one: (one.draft.severity.urgency, one.draft.began_at))
    return proposals


def _is_serious(alarm: Alarm, now: datetime) -> bool:
    return (
        alarm.verdict in _SEVERE
        and alarm.state not in {AlarmState.SHELVED, AlarmState.SUPPRESSED, AlarmState.CLEARED}
        and now - alarm.raised_at >= PROPOSED_AFTER
    )


def _title(alarms: Sequence[Alarm], servers: Sequence[Server]) -> str:
    group = next((one for one in alarms if one.server_id is None), None)
    if group is not None:
        return _cut(inert(group.words))
    names = [inert(one.name) for one in servers]
    who = names[0] if len(names) == 1 else f"{len(names)} servers" if names else ""
    if not alarms:
        return _cut(who)
    worst = min(alarms, key=lambda one: (one.verdict.urgency, one.raised_at, one.id))
    words = inert(worst.words)
    return _cut(words if not who or words.startswith(who) else f"{who}: {words}")


def _cut(title: str) -> str:
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"


def _severity(alarms: Sequence[Alarm], servers: Sequence[Server]) -> Severity:
    worst = min((one.verdict.urgency for one in alarms), default=Verdict.EARLY.urgency)
    if worst > Verdict.CUT_OFF.urgency:
        return Severity.MINOR
    sites = sum(len(one.sites) for one in servers)
    is_down = worst == Verdict.DOWN.urgency
    return Severity.CRITICAL if is_down and sites >= _MANY_SITES else Severity.MAJOR


def _why(draft: Draft, sites: int, now: datetime) -> str:
    lasted = span_text(now - draft.began_at)
    feel = f"{sites} site{'' if sites == 1 else 's'}" if sites else "no site we know of"
    return f"In trouble for {lasted}, and {feel} on it; no incident is open for it."
