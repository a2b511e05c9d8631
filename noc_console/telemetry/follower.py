"""Samples of frames that are laid out in one way, without a decision anywhere. Pure.

What asks for one (a counter that went back, a reboot) is left to `parse`. One pattern checks the
whole frame and picks its figures: to look at its words one by one takes twice as long.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter, sub
from types import MappingProxyType

from noc_console.telemetry.layout import Groups, Kind, Layout, Unlike, picker
from noc_console.telemetry.parse import (
    CPU_METRICS,
    CPU_TIMES,
    LONGEST_UPTIME_S,
    PAGE_BYTES,
    PAGING,
    SECTOR_BYTES,
    busy_share,
    cpu_shares,
    memory_values,
    server_time,
    swap_values,
)
from noc_console.telemetry.reading import Counters, Readings
from noc_console.telemetry.sample import Missing, Sample

LAYOUTS_SHARED = 512

Numbers = Sequence[int]
Figures = Callable[[Numbers, float], Iterable[float]]
"""Gives figures of how much the counters of a kind have grown, part after part, in so many seconds;
it raises Unlike where `parse` has to decide.
"""

_MEMORY = (*memory_values(1, 1), *swap_values(1, 1))


class Follower:
    """Reads what is laid out in one way. Servers that look alike share one; it never changes."""

    def __init__(
        self, layout: Layout, order: tuple[str, ...], missing: tuple[tuple[str, Missing], ...]
    ) -> None:
        """Follow a layout that gives these metrics, in this order, and lacks those.

        Raises:
            Unlike: it does not give one of them.
        """
        self._match = _compiled(layout.pattern).fullmatch
        self._order = order
        self._missing = MappingProxyType(dict(missing))
        self._names = tuple(name.encode() for name, _ in layout.names)
        self._pick_names = picker([group for _, group in layout.names])
        self._pick_pointed = picker([group for _, group in layout.pointed])
        pointed = [metric for metric, _ in layout.pointed]
        self._uptime = pointed.index("uptime_s")
        groups = [*layout.tasks, *layout.memory]
        self._plain = slice(len(groups), len(groups) + len(layout.plain))
        groups += [group for _, group in layout.plain]
        self._boot = None if layout.boot is None else len(groups)
        groups += [] if layout.boot is None else [layout.boot]
        given = [*pointed, "tasks_running", "tasks_total", *_MEMORY]
        given += [metric for metric, _ in layout.plain]
        self._counted: list[tuple[Kind, slice, Figures]] = []
        for kind, counters in layout.kinds:
            metrics, figures = _KINDS[kind.name](kind.parts)
            given += metrics
            places = slice(len(groups), len(groups) + len(counters))
            self._counted.append((kind, places, figures))
            groups += counters
        given.append("cores")
        self._pick_numbers = picker(groups)
        if not set(given).issuperset(order) or len(order) < 2:
            raise Unlike
        place_of = {metric: place for place, metric in enumerate(given)}
        self._in_order = itemgetter(*(place_of[metric] for metric in order))

    def has_order(self, sample: Sample) -> bool:
        """Whether a sample holds the same metrics in the same order: the history has few orders."""
        return (*sample.values,) == self._order

    def groups_of(self, content: bytes) -> Groups | None:
        """Give the groups of a frame that is laid out in this way; None of any other."""
        found = self._match(content)
        if found is None:
            return None
        groups: Groups = found.groups()
        return groups if self._pick_names(groups) == self._names else None

    def read(
        self, groups: Groups, before: Counters, server_id: int, at: datetime
    ) -> tuple[Sample, Counters] | None:
        """Give the sample of a frame and its counters; None where `parse` has to decide."""
        try:
            figures = [*map(float, self._pick_pointed(groups))]
            numbers = [*map(int, self._pick_numbers(groups))]
            running, tasks, total, available, swap, free = numbers[:6]
            if not total:
                return None
            figures += max(running - 1, 0), tasks
            figures += memory_values(total, available).values()
            figures += swap_values(swap, free).values()
            figures += numbers[self._plain]
            counters = self._count(figures, numbers, before)
        except (Unlike, ValueError):
            return None
        sample = Sample(
            server_id=server_id,
            at=at,
            server_at=server_time(counters.boot_time_s, counters.uptime_s),
            values=dict(zip(self._order, map(float, self._in_order(figures)), strict=True)),
            missing=self._missing,
        )
        return sample, counters

    def _count(self, figures: list[float], numbers: Numbers, before: Counters) -> Counters:
        """Add what is counted from the frame before to the figures; give the counters."""
        uptime_s = figures[self._uptime]
        if not before.uptime_s < uptime_s < LONGEST_UPTIME_S:
            raise Unlike
        kinds, cores = dict(before.kinds), before.cores
        for kind, places, figures_of in self._counted:
            earlier = kinds.get(kind.name)
            if earlier is None or earlier.parts != kind.parts or uptime_s <= earlier.uptime_s:
                raise Unlike
            now = tuple(numbers[places])
            grown = [*map(sub, now, earlier.numbers)]
            figures += figures_of(grown, uptime_s - earlier.uptime_s)
            kinds[kind.name] = Readings(uptime_s, kind.parts, now)
            if kind.name == "cores":
                cores = len(kind.parts)
        figures.append(cores or 0)
        boot_time_s = before.boot_time_s if self._boot is None else numbers[self._boot]
        return Counters(uptime_s=uptime_s, kinds=kinds, cores=cores, boot_time_s=boot_time_s)


@lru_cache(LAYOUTS_SHARED)
def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode())


@lru_cache(LAYOUTS_SHARED)
def follower(
    layout: Layout, order: tuple[str, ...], missing: tuple[tuple[str, Missing], ...]
) -> Follower:
    """Give the follower of a layout; as `Follower`."""
    return Follower(layout, order, missing)


def _cpu(_parts: Sequence[str]) -> tuple[Sequence[str], Figures]:
    def figures(grown: Numbers, _passed_s: float) -> Iterable[float]:
        shares = cpu_shares(grown)
        if shares is None:
            raise Unlike
        return shares

    return CPU_METRICS, figures


def _cores(parts: Sequence[str]) -> tuple[Sequence[str], Figures]:
    places = [slice(start, start + CPU_TIMES) for start in range(0, CPU_TIMES * len(parts), 8)]

    def figures(grown: Numbers, _passed_s: float) -> Iterable[float]:
        for core in places:
            busy = busy_share(grown[core])
            if busy is None:
                raise Unlike
            yield busy

    return _of_each("core_percent", parts), figures


def _paging(parts: Sequence[str]) -> tuple[Sequence[str], Figures]:
    def figures(grown: Numbers, passed_s: float) -> Iterable[float]:
        return _rates(grown, PAGE_BYTES, passed_s)

    return [PAGING.get(part, part) for part in parts], figures


def _network(parts: Sequence[str]) -> tuple[Sequence[str], Figures]:
    received, sent = "net_rx_bytes_per_s", "net_tx_bytes_per_s"

    def figures(grown: Numbers, passed_s: float) -> Iterable[float]:
        rates = _rates(grown, 1, passed_s)
        return *rates, sum(rates[::2]), sum(rates[1::2])

    of_each = [f"{metric}:{part}" for part in parts for metric in (received, sent)]
    return [*of_each, received, sent], figures


def _disks(parts: Sequence[str]) -> tuple[Sequence[str], Figures]:
    read, written, busy = "disk_read_bytes_per_s", "disk_write_bytes_per_s", "disk_busy_percent"

    def figures(grown: Numbers, passed_s: float) -> Iterable[float]:
        reads = _rates(grown[::3], SECTOR_BYTES, passed_s)
        writes = _rates(grown[1::3], SECTOR_BYTES, passed_s)
        shares = [min(rate, 100.0) for rate in _rates(grown[2::3], 0.1, passed_s)]
        return *reads, *writes, *shares, sum(reads), sum(writes), max(shares)

    of_each = [one for metric in (read, written, busy) for one in _of_each(metric, parts)]
    return [*of_each, read, written, busy], figures


_KINDS: dict[str, Callable[[Sequence[str]], tuple[Sequence[str], Figures]]] = {
    "cpu": _cpu,
    "cores": _cores,
    "vmstat": _paging,
    "net": _network,
    "disk": _disks,
}


def _of_each(metric: str, parts: Iterable[str]) -> list[str]:
    return [f"{metric}:{part}" for part in parts]


def _rates(grown: Numbers, unit: float, passed_s: float) -> list[float]:
    rates = [growth * unit / passed_s for growth in grown]
    if rates and min(rates) < 0:
        raise Unlike  # a counter went back
    return rates
