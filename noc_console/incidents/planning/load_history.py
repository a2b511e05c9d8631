"""How loaded servers were in each hour of the week, read from the history."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from noc_console.fleet.server import Server
from noc_console.incidents.planning.quiet_slots import WeekProfile, week_profile
from noc_console.store.history import History, Step
from noc_console.store.store import Store
from noc_console.telemetry.metrics import family

LOOKED_BACK = timedelta(days=56)
_METRICS = ("load5", "cpu_percent")
_SENT = "net_tx_bytes_per_s"


def read_profiles(
    store: Store, servers: Iterable[Server], zone: ZoneInfo, now: datetime
) -> dict[int, WeekProfile]:
    """Give each server's week, by its id, from up to eight weeks of load, CPU and bytes sent."""
    history = History(store)
    start = now - LOOKED_BACK
    profiles = {}
    for server in servers:
        sent = [
            metric
            for metric in history.metrics_of(server.id, now - timedelta(days=8), now)
            if family(metric) == _SENT and not metric.endswith(":lo")
        ]
        metrics = [*_METRICS, *sent[:2]]
        told = history.read(server.id, metrics, start, now, Step.FIVE_MINUTES)
        figures = [told.average[metric] for metric in metrics]
        profiles[server.id] = week_profile(server.name, told.times_ms, figures, zone)
    return profiles
