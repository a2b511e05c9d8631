"""The handover page of this moment, read from the store. Meant for a thread of its own."""

from datetime import datetime, timedelta

from noc_console.fleet.records import list_servers
from noc_console.health.alarm_records import open_alarms
from noc_console.health.delivery.delivery_records import troubles
from noc_console.health.delivery.recipient_records import list_recipients
from noc_console.health.records import list_states
from noc_console.health.rules import verdict_now
from noc_console.incidents.evidence.evidence_records import open_recordings
from noc_console.incidents.handover.handover import (
    AHEAD,
    HandoverPage,
    ShiftFacts,
)
from noc_console.incidents.handover.handover_page import make_page
from noc_console.incidents.incident.incident_records import list_incidents
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.store.heartbeat import living_engine
from noc_console.store.store import Store

_OVERRUNS = timedelta(days=1)


def read_page(store: Store, now: datetime) -> HandoverPage:
    """Give all that is to be handed over at `now`."""
    is_watched = living_engine(store, now) is not None
    states = list_states(store)
    servers = {one.id: one for one in list_servers(store)}
    judgements = {}
    for server in servers.values():
        state = states.get(server.id)
        if state is not None:
            judgements[server.id] = verdict_now(
                state.judgement, state.last_sample_at, server.tick_s, now, is_watched=is_watched
            )
    facts = ShiftFacts(
        servers=servers,
        judgements=judgements,
        alarms=tuple(open_alarms(store).values()),
        incidents=list_incidents(store, with_closed=False),
        windows=list_occurrences(store, now - _OVERRUNS, now + AHEAD),
        recordings=tuple(open_recordings(store, now).values()),
        untold=troubles(store, now),
        recipients=list_recipients(store),
        is_watched=is_watched,
    )
    return make_page(facts, now)
