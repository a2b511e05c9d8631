"""What can have lines: metrics, and what is counted or derived beside them. Pure.

A value of one thing among many has the thing after a colon, as metrics do:
`mount_used_percent:/home`. Lines may be set for the one or for the whole family.
"""

from dataclasses import dataclass
from enum import Enum

from noc_console.telemetry.arrays import ARRAY_LOST
from noc_console.telemetry.metrics import METRICS, Metric, Unit, family


class Pace(Enum):
    """How often a value is read, which says how long silence is no gap."""

    TICK = "each tick"
    SIXTH_TICK = "each sixth tick"
    SLOW = "about once a minute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One kind of value that can have lines. `unit` is as written after the number."""

    key: str
    title: str
    unit: str
    pace: Pace = Pace.TICK
    places: int = 1
    smoothed_s: float = 0.0
    """The kernel tells it smoothed by this time constant: it follows what drives it so late."""


OOM_KILLS = "oom_kills_seen"
REBOOTS = "reboots_seen"
RESTARTS = "service_restarts"
SERVICE_DOWN = "service_down_minutes"
CHECK_FAILING = "check_failing_minutes"
CERTIFICATE = "certificate_days"
CHECK_LATENCY = "check_latency_ms"
CLOCK_OFFSET = "clock_offset_s"
MOUNT_USED = "mount_used_percent"
INODES_USED = "mount_inodes_used_percent"

_SIXTH = frozenset({"tasks_blocked", "swap_in_bytes_per_s", "swap_out_bytes_per_s"})
_SLOW = frozenset(
    {
        MOUNT_USED,
        INODES_USED,
        CHECK_LATENCY,
        "zombies",
        "mail_queue",
        "conntrack_entries",
        "conntrack_used_percent",
        ARRAY_LOST,
    }
)
_SMOOTHED_S = {"load1": 60.0, "load5": 300.0, "load15": 900.0}
"""kernel/sched/loadavg.c"""

_NO_MEASURE = frozenset({"cores", "core_percent", "uptime_s", "oom_kills"})
"""What stands still, grows for ever by nature, or is judged by another measure."""

_OWN = (
    Measure(key=OOM_KILLS, title="Out-of-memory kills", unit=" in 30 min", places=0),
    Measure(key=REBOOTS, title="Reboots", unit=" in 15 min", places=0),
    Measure(key=RESTARTS, title="Restarts of a service", unit=" in 10 min", places=0),
    Measure(key=SERVICE_DOWN, title="Service not well", unit=" min", pace=Pace.SLOW),
    Measure(key=CHECK_FAILING, title="Outside check failing", unit=" min", pace=Pace.SLOW),
    Measure(key=CERTIFICATE, title="Certificate is good for", unit=" days", places=0),
)


def _of_metric(metric: Metric) -> Measure:
    pace = Pace.TICK
    if metric.name in _SIXTH:
        pace = Pace.SIXTH_TICK
    elif metric.name in _SLOW:
        pace = Pace.SLOW
    unit = metric.unit.value
    return Measure(
        key=metric.name,
        title=metric.title,
        unit=unit if metric.unit in {Unit.NONE, Unit.PERCENT} else f" {unit}",
        pace=pace,
        smoothed_s=_SMOOTHED_S.get(metric.name, 0.0),
    )


MEASURES = {
    one.key: one
    for one in (
        *(_of_metric(metric) for metric in METRICS.values() if metric.name not in _NO_MEASURE),
        *_OWN,
    )
}


def measure_of(key: str) -> Measure | None:
    """Give the measure of a key or of one thing's key; None where nothing is measured by it."""
    return MEASURES.get(family(key))


_SPOKEN = {
    "check": "Check",
    "certificate": "Certificate",
    "link": "Link",
    "oom": "Kills for want of memory",
    "reboot": "Reboots",
    "restarts": "Restarts",
    "service": "Service",
    "window_end": "End of window",
    "window_overrun": "Overrun of window",
}
"""Of keys of reasons that no value is measured under."""


def spoken_key(key: str) -> str:
    """Give the key of a reason or an alarm as people call it: `Load, 1 min`, `Service nginx`."""
    name, _, thing = key.partition(":")
    measure = measure_of(key)
    if name in _SPOKEN or measure is None:
        return f"{_SPOKEN.get(name, name)} {thing}".rstrip()
    return f"{measure.title} of {thing}" if thing else measure.title
