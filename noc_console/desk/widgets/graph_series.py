"""What a graph shows, as plain arrays, and how its figures are written.

Pure: no Qt, no I/O, no clock. Times are seconds since 1970 UTC (float64), missing values are nan.
"""

import bisect
import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

import numpy as np
import numpy.typing as npt

from noc_console.telemetry.metrics import Unit

Values = npt.NDArray[np.float64]

_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_KIBI = 1024.0
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NO_VALUES: Mapping[str, Values] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePlan:
    """One line of a graph: which metric, and what the legend calls it."""

    metric: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPlan:
    """One graph: its lines and its scale.

    `least_top` is the smallest top of the scale, so that a quiet server does not look busy;
    `fixed_top` (percent) never moves. `by_part` means its metrics exist per device or interface.
    """

    key: str
    title: str
    unit: Unit
    lines: tuple[LinePlan, ...]
    stacked: bool = False
    least_top: float = 1.0
    fixed_top: float | None = None
    by_part: str = ""
    """What one part is called ("device", "interface"); empty when there are none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GraphSeries:
    """The values of all graphs over one span of time, on one common time axis.

    `minimum` and `maximum` are empty for raw samples. Two neighbours further apart than
    `longest_gap_s` are not joined.
    """

    times_s: Values
    average: Mapping[str, Values]
    minimum: Mapping[str, Values] = field(default_factory=dict)
    maximum: Mapping[str, Values] = field(default_factory=dict)
    longest_gap_s: float = 15.0
    not_watched: tuple[tuple[float, float], ...] = ()

    @classmethod
    def empty(cls) -> "GraphSeries":
        """Give a series without a single sample."""
        return cls(times_s=np.empty(0), average=_NO_VALUES)

    def with_gaps(self) -> "GraphSeries":
        """Give the same with a nan put into each hole longer than `longest_gap_s`."""
        holes = np.nonzero(np.diff(self.times_s) > self.longest_gap_s)[0] + 1
        if holes.size == 0:
            return self
        middles = (self.times_s[holes - 1] + self.times_s[holes]) / 2

        def opened(lines: Mapping[str, Values]) -> dict[str, Values]:
            return {name: np.insert(values, holes, np.nan) for name, values in lines.items()}

        return GraphSeries(
            times_s=np.insert(self.times_s, holes, middles),
            average=opened(self.average),
            minimum=opened(self.minimum),
            maximum=opened(self.maximum),
            longest_gap_s=self.longest_gap_s,
            not_watched=self.not_watched,
        )

    def at(self, moment_s: float) -> tuple[float, dict[str, float]] | None:
        """Give the time and values of the sample nearest to a moment, or None in a gap."""
        if self.times_s.size == 0:
            return None
        right = bisect.bisect_left(self.times_s, moment_s)
        near = min(
            (place for place in (right - 1, right) if 0 <= place < self.times_s.size),
            key=lambda place: abs(self.times_s[place] - moment_s),
        )
        if abs(self.times_s[near] - moment_s) > self.longest_gap_s:
            return None
        return float(self.times_s[near]), {
            name: float(values[near]) for name, values in self.average.items()
        }


class LiveTail:
    """The newest samples of one server, at most `span_s` of them, for the live range.

    Lives on the GUI thread. Samples that are not newer than the last one are left out: the feed
    may bring a sample that the history already gave.
    """

    def __init__(self, span_s: float) -> None:
        """Start empty."""
        self._span_s = span_s
        self._times: list[float] = []
        self._samples: list[Mapping[str, float]] = []

    def __len__(self) -> int:
        """Give how many samples there are."""
        return len(self._times)

    def append(self, at_s: float, values: Mapping[str, float]) -> bool:
        """Take one sample and forget those older than the span; say whether it was new."""
        if self._times and at_s <= self._times[-1]:
            return False
        self._times.append(at_s)
        self._samples.append(values)
        first = bisect.bisect_left(self._times, at_s - self._span_s)
        del self._times[:first], self._samples[:first]
        return True

    def fill_before(self, older: GraphSeries) -> None:
        """Put what the history knows in front of what the feed has brought since."""
        first = self._times[0] if self._times else math.inf
        count = int(np.searchsorted(older.times_s, first, side="left"))
        samples: list[Mapping[str, float]] = [
            {
                name: float(values[place])
                for name, values in older.average.items()
                if not math.isnan(values[place])
            }
            for place in range(count)
        ]
        self._times[:0] = [float(at) for at in older.times_s[:count]]
        self._samples[:0] = samples

    def series(
        self,
        metrics: Iterable[str],
        longest_gap_s: float,
        not_watched: tuple[tuple[float, float], ...] = (),
    ) -> GraphSeries:
        """Give the tail as arrays; a metric a sample lacks is nan there."""
        return GraphSeries(
            times_s=np.array(self._times, dtype=np.float64),
            average={
                metric: np.array(
                    [sample.get(metric, math.nan) for sample in self._samples], dtype=np.float64
                )
                for metric in metrics
            },
            longest_gap_s=longest_gap_s,
            not_watched=not_watched,
        )


def stack(lines: Sequence[Values]) -> list[Values]:
    """Give the upper edge of each line laid on those before it; a missing line adds nothing."""
    edges: list[Values] = []
    total: Values | None = None
    for values in lines:
        laid = np.nan_to_num(values, nan=0.0)
        laid = laid if total is None else total + laid
        total = laid
        edges.append(laid)
    if not lines:
        return edges
    nothing = np.all(np.isnan(np.vstack(lines)), axis=0)
    return [np.where(nothing, np.nan, edge) for edge in edges]


def round_top(highest: float, least_top: float, *, binary: bool) -> float:
    """Give the top of the scale: 1, 2 or 5 times a power of ten, or a power of two for bytes.

    Steps instead of the exact value keep the scale still while the values move.
    """
    highest = max(highest, least_top)
    if not math.isfinite(highest) or highest <= 0:
        return 1.0
    if binary:
        return float(2.0 ** math.ceil(math.log2(highest)))
    power = 10.0 ** math.floor(math.log10(highest))
    return next(
        step * power for step in (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0) if step * power >= highest
    )


def value_text(value: float, unit: Unit) -> str:
    """Give a value with its unit as a person reads it; a missing one is a dash, never zero."""
    if not math.isfinite(value):
        return "–"
    if unit in {Unit.BYTES, Unit.BYTES_PER_S}:
        return _bytes_text(value) + ("/s" if unit is Unit.BYTES_PER_S else "")
    digits = f"{value:.2f}" if unit is Unit.NONE else f"{value:.1f}"
    return f"{digits} {unit.value}".rstrip()


def _bytes_text(value: float) -> str:
    place = 0
    while abs(value) >= _KIBI and place < len(_BINARY) - 1:
        value /= _KIBI
        place += 1
    return f"{value:.0f} {_BINARY[place]}" if place == 0 else f"{value:.1f} {_BINARY[place]}"


def csv_cell(text: str) -> str:
    """Give text that a spreadsheet shows and never runs as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def series_csv(series: GraphSeries, zone: tzinfo | None, server: str) -> str:
    """Give the values as CSV: a UTC column, a local one with its offset, a column for each metric.

    Minimum and maximum follow each average where the samples were rolled up. Without a zone the
    local one of this machine is taken, with the offset that held at each sample.
    """
    columns: list[tuple[str, Values]] = []
    for name, values in sorted(series.average.items()):
        columns.append((name, values))
        for word, lines in (("min", series.minimum), ("max", series.maximum)):
            if name in lines:
                columns.append((f"{name} {word}", lines[name]))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [csv_cell(text) for text in ("server", "time UTC", "time local", *(n for n, _ in columns))]
    )
    for place, at_s in enumerate(series.times_s):
        utc = datetime.fromtimestamp(float(at_s), UTC)
        local = utc.astimezone(zone)
        figures = [values[place] for _, values in columns]
        writer.writerow(
            [
                csv_cell(server),
                utc.isoformat(timespec="milliseconds"),
                local.isoformat(timespec="milliseconds"),
                *("" if math.isnan(figure) else f"{figure:.6g}" for figure in figures),
            ]
        )
    return out.getvalue()
