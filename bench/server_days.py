"""What servers told: days made up with the shape of real ones, and this machine's own samples."""

import time
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np

from noc_console.store.history import Reading
from noc_console.store.scale import Floats
from noc_console.store.schema.metadata import to_ms
from noc_console.telemetry.metrics import METRICS
from noc_console.telemetry.this_machine import ThisMachine

_STEADY = {
    "cores": 8.0,
    "mem_total_bytes": 33_545_000_000.0,
    "swap_total_bytes": 4_294_963_200.0,
    "files_max": 9_223_372.0,
    "steal_percent": 0.0,
    "swap_in_bytes_per_s": 0.0,
    "swap_out_bytes_per_s": 0.0,
    "oom_kills": 0.0,
    "zombies": 0.0,
}
_PARTS = (
    *("net_rx_bytes_per_s:eth0", "net_tx_bytes_per_s:eth0"),
    *("disk_read_bytes_per_s:sda", "disk_write_bytes_per_s:sda", "disk_busy_percent:sda"),
    *(f"core_percent:{core}" for core in range(8)),
)
_OF_PARTS = {"core_percent", "mount_used_percent", "mount_inodes_used_percent", "check_latency_ms"}
SYNTHETIC_METRICS = (*(name for name in METRICS if name not in _OF_PARTS), *_PARTS)
"""The figures of each tick of a web server with 8 cores, one disk and one network interface."""


def synthetic_readings(
    server_id: int, start: datetime, count: int, tick: timedelta, seed: int
) -> list[Reading]:
    """Give `count` readings of a busy web server; the same seed gives the same figures."""
    chance = np.random.default_rng(seed)
    columns = {name: _column(name, count, tick.total_seconds(), chance) for name in METRICS}
    columns |= {name: _column(name, count, tick.total_seconds(), chance) for name in _PARTS}
    rows = np.stack([columns[name] for name in SYNTHETIC_METRICS], axis=1).tolist()
    first_ms, tick_ms = to_ms(start), tick // timedelta(milliseconds=1)
    late_ms = chance.integers(0, 40, count).tolist()  # a frame comes some milliseconds late
    return [
        Reading(
            server_id,
            first_ms + number * tick_ms + late_ms[number],
            dict(zip(SYNTHETIC_METRICS, row, strict=True)),
        )
        for number, row in enumerate(rows)
    ]


def samples_of_this_machine(server_id: int, count: int, tick_s: float) -> list[Reading]:
    """Read this machine `count` times; takes as long as that takes."""
    machine = ThisMachine(server_id)
    readings = []
    next_s = time.monotonic()
    for _ in range(count + 1):
        sample = machine.read(datetime.now(UTC))
        readings.append(Reading(server_id, to_ms(sample.at), dict(sample.values)))
        next_s += tick_s
        time.sleep(max(0.0, next_s - time.monotonic()))
    return readings[1:]  # the first has no rates


def _column(name: str, count: int, tick_s: float, chance: np.random.Generator) -> Floats:
    """Give one metric's figures, rounded to what the kernel tells."""
    if name in _STEADY:
        return np.full(count, _STEADY[name])
    if name == "uptime_s":
        late_s = chance.uniform(0, 0.04, count)
        return np.asarray(np.round(1_000_000 + np.arange(count) * tick_s + late_s, 2), dtype=float)
    wander = partial(_wander, count, tick_s, chance)
    family = name.partition(":")[0]
    if family.endswith("_per_s"):
        bursts = chance.normal(0, 0.8, count)
        return np.asarray(np.rint(50_000 * np.exp(wander(300, 1.0) + bursts)), dtype=float)
    if family.endswith("_bytes"):
        return np.asarray(np.rint((20e9 + 2e9 * wander(600, 1.0)) / 4096) * 4096, dtype=float)
    if family.startswith("load"):
        seconds = {"load1": 60, "load5": 300, "load15": 900}[family]
        return np.asarray(np.round(np.abs(3 + 1.5 * wander(seconds, 1.0)), 2), dtype=float)
    if family.startswith("pressure"):
        return np.asarray(np.round(np.clip(3 * wander(10, 1.0), 0, 100), 2), dtype=float)
    if family.endswith(("_percent", "_ms")):
        noisy = 20 + 8 * wander(60, 1.0) + chance.normal(0, 4, count)
        return np.asarray(np.clip(noisy, 0, 100), dtype=float)
    counted = np.abs(300 + 20 * wander(120, 1.0) + chance.normal(0, 5, count))
    return np.asarray(np.rint(counted), dtype=float)


def _wander(
    count: int, tick_s: float, chance: np.random.Generator, memory_s: float, spread: float
) -> Floats:
    """Give a random walk that forgets within `memory_s`, around 0 with this spread."""
    keep = float(np.exp(-tick_s / memory_s))
    pushes = chance.normal(0, spread * np.sqrt(1 - keep * keep), count)
    figures = np.empty(count)
    at = chance.normal(0, spread)
    for number, push in enumerate(pushes.tolist()):
        at = at * keep + push
        figures[number] = at
    return figures
