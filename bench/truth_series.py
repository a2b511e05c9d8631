"""Do two who watched the same machine say the same? Pure: readings in, comparisons out.

A reading's figure holds for the time since the reading before it: rates are means over that time,
and of levels it is the newest that is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

WINDOW_S = 60.0
STAMP_SLACK_S = 2.0
"""How late a reading may be stamped on a busy machine; loads change every 5 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one watcher said at one moment of the monotonic clock, by our names of metrics."""

    at_s: float
    values: Mapping[str, float]


class Within(Enum):
    """How near two figures must be."""

    EQUAL = "equal"
    ONE_POINT = "1 point"
    ONE_PERCENT = "1 %"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One metric as we tell it beside one witness: the worst of `count` windows or readings."""

    metric: str
    ours: str
    witness: str
    within: Within
    count: int
    our_mean: float
    their_mean: float
    worst: float
    """The largest difference: in points, in percent, or readings that are not equal."""

    @property
    def holds(self) -> bool:
        """Whether there was something to compare and every comparison was near enough."""
        limit = 0.0 if self.within is Within.EQUAL else 1.0
        return self.count > 0 and self.worst <= limit


def compare(
    metric: str,
    within: Within,
    ours: tuple[str, Sequence[Reading]],
    witness: tuple[str, Sequence[Reading]],
) -> Comparison:
    """Hold our readings against a witness's; each is a name and its readings, in order of time."""
    our_name, our_readings = ours
    their_name, their_readings = witness
    pairs = list(
        _readings_and_brackets(metric, our_readings, their_readings)
        if within is Within.EQUAL
        else _means(metric, our_readings, their_readings)
    )
    differences = [_difference(within, one, other) for one, other in pairs]
    return Comparison(
        metric=metric,
        ours=our_name,
        witness=their_name,
        within=within,
        count=len(pairs),
        our_mean=_mean([one for one, _ in pairs]),
        their_mean=_mean([other for _, other in pairs]),
        worst=sum(differences) if within is Within.EQUAL else max(differences, default=0.0),
    )


def mean_between(
    readings: Sequence[Reading], metric: str, start_s: float, end_s: float
) -> float | None:
    """Give a metric's mean over a time; None unless the readings cover it."""
    whole = covered_s = 0.0
    for before, one in pairwise(readings):
        overlap_s = min(one.at_s, end_s) - max(before.at_s, start_s)
        if overlap_s > 0 and metric in one.values:
            whole += one.values[metric] * overlap_s
            covered_s += overlap_s
    return whole / covered_s if covered_s > 0.99 * (end_s - start_s) else None


def _means(
    metric: str, ours: Sequence[Reading], theirs: Sequence[Reading]
) -> Iterator[tuple[float, float]]:
    """Windows of a minute begin and end at readings of ours, which are the rarer ones."""
    for start_s, end_s in _windows([one.at_s for one in ours]):
        mine = mean_between(ours, metric, start_s, end_s)
        other = mean_between(theirs, metric, start_s, end_s)
        if mine is not None and other is not None:
            yield mine, other


def _windows(times_s: Sequence[float]) -> Iterator[tuple[float, float]]:
    start_s: float | None = None
    for at_s in times_s:
        if start_s is None:
            start_s = at_s
        elif at_s - start_s >= WINDOW_S - 0.5:
            yield start_s, at_s
            start_s = at_s


def _readings_and_brackets(
    metric: str, ours: Sequence[Reading], theirs: Sequence[Reading]
) -> Iterator[tuple[float, float]]:
    """Each reading with the nearest that the witness said just before or after it."""
    for one in ours:
        around = {
            other.values[metric]
            for pair in pairwise(theirs)
            if pair[0].at_s - STAMP_SLACK_S <= one.at_s <= pair[1].at_s + STAMP_SLACK_S
            for other in pair
            if metric in other.values
        }
        if around and metric in one.values:
            mine = one.values[metric]
            yield mine, min(around, key=lambda value: abs(value - mine))


def _difference(within: Within, ours: float, theirs: float) -> float:
    match within:
        case Within.EQUAL:
            return float(round(ours, 2) != round(theirs, 2))
        case Within.ONE_POINT:
            return abs(ours - theirs)
        case Within.ONE_PERCENT:
            return 100.0 * abs(ours - theirs) / max(abs(theirs), 1.0)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
