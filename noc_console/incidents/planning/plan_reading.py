"""Reads from the store what a planned window is held against, and proposes quiet times for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.health.records import list_states
from noc_console.health.verdict import Verdict
from noc_console.incidents.availability.targets import read_targets
from noc_console.incidents.planning.load_history import read_profiles
from noc_console.incidents.planning.proof_reader import Finding, Surroundings, proof_read
from noc_console.incidents.planning.quiet_slots import QuietSlot, basis_words, quiet_slots
from noc_console.incidents.wall_time import zone_of
from noc_console.incidents.windows.window import Window, ids_by_group
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.store.store import Store

OTHERS_WITHIN = timedelta(days=93)
MOST_PROFILED = 40
"""Of more servers than that, so many spread over all of them are looked at: some 25 ms each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Quiet times and on how much data they stand."""

    slots: tuple[QuietSlot, ...]
    basis: str


def read_plan(store: Store, window: Window, typed: str, now: datetime) -> list[Finding]:
    """Proof-read a window against what the store knows."""
    servers = list_servers(store)
    covered = covered_servers(window.servers, window.groups, servers)
    zone = zone_of(window.zone)
    targets = read_targets(store)
    scopes = [f"server:{one.id}" for one in covered] + [f"group:{one}" for one in window.groups]
    around = Surroundings(
        now=now,
        servers=servers,
        others=list_occurrences(store, now, now + OTHERS_WITHIN),
        profiles=read_profiles(store, _spread(covered), zone, now),
        target_percent=targets.of("window", scopes),
        typed=typed,
        down=frozenset(
            server_id
            for server_id, state in list_states(store).items()
            if state.judgement.verdict is Verdict.DOWN
        ),
    )
    return proof_read(window, around)


def propose(
    store: Store,
    servers: Sequence[Server],
    *,
    minutes: int,
    earliest: datetime,
    days: int,
    zone_name: str,
    now: datetime,
    count: int = 5,
) -> Proposal:
    """Give the quietest times for work on some servers, apart from the windows they are in.

    Raises:
        NotEnoughHistory: a quiet time cannot be told.
    """
    zone = zone_of(zone_name)
    some = _spread(servers)
    profiles = list(read_profiles(store, some, zone, now).values())
    fleet = list_servers(store)
    ids = {one.id for one in servers}
    ids |= {one.id for one in fleet if one.name in {server.partner for server in servers}}
    groups = ids_by_group(fleet)
    taken = [
        (one.planned_start, one.planned_end)
        for one in list_occurrences(store, earliest, earliest + timedelta(days=days + 1))
        if not one.is_cancelled and one.covered_ids(groups) & ids
    ]
    slots = quiet_slots(
        profiles,
        minutes=minutes,
        earliest=earliest,
        days=days,
        zone=zone,
        taken=taken,
        count=count,
    )
    basis = basis_words(profiles)
    if len(some) < len(servers):
        basis += f" Of the {len(servers)} servers {len(some)} were looked at."
    return Proposal(slots=tuple(slots), basis=basis)


def covered_servers(
    server_ids: Sequence[int], groups: Sequence[str], servers: Sequence[Server]
) -> list[Server]:
    """Give the servers that are named or are in one of the groups."""
    named, grouped = set(server_ids), set(groups)
    return [one for one in servers if one.id in named or not grouped.isdisjoint(one.groups)]


def _spread(servers: Sequence[Server]) -> list[Server]:
    """Give at most `MOST_PROFILED` servers, evenly taken from all."""
    step = -(-len(servers) // MOST_PROFILED) or 1
    return list(servers[::step])
