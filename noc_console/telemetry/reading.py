"""Rates from counters, between two frames of one server. Pure: no I/O, no clock.

Seconds are those of the server's own uptime, so that a late frame makes no spike; a counter that
went back gives no figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from noc_console.telemetry.counted import MAX_PARTS
from noc_console.telemetry.frame import Frame
from noc_console.telemetry.sample import Missing

Counts = Mapping[str, tuple[int, ...]]
"""Counters by the name of what they count: an interface, a disk, a core."""

Earlier = tuple[float, Counts] | None
"""Seconds since the frame before, and its counters; None when there is nothing to count from."""


class Readings(NamedTuple):
    """Counters of one kind at one uptime, those of all parts in a row.

    A tuple, because five are made of each frame.
    """

    uptime_s: float
    parts: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, uptime_s: float, counts: Counts) -> "Readings":
        """Give these counters, of which each part has as many."""
        return cls(uptime_s, (*counts,), tuple(chain.from_iterable(counts.values())))

    @property
    def counts(self) -> Counts:
        """The counters by part."""
        width = len(self.numbers) // max(1, len(self.parts))
        return dict(zip(self.parts, zip(*(iter(self.numbers),) * width, strict=True), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What the next frame's rates are counted from, and what is not told in every frame."""

    uptime_s: float
    kinds: Mapping[str, Readings] = field(default_factory=dict)
    cores: int | None = None
    boot_time_s: int | None = None


class Reading:
    """A sample in the making: values, what is missing and why, counters for the next frame."""

    def __init__(self, frame: Frame, before: Counters | None, uptime_s: float) -> None:
        """Begin with nothing; `before` is None for the first frame since the server booted."""
        self.frame = frame
        self.before = before
        self.uptime_s = uptime_s
        self.values: dict[str, float] = {}
        self.missing: dict[str, Missing] = {}
        self.kinds: dict[str, Readings] = {}

    def lines(self, section: str) -> tuple[str, ...]:
        """Give a section's lines; none where it is not in the frame."""
        return self.frame.sections.get(section, ())

    def lack(self, section: str, *metrics: str) -> None:
        """Note metrics as missing: not there, not understood, or not asked for in this frame."""
        metrics = tuple(metric for metric in metrics if metric not in self.values)
        if not metrics:
            return
        if self.lines(section):
            why = Missing.NOT_UNDERSTOOD
        elif section in self.frame.absent or section in self.frame.sections:
            why = Missing.NOT_ON_THIS_SERVER  # a file may be there and refuse to be read
        else:
            why = Missing.NOT_IN_THIS_TICK
        for metric in metrics:
            self.missing.setdefault(metric, why)

    def count(self, kind: str, counts: Counts) -> Earlier:
        """Keep counters for the next frame; give the seconds and counters of the last one."""
        self.kinds[kind] = Readings.of(self.uptime_s, counts)
        earlier = self.before.kinds.get(kind) if self.before else None
        if earlier is None or self.uptime_s <= earlier.uptime_s:
            return None
        return self.uptime_s - earlier.uptime_s, earlier.counts

    def rates(
        self, kind: str, metrics: Sequence[str], counts: Counts, units: Sequence[float]
    ) -> Earlier:
        """Give each part's rates in `units` a second, and the sums over all parts.

        A part that is new counts from the next frame on; one whose counter went back leaves the
        sum without a figure, because a sum of the others would be too small.
        """
        earlier = self.count(kind, counts)
        for place, metric in enumerate(metrics):
            rates = {name: self.rate(earlier, name, counts, place, units[place]) for name in counts}
            for name in list(counts)[:MAX_PARTS]:
                self.put(f"{metric}:{name}", rates[name])
            known = [rate for rate in rates.values() if isinstance(rate, float)]
            if earlier is None:
                self.put(metric, Missing.NEEDS_TWO_READINGS)
            elif Missing.COUNTER_WENT_BACK in rates.values():
                self.put(metric, Missing.COUNTER_WENT_BACK)
            else:
                self.put(metric, sum(known))
        return earlier

    def rate(
        self, earlier: Earlier, name: str, counts: Counts, place: int, unit: float
    ) -> float | Missing:
        """Give one counter's rate a second in `unit`s, or why there is none."""
        if earlier is None or name not in earlier[1]:
            return Missing.NEEDS_TWO_READINGS
        elapsed_s, before = earlier
        difference = counts[name][place] - before[name][place]
        if difference < 0:
            return Missing.COUNTER_WENT_BACK
        return difference * unit / elapsed_s

    def put(self, metric: str, value: float | Missing) -> None:
        """Note a value, or why it is missing."""
        if isinstance(value, Missing):
            self.missing[metric] = value
        else:
            self.values[metric] = float(value)
