"""The two lines of each metric: early (warn while there is time) and cut-off (dangerous).

Pure: no I/O, no clock. The figures are starting points from practice on shared hosting; load is
per core. Pressure is the share of time in which tasks stood still (kernel Documentation,
accounting/psi).
"""

from dataclasses import dataclass

from noc_console.telemetry.metrics import family


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The early line and the cut-off of one metric, in the metric's unit."""

    early: float
    cut_off: float


PER_CORE = frozenset({"load1", "load5", "load15"})

LINES = {
    "load1": Lines(early=2.0, cut_off=5.0),
    "load5": Lines(early=1.5, cut_off=4.0),
    "iowait_percent": Lines(early=30.0, cut_off=60.0),
    "steal_percent": Lines(early=10.0, cut_off=30.0),
    "mem_used_percent": Lines(early=90.0, cut_off=97.0),
    "swap_used_percent": Lines(early=60.0, cut_off=90.0),
    "mount_used_percent": Lines(early=85.0, cut_off=95.0),
    "mount_inodes_used_percent": Lines(early=85.0, cut_off=95.0),
    "pressure_memory_full_percent": Lines(early=10.0, cut_off=40.0),
    "pressure_io_full_percent": Lines(early=40.0, cut_off=80.0),
}


def lines_of(metric: str, cores: float) -> Lines | None:
    """Give a metric's lines on a server with so many cores; None where it has none."""
    name = family(metric)
    lines = LINES.get(name)
    if lines is None or name not in PER_CORE:
        return lines
    cores = max(cores, 1.0)
    return Lines(early=lines.early * cores, cut_off=lines.cut_off * cores)
