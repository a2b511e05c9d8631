"""A made-up machine: work arrives, waits when it is too much, fills the memory, and slows all down.

That is how a load spiral runs on a web host: each request that waits holds a worker's memory, a
full memory swaps, swapping makes each request dearer, so more of them wait. Pure but for the source
of chance it is given; no clock.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

WORKER_BYTES = 140_000_000
WORK_A_REQUEST_S = 0.5
SWAPPING_COSTS = 2.0
"""How much dearer a request is for each whole memory's worth that lies in swap."""

_LOAD_SPANS_S = (60.0, 300.0, 900.0)
_PRESSURE_SPAN_S = 10.0
_FREE_AT_LEAST = 0.045
"""The kernel keeps some memory available whatever happens."""

Demand = Callable[[float], float]
"""Seconds since the machine came up in the demo -> work that arrives, against the usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What a machine is made of, and how much of it the usual day takes."""

    cores: int
    memory_bytes: int
    swap_bytes: int
    usual_busy: float
    """Share of the cores that the usual work keeps busy."""
    usual_memory: float
    """Share of the memory that is used when nothing waits."""


@dataclass(slots=True, kw_only=True)
class Machine:
    """One machine from second to second. `step` moves it on; the rest is read by who shows it."""

    hardware: Hardware
    demand: Demand
    chance: Random
    booted_before_s: float
    elapsed_s: float = 0.0
    waiting: float = 0.0
    """Requests that wait for a core or a disk."""
    loads: list[float] = field(default_factory=list)
    pressures: dict[str, float] = field(default_factory=dict)
    cpu_s: dict[str, float] = field(default_factory=dict)
    """CPU seconds so far, by state as in /proc/stat, all cores together."""
    served: float = 0.0
    swapped_in_bytes: float = 0.0
    swapped_out_bytes: float = 0.0
    _running: float = 0.0

    def __post_init__(self) -> None:
        """Begin as after a calm while: load and counters as the usual work leaves them."""
        usual = self.hardware.usual_busy * self.hardware.cores
        self._running = usual
        self.loads = [usual, usual, usual * 0.95]
        self.pressures = dict.fromkeys(("cpu", "memory", "memory full", "io", "io full"), 0.0)
        all_s = self.booted_before_s * self.hardware.cores
        self.cpu_s = {
            "user": all_s * self.hardware.usual_busy * 0.75,
            "system": all_s * self.hardware.usual_busy * 0.25,
            "idle": all_s * (1.0 - self.hardware.usual_busy),
            "iowait": 0.0,
            "steal": 0.0,
        }
        self.served = usual / WORK_A_REQUEST_S * self.booted_before_s

    @property
    def uptime_s(self) -> float:
        """Seconds since the boot that never was."""
        return self.booted_before_s + self.elapsed_s

    @property
    def most_waiting(self) -> float:
        """More workers than this the web server does not start (MaxRequestWorkers)."""
        return 7.0 * self.hardware.cores

    @property
    def wanted_bytes(self) -> float:
        """Memory that all programs together ask for."""
        hardware = self.hardware
        return hardware.usual_memory * hardware.memory_bytes + self.waiting * WORKER_BYTES

    @property
    def swapped_bytes(self) -> float:
        """What of it lies in swap."""
        over = self.wanted_bytes - (1.0 - _FREE_AT_LEAST) * self.hardware.memory_bytes
        return min(max(over, 0.0), 0.85 * self.hardware.swap_bytes)

    @property
    def available_bytes(self) -> float:
        """Memory that is left."""
        left = self.hardware.memory_bytes - self.wanted_bytes
        return max(left, _FREE_AT_LEAST * self.hardware.memory_bytes)

    @property
    def tasks_running(self) -> int:
        """Tasks that run or wait for a core at this moment."""
        return max(1, round(self._running + self.waiting * 0.6))

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        self.elapsed_s += dt_s
        swapped_before = self.swapped_bytes
        cores = float(self.hardware.cores)
        arrives = self.demand(self.elapsed_s) * self.hardware.usual_busy * cores
        arrives *= self.chance.uniform(0.9, 1.1)
        swapped = self.swapped_bytes / self.hardware.memory_bytes
        can = cores / (1.0 + SWAPPING_COSTS * swapped)
        backlog = self.waiting + (arrives - can) / WORK_A_REQUEST_S * dt_s
        self.waiting = min(max(backlog, 0.0), self.most_waiting)
        self._running = min(can, arrives) if self.waiting == 0.0 else can
        self.served += self._running / WORK_A_REQUEST_S * dt_s
        self._count_cpu(dt_s, swapped)
        self._smooth(dt_s, swapped)
        self._count_swap(swapped_before, dt_s)

    def _count_cpu(self, dt_s: float, swapped: float) -> None:
        cores = float(self.hardware.cores)
        busy = self._running / cores
        waits_for_disk = min(1.0 - busy, 0.005 + min(0.55, 2.5 * swapped))
        shares = {
            "user": busy * 0.74,
            "system": busy * 0.25,
            "steal": busy * 0.01,
            "iowait": waits_for_disk,
            "idle": max(0.0, 1.0 - busy - waits_for_disk),
        }
        for state, share in shares.items():
            self.cpu_s[state] += share * cores * dt_s

    def _smooth(self, dt_s: float, swapped: float) -> None:
        """Load and pressure are moving averages in the kernel too (loadavg.c, accounting/psi)."""
        active = self._running + self.waiting
        self.loads = [
            _towards(load, active, dt_s, span_s)
            for load, span_s in zip(self.loads, _LOAD_SPANS_S, strict=True)
        ]
        stuck = min(100.0, 160.0 * swapped)
        now = {
            "cpu": 100.0 * self.waiting / (self.waiting + self.hardware.cores),
            "memory": stuck,
            "memory full": stuck * 0.45,
            "io": min(100.0, 1.0 + stuck * 1.2),
            "io full": stuck * 0.6,
        }
        for what, percent in now.items():
            self.pressures[what] = _towards(self.pressures[what], percent, dt_s, _PRESSURE_SPAN_S)

    def _count_swap(self, before: float, dt_s: float) -> None:
        after = self.swapped_bytes
        back_and_forth = after * 0.01 * dt_s
        self.swapped_out_bytes += max(after - before, 0.0) + back_and_forth
        self.swapped_in_bytes += max(before - after, 0.0) + back_and_forth


def calm(elapsed_s: float) -> float:
    """Give the demand of a usual day: it swings a little."""
    return 1.0 + 0.15 * math.sin(elapsed_s / 40.0)


SPIRAL_AGAIN_S = 480.0
_SURGE_FROM_S, _SURGE_TO_S, _RELIEF_TO_S = 5.0, 150.0, 200.0


def spiral(elapsed_s: float) -> float:
    """Give a demand that is calm, then more than the machine can take, then little; and again."""
    at_s = elapsed_s % SPIRAL_AGAIN_S
    if _SURGE_FROM_S <= at_s < _SURGE_TO_S:
        return 3.0
    if _SURGE_TO_S <= at_s < _RELIEF_TO_S:
        return 0.2  # somebody turned the robots away and restarted the workers
    return calm(elapsed_s)


def _towards(average: float, now: float, dt_s: float, span_s: float) -> float:
    return now + (average - now) * math.exp(-dt_s / span_s)
