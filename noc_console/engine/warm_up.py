"""What an engine that begins knows already: the last minutes of its history, judged again.

Else an alarm that held would seem to clear at each start of an engine, and come again minutes
later. Runs on a worker; the watches it gives belong to the conductor's thread from then on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from noc_console.engine.line_shelf import LineShelf
from noc_console.fleet.server import Server
from noc_console.health.measures import INODES_USED, MOUNT_USED
from noc_console.health.records import ServerState, list_states
from noc_console.health.verdict import Verdict
from noc_console.health.watch import Watch
from noc_console.store.recent import recent_readings
from noc_console.store.store import Store
from noc_console.telemetry.arrays import ARRAY_LOST
from noc_console.telemetry.metrics import family

LOOKS_BACK = timedelta(minutes=15)
SMALL_FLEET = 50
MOST = 300
"""More would hold up the start for seconds; what is worst comes first."""

_OF_THINGS = frozenset({MOUNT_USED, INODES_USED, ARRAY_LOST})
"""Judged of each thing by itself; the worst of all, where it is kept too, is no thing."""


def warm_watches(
    store: Store, servers: Sequence[Server], shelf: LineShelf, now: datetime, now_s: float
) -> Mapping[int, Watch]:
    """Give the watches of servers that had something amiss; of a small fleet those of all.

    `now` is the wall clock, `now_s` the monotonic one at the same moment.
    """
    wanted = _worst_first(servers, list_states(store))
    watches = {one.id: Watch(shelf.line_set(one), one.tick_s) for one in wanted}
    for reading in recent_readings(store, watches.keys(), now - LOOKS_BACK):
        at_s = now_s - (now.timestamp() - reading.at_ms / 1000)
        if at_s <= now_s:
            _take(watches[reading.server_id], reading.values, at_s)
    return watches


def _worst_first(servers: Sequence[Server], states: Mapping[int, ServerState]) -> Sequence[Server]:
    def urgency(server: Server) -> int:
        state = states.get(server.id)
        return Verdict.OK.urgency if state is None else state.judgement.verdict.urgency

    wanted = [
        server
        for server in servers
        if len(servers) <= SMALL_FLEET
        or (server.id in states and states[server.id].judgement.reasons)
    ]
    return sorted(wanted, key=urgency)[:MOST]


def _take(watch: Watch, values: Mapping[str, float], at_s: float) -> None:
    watch.take_values(values, at_s)
    for name, value in values.items():
        if ":" in name and family(name) in _OF_THINGS:
            watch.take_value(name, value, at_s)
