"""Frames to samples for one server: quickly those laid out as the ones before. Pure.

What looks different in any way, or holds a figure that asks for a decision (a counter that went
back, a reboot), is read by `parse`, which knows every case. A layout is followed only where it
gave the same as `parse` did for the frame it was learnt from.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from math import isfinite
from operator import itemgetter
from types import MappingProxyType

from noc_console.telemetry.frame import Frame
from noc_console.telemetry.layout import (
    Kind,
    Layout,
    Unlike,
    Words,
    is_plain,
    layout_of,
    picker,
    words_of,
)
from noc_console.telemetry.parse import (
    AVERAGE,
    CPU_METRICS,
    LONGEST_UPTIME_S,
    MAX_COUNTER,
    PAGE_BYTES,
    PAGING,
    SECTOR_BYTES,
    busy_percent,
    cpu_values,
    memory_values,
    read_sample,
    server_time,
    swap_values,
)
from noc_console.telemetry.reading import Counters, Readings
from noc_console.telemetry.sample import Missing, Sample

MOST_TRIES = 12
"""A server whose frames are never alike is not learnt any further."""

_LAYOUTS_SHARED = 512
_OF_THE_LAYOUT = {Missing.NOT_ON_THIS_SERVER, Missing.NOT_IN_THIS_TICK}
"""Why a value is missing for as long as frames look alike."""

Values = dict[str, float]
Numbers = Sequence[Sequence[int]]
"""The counters of each part of one kind."""

Put = Callable[[Values, float, Numbers, Numbers], None]
"""Puts into values what follows from seconds passed, counters before and counters now."""


class SampleReader:
    """Reads the frames of one server in order, from one connection on."""

    def __init__(self, server_id: int) -> None:
        """Begin before the first frame."""
        self._server_id = server_id
        self.before: Counters | None = None
        """The counters of the frame read last."""
        self._followers: dict[int, _Follower] = {}
        self._tries = MOST_TRIES

    def quick(self, content: bytes, sequence: int, at: datetime) -> Sample | None:
        """Give the sample of bytes that are the whole frame of this sequence and look as before.

        Where they are anything else it gives None and remembers nothing of them.
        """
        if self.before is None or not self._followers or not is_plain(content):
            return None
        text = content.decode("ascii")
        if not (text.startswith(f"@frame {sequence}\n") and text.endswith(f"\n@end {sequence}\n")):
            return None
        words = words_of(text)
        follower = self._followers.get(len(words))
        if follower is None or not follower.has_lines_of(text):
            return None
        found = follower.read(words, self.before, self._server_id, at)
        if found is None:
            return None
        sample, self.before = found
        self._tries = MOST_TRIES
        return sample

    def read(self, frame: Frame, at: datetime) -> Sample:
        """Give what a frame tells, and learn how it is laid out.

        Raises:
            OutputNotUnderstood: the frame does not even tell the uptime.
        """
        before = self.before
        sample, self.before = read_sample(frame, before, self._server_id, at)
        is_steady = not sample.rebooted and _OF_THE_LAYOUT.issuperset(sample.missing.values())
        if before is not None and is_steady and frame.text and self._tries:
            self._tries -= 1
            self._learn(frame.text, before, (sample, self.before))
        return sample

    def _learn(self, text: str, before: Counters, understood: tuple[Sample, Counters]) -> None:
        if not is_plain(text.encode()):
            return
        sample, _ = understood
        words = words_of(text)
        usual = _usual.get(len(words))  # most servers look like one that was learnt before
        if (
            usual is not None
            and usual.has_order(sample)
            and usual.has_lines_of(text)
            and usual.read(words, before, sample.server_id, sample.at) == understood
        ):
            self._followers[len(words)] = usual
            return
        try:
            layout = layout_of(text)
        except Unlike:
            return
        follower = _follower(layout, (*sample.values,), (*sample.missing.items(),))
        if follower.read(words, before, sample.server_id, sample.at) == understood:
            self._followers[len(words)] = follower
            if len(_usual) < _LAYOUTS_SHARED or len(words) in _usual:
                _usual[len(words)] = follower


class _Follower:
    """Reads what is laid out in one way. Servers that look alike share one; it never changes."""

    def __init__(
        self, layout: Layout, order: tuple[str, ...], missing: tuple[tuple[str, Missing], ...]
    ) -> None:
        """Follow a layout that gives these metrics, in this order, and lacks those."""
        self._layout = layout
        self._order = order
        self._missing = MappingProxyType(dict(missing))
        self._pick_values = itemgetter(*order)
        self._fixed, places = _parted(layout.fixed)
        self._pick_fixed = picker(places)
        self._floats, places = _parted(layout.floats)
        self._pick_floats = picker(places)
        self._averages, places = _parted(layout.averages)
        self._pick_averages = picker(places)
        self._plain, places = _parted(layout.plain)
        places += layout.memory
        self._boot = None if layout.boot is None else len(places)
        places += () if layout.boot is None else (layout.boot,)
        self._counted: list[tuple[Kind, slice, Put]] = []
        for kind, counters in layout.kinds:
            begin, places = len(places), places + counters
            self._counted.append((kind, slice(begin, len(places)), _PUTS[kind.name](kind.parts)))
        self._pick_numbers = picker(places)

    def has_order(self, sample: Sample) -> bool:
        """Whether a sample holds the same metrics in the same order: the history has few orders."""
        return (*sample.values,) == self._order

    def has_lines_of(self, text: str) -> bool:
        """Whether as many lines as ever are content, as many are markers, and no other is there."""
        contents, markers = self._layout.contents, self._layout.markers
        return (
            text.count("\n") == contents + markers + 1
            and text.count("\n@") == markers
            and text.count("\n ") == contents
        )

    def read(
        self, words: Words, before: Counters, server_id: int, at: datetime
    ) -> tuple[Sample, Counters] | None:
        """Give the sample of a frame and its counters; None where `parse` has to decide."""
        if self._pick_fixed(words) != self._fixed:
            return None
        try:
            values = self._told(words)
            numbers = [*map(int, self._pick_numbers(words))]
            self._take_numbers(values, numbers)
            counters = self._count(values, numbers, before)
            ordered = self._pick_values(values)
        except (Unlike, KeyError, ValueError):
            return None
        sample = Sample(
            server_id=server_id,
            at=at,
            server_at=server_time(counters.boot_time_s, counters.uptime_s),
            values=dict(zip(self._order, ordered, strict=True)),
            missing=self._missing,
        )
        return sample, counters

    def _told(self, words: Words) -> Values:
        """Give what is told with a point, and the tasks."""
        values = dict(zip(self._floats, map(float, self._pick_floats(words)), strict=True))
        averages = self._pick_averages(words)
        for metric, word in zip(self._averages, averages, strict=True):
            if not word.startswith(AVERAGE):
                raise Unlike
            values[metric] = float(word[len(AVERAGE) :])
        running, total = map(int, words[self._layout.tasks].split("/"))
        if not (isfinite(sum(values.values())) and 0 <= running < MAX_COUNTER > total >= 0):
            raise Unlike
        values["tasks_running"] = float(max(running - 1, 0))
        values["tasks_total"] = float(total)
        return values

    def _take_numbers(self, values: Values, numbers: Sequence[int]) -> None:
        """Put what whole numbers say as they stand into `values`."""
        if min(numbers) < 0 or max(numbers) >= MAX_COUNTER:
            raise Unlike
        values.update(zip(self._plain, map(float, numbers), strict=False))
        total, available, swap, free = numbers[len(self._plain) : len(self._plain) + 4]
        if not total:
            raise Unlike
        values.update(memory_values(total, available))
        values.update(swap_values(swap, free))

    def _count(self, values: Values, numbers: Sequence[int], before: Counters) -> Counters:
        """Put what is counted from the frame before into `values`; give the counters."""
        uptime_s = values["uptime_s"]
        if not before.uptime_s < uptime_s < LONGEST_UPTIME_S:
            raise Unlike
        kinds, cores = dict(before.kinds), before.cores
        for kind, places, put in self._counted:
            earlier = kinds.get(kind.name)
            if earlier is None or (*earlier.counts,) != kind.parts or uptime_s <= earlier.uptime_s:
                raise Unlike
            now = kind.grouped(numbers[places])
            put(values, uptime_s - earlier.uptime_s, (*earlier.counts.values(),), now)
            counts = dict(zip(kind.parts, now, strict=True))
            kinds[kind.name] = Readings(uptime_s=uptime_s, counts=counts)
            if kind.name == "cores":
                cores = len(counts)
        values["cores"] = float(cores or 0)
        boot_time_s = before.boot_time_s if self._boot is None else numbers[self._boot]
        return Counters(uptime_s=uptime_s, kinds=kinds, cores=cores, boot_time_s=boot_time_s)


_usual: dict[int, _Follower] = {}
"""Of each number of words the follower learnt last: to learn a layout costs as much as reading ten
frames, and to find that one fits as much as reading one.
"""


@lru_cache(_LAYOUTS_SHARED)
def _follower(
    layout: Layout, order: tuple[str, ...], missing: tuple[tuple[str, Missing], ...]
) -> _Follower:
    return _Follower(layout, order, missing)


def _parted(named: Sequence[tuple[str, int]]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    return tuple(name for name, _ in named), tuple(place for _, place in named)


def _cpu(_parts: Sequence[str]) -> Put:
    def put(values: Values, _passed_s: float, was: Numbers, now: Numbers) -> None:
        told = cpu_values(was[0], now[0])
        if told is None:
            raise Unlike
        values.update(zip(CPU_METRICS, told, strict=True))

    return put


def _cores(parts: Sequence[str]) -> Put:
    metrics = _of_each("core_percent", parts)

    def put(values: Values, _passed_s: float, was: Numbers, now: Numbers) -> None:
        for metric, busy in zip(metrics, map(busy_percent, was, now), strict=True):
            if busy is None:
                raise Unlike
            values[metric] = busy

    return put


def _paging(parts: Sequence[str]) -> Put:
    metrics = [PAGING.get(part, part) for part in parts]

    def put(values: Values, passed_s: float, was: Numbers, now: Numbers) -> None:
        values.update(zip(metrics, _rates(passed_s, was, now, 0, PAGE_BYTES), strict=True))

    return put


def _network(parts: Sequence[str]) -> Put:
    received, sent = "net_rx_bytes_per_s", "net_tx_bytes_per_s"
    of_received, of_sent = _of_each(received, parts), _of_each(sent, parts)

    def put(values: Values, passed_s: float, was: Numbers, now: Numbers) -> None:
        values[received] = _put_each(values, of_received, _rates(passed_s, was, now, 0, 1))
        values[sent] = _put_each(values, of_sent, _rates(passed_s, was, now, 1, 1))

    return put


def _disks(parts: Sequence[str]) -> Put:
    read, written, busy = "disk_read_bytes_per_s", "disk_write_bytes_per_s", "disk_busy_percent"
    of_read, of_written = _of_each(read, parts), _of_each(written, parts)
    of_busy = _of_each(busy, parts)

    def put(values: Values, passed_s: float, was: Numbers, now: Numbers) -> None:
        rates = _rates(passed_s, was, now, 0, SECTOR_BYTES)
        values[read] = _put_each(values, of_read, rates)
        rates = _rates(passed_s, was, now, 1, SECTOR_BYTES)
        values[written] = _put_each(values, of_written, rates)
        shares = [min(rate, 100.0) for rate in _rates(passed_s, was, now, 2, 0.1)]
        _put_each(values, of_busy, shares)
        values[busy] = max(shares)

    return put


_PUTS: dict[str, Callable[[Sequence[str]], Put]] = {
    "cpu": _cpu,
    "cores": _cores,
    "vmstat": _paging,
    "net": _network,
    "disk": _disks,
}


def _of_each(metric: str, parts: Iterable[str]) -> list[str]:
    return [f"{metric}:{part}" for part in parts]


def _put_each(values: Values, metrics: Sequence[str], figures: Sequence[float]) -> float:
    """Put each part's figure; give their sum."""
    values.update(zip(metrics, figures, strict=True))
    return float(sum(figures))


def _rates(passed_s: float, was: Numbers, now: Numbers, place: int, unit: float) -> list[float]:
    rates = [
        (one[place] - before[place]) * unit / passed_s for one, before in zip(now, was, strict=True)
    ]
    if rates and min(rates) < 0:
        raise Unlike  # a counter went back
    return rates
