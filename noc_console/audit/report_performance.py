"""The month's performance in a report: the servers that stood highest, day by day.

Pure: no I/O, no clock. The days are those of the signed evidence, not of the history of today.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from noc_console.audit.month_performance import DayFigures
from noc_console.health.figure_words import figure_words
from noc_console.health.measures import measure_of
from noc_console.telemetry.metrics import family

CHECKS = frozenset({"PERF-01", "PERF-02", "PERF-03", "PERF-05", "PERF-07"})
"""The checks whose evidence holds days."""
_SHOWN = ("load15", "cpu_percent", "mem_used_percent", "mount_used_percent", "check_latency_ms")
_MOST_SERVERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """One value of one server over the days of the month; `highest` is the highest, in words."""

    name: str
    highest: str
    days: tuple[DayFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfMetric:
    """One metric on the servers that stood highest in it, the highest first."""

    title: str
    servers: tuple[Days, ...]
    left_out: int
    """How many more servers have figures of it."""


def months_of_metrics(
    told: Iterable[tuple[str, Mapping[str, Sequence[DayFigures]]]],
) -> tuple[MonthOfMetric, ...]:
    """Give the metrics of which there are days; each server with what its evidence tells."""
    found: dict[str, list[tuple[float, str, str, tuple[DayFigures, ...]]]] = {}
    for server, metrics in told:
        for key, days in metrics.items():
            if family(key) in _SHOWN and days:
                highest = max(one.high for one in days)
                _, _, thing = key.partition(":")
                name = f"{server} {thing}".strip()
                found.setdefault(family(key), []).append((highest, name, key, tuple(days)))
    months = []
    for metric in (one for one in _SHOWN if one in found):
        rows = sorted(found[metric], key=lambda one: (-one[0], one[1]))
        servers = [
            Days(name=name, highest=_words(highest, key), days=days)
            for highest, name, key, days in rows[:_MOST_SERVERS]
        ]
        measure = measure_of(metric)
        months.append(
            MonthOfMetric(
                title=measure.title if measure is not None else metric,
                servers=tuple(servers),
                left_out=len(rows) - len(servers),
            )
        )
    return tuple(months)


def _words(value: float, key: str) -> str:
    measure = measure_of(key)
    return f"{value:.2f}" if measure is None else figure_words(value, measure)
