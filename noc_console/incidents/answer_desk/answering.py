"""Answers to what a caller asks, read from the store. Meant for a thread of its own."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from noc_console.fleet.server import Server
from noc_console.health.verdict import Judgement
from noc_console.incidents.answer_desk.answer import Answer, Known, answers
from noc_console.incidents.answer_desk.site_index import SiteIndex
from noc_console.incidents.incident.incident import EntryKind, Incident, IncidentEntry
from noc_console.incidents.incident.incident_records import entries_of_all, list_incidents
from noc_console.incidents.windows.window import Occurrence, Stage
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.store.store import Store

_GOING_ON = {Stage.RUNNING, Stage.OVERRUN}
_SHORTLY = timedelta(seconds=1)


def answer_question(
    store: Store,
    index: SiteIndex,
    asked: str,
    judge: Callable[[Server], Judgement | None],
    now: datetime,
    incidents: Sequence[Incident] | None = None,
) -> list[Answer]:
    """Give the answers to what was asked, those who are affected first; none where nothing fits.

    `judge` gives a server's judgement as it holds at `now` (`health.rules.verdict_now`), None where
    it was never looked at. `incidents` are those that are not closed, where they are known already.
    """
    hits = index.find(asked)
    if not hits:
        return []
    servers = {hit.server.id: hit.server for hit in hits}
    every = list_incidents(store, with_closed=False) if incidents is None else incidents
    by_server = _incidents(every, set(servers))
    told = {one.id for one in by_server.values()}
    updates: dict[int, list[IncidentEntry]] = {}
    for entry in entries_of_all(store, told, EntryKind.UPDATE):
        updates.setdefault(entry.incident_id, []).append(entry)
    known = Known(
        judgements={one.id: held for one in servers.values() if (held := judge(one)) is not None},
        incidents=by_server,
        updates=updates,
        windows=_windows(store, list(servers.values()), now),
    )
    return answers(hits, known, now)


def _incidents(every: Sequence[Incident], server_ids: set[int]) -> dict[int, Incident]:
    """The incident of each server that is not closed: an open one before a resolved one."""
    found: dict[int, Incident] = {}
    for one in sorted(every, key=lambda one: (not one.is_open, one.severity.urgency, -one.id)):
        for server_id in server_ids.intersection(one.server_ids):
            found.setdefault(server_id, one)
    return found


def _windows(store: Store, servers: Sequence[Server], now: datetime) -> dict[int, Occurrence]:
    going_on = [
        one for one in list_occurrences(store, now, now + _SHORTLY) if one.stage(now) in _GOING_ON
    ]
    return {server.id: one for one in going_on for server in servers if one.covers(server)}
