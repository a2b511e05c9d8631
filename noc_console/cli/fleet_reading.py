"""The fleet as it stands, read from the store for `status` and `server show`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from noc_console.cli.fleet_status import (
    SAMPLE_FIELDS,
    EngineStatus,
    FleetStatus,
    ServerStatus,
    worst_first,
)
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server, ServerKind
from noc_console.health.records import ServerState, list_states
from noc_console.health.rules import verdict_now
from noc_console.store.failures import StoreFull
from noc_console.store.heartbeat import EngineRecord, last_engine, living_engine
from noc_console.store.history import History, Reading
from noc_console.store.schema.metadata import from_ms
from noc_console.store.store import Store
from noc_console.telemetry.records import list_mounts, list_services
from noc_console.telemetry.service import Inside, ServiceState

_USUALLY_WITHIN = timedelta(minutes=1)
"""So old is the newest sample of nearly every server at most, while somebody watches."""

_NOT_SEALED_YET = timedelta(hours=1)
"""No reading of before that is in the journal still; see `store.upkeep`."""

_NEEDS_AN_ENGINE = {LinkState.UP, LinkState.CONNECTING}


def read_fleet(store: Store, now: datetime, some: Sequence[Server] | None = None) -> FleetStatus:
    """Give every server, or some, as they stand at `now`; what nobody watches is stale.

    Raises:
        StoreError: the store cannot be read.
    """
    servers = list_servers(store) if some is None else some
    newest_engine = last_engine(store)
    engine = living_engine(store, now)
    samples = _newest_samples(
        History(store),
        [server.id for server in servers],
        now if engine or newest_engine is None else newest_engine.heartbeat_at,
    )
    states, mounts, services = list_states(store), list_mounts(store), list_services(store)
    return FleetStatus(
        at=now,
        trouble=_trouble(store),
        engine=None
        if engine is None
        else EngineStatus(
            host=engine.host,
            pid=engine.pid,
            since=engine.started_at,
            heard_at=engine.heartbeat_at,
        ),
        servers=worst_first(
            [
                replace(
                    _status(server, states.get(server.id), samples.get(server.id), engine, now),
                    mounts=mounts.get(server.id, ()),
                    services=_expected(server, services.get(server.id, ())),
                )
                for server in servers
            ]
        ),
    )


def _trouble(store: Store) -> str:
    try:
        store.guard_free_space()
    except StoreFull as failure:
        return failure.sentence
    return ""


def _newest_samples(
    history: History, server_ids: Collection[int], watched_until: datetime
) -> Mapping[int, Reading]:
    """Give each server's newest reading: looked for where it usually is, then ever further back."""
    found: dict[int, Reading] = {}
    for age in (_USUALLY_WITHIN, _NOT_SEALED_YET):
        _, readings = history.latest(watched_until - age)
        found |= {reading.server_id: reading for reading in readings}
        if not set(server_ids) - found.keys():
            return found
    missing = sorted(set(server_ids) - found.keys())
    sealed = history.last_sealed(missing, SAMPLE_FIELDS)
    return found | {reading.server_id: reading for reading in sealed}


def _status(
    server: Server,
    state: ServerState | None,
    sample: Reading | None,
    engine: EngineRecord | None,
    now: datetime,
) -> ServerStatus:
    is_watched = engine is not None and (
        server.kind is ServerKind.SSH or server.address == engine.host
    )
    sample_at = None if sample is None else from_ms(sample.at_ms)
    judgement = verdict_now(
        state.judgement if state else None,
        sample_at,
        server.tick_s,
        now,
        is_watched=is_watched,
    )
    return ServerStatus(
        name=server.name,
        verdict=judgement.verdict,
        since=judgement.since,
        reasons=judgement.words,
        danger=judgement.danger,
        link=_link(state, is_watched=is_watched),
        sample_at=sample_at,
        values={} if sample is None else sample.values,
    )


def _link(state: ServerState | None, *, is_watched: bool) -> LinkState:
    """Give where the link stands; without an engine none is up, whatever was written last."""
    if state is None or (not is_watched and state.link in _NEEDS_AN_ENGINE):
        return LinkState.NOT_TRIED
    return state.link


def _expected(server: Server, told: Sequence[ServiceState]) -> tuple[ServiceState, ...]:
    """Give each service that is expected now; one that nobody has asked about yet is unknown."""
    by_name = {service.name: service for service in told}
    return tuple(
        by_name.get(name, ServiceState(name=name, inside=Inside.UNKNOWN))
        for name in server.expected_services
    )
