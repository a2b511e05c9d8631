"""Which graphs the server page has, and which spans of time it offers.

Pure: no Qt, no I/O, no clock.
"""

from datetime import timedelta
from enum import Enum

from noc_console.desk.widgets.graph_series import GraphPlan, LinePlan
from noc_console.telemetry.metrics import Unit

_LEAST_BYTES_PER_S = 64 * 1024.0


def _lines(*rows: tuple[str, str]) -> tuple[LinePlan, ...]:
    return tuple(LinePlan(metric=metric, title=title) for metric, title in rows)


GRAPH_PLANS = (
    GraphPlan(
        key="load",
        title="Load",
        unit=Unit.NONE,
        lines=_lines(("load1", "1 min"), ("load5", "5 min"), ("load15", "15 min")),
    ),
    GraphPlan(
        key="cpu",
        title="CPU",
        unit=Unit.PERCENT,
        stacked=True,
        fixed_top=100.0,
        lines=_lines(
            ("cpu_user_percent", "user"),
            ("cpu_system_percent", "system"),
            ("iowait_percent", "I/O wait"),
            ("steal_percent", "stolen"),
        ),
    ),
    GraphPlan(
        key="memory",
        title="Memory and swap",
        unit=Unit.PERCENT,
        fixed_top=100.0,
        lines=_lines(("mem_used_percent", "memory"), ("swap_used_percent", "swap")),
    ),
    GraphPlan(
        key="disk",
        title="Disk I/O",
        unit=Unit.BYTES_PER_S,
        least_top=_LEAST_BYTES_PER_S,
        by_part="device",
        lines=_lines(("disk_read_bytes_per_s", "read"), ("disk_write_bytes_per_s", "written")),
    ),
    GraphPlan(
        key="network",
        title="Network",
        unit=Unit.BYTES_PER_S,
        least_top=_LEAST_BYTES_PER_S,
        by_part="interface",
        lines=_lines(("net_rx_bytes_per_s", "received"), ("net_tx_bytes_per_s", "sent")),
    ),
    GraphPlan(
        key="pressure",
        title="Pressure: tasks that wait",
        unit=Unit.PERCENT,
        least_top=10.0,
        lines=_lines(
            ("pressure_cpu_some_percent", "CPU"),
            ("pressure_memory_some_percent", "memory"),
            ("pressure_io_some_percent", "I/O"),
        ),
    ),
)

MOST_LINES = max(len(plan.lines) for plan in GRAPH_PLANS)


class Range(Enum):
    """The spans of time on offer; `CUSTOM` lies between two instants a person chose."""

    LIVE = "Live"
    HOUR = "1 h"
    DAY = "24 h"
    WEEK = "7 d"
    MONTH = "30 d"
    CUSTOM = "Custom"

    @property
    def span(self) -> timedelta:
        """How far the range reaches back from now; zero for a custom one."""
        return _SPANS[self]

    @property
    def renewal(self) -> timedelta:
        """How often the range is read again: about a pixel's worth of time."""
        return max(timedelta(seconds=5), min(self.span / 360, timedelta(minutes=5)))


_SPANS = {
    Range.LIVE: timedelta(minutes=10),
    Range.HOUR: timedelta(hours=1),
    Range.DAY: timedelta(days=1),
    Range.WEEK: timedelta(days=7),
    Range.MONTH: timedelta(days=30),
    Range.CUSTOM: timedelta(0),
}


def parts_in(plan: GraphPlan, metrics: tuple[str, ...]) -> tuple[str, ...]:
    """Give the devices or interfaces of a graph among metric names, sorted."""
    families = {line.metric for line in plan.lines}
    found = {
        part
        for family, colon, part in (name.partition(":") for name in metrics)
        if colon and family in families
    }
    return tuple(sorted(found)) if plan.by_part else ()
