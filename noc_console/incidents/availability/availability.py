"""How long something was up, down by plan, down without plan, and not watched. Pure: no clock.

All in whole milliseconds, so that sums are exact. What is not watched leaves the denominator: it is
neither up nor down. Where both are claimed, down is believed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from noc_console.incidents.availability.spans import (
    Span,
    Spans,
    clip,
    groups_between,
    intersect,
    subtract,
    total,
    union,
)

FORMULAS = (
    (
        "Availability, maintenance counted as up:"
        " (up + scheduled down) / (up + scheduled down + unscheduled down)."
    ),
    "Availability, maintenance counted as down: up / (up + scheduled down + unscheduled down).",
    "What was not watched is in neither sum.",
    (
        "What a person marked as seen wrongly counts as not watched. Each mark stands in the report"
        " with its reason, and the sums as they were recorded stand beside."
    ),
    (
        "Scheduled is what lies within a window that was entered before it began, up to its planned"
        " end or its recorded end when that came earlier; an overrun is unscheduled."
    ),
    (
        "Budget: the length of the range times (100 % - target); unscheduled down time is taken"
        " from it. Burn rate: used / (watched time times (100 % - target));"
        " above 1 it runs out early."
    ),
    (
        "Mean time between failures: up time / outages. Mean time to repair: unscheduled down"
        " time / outages. An outage lasts until it is seen up, also through"
        " time that was not watched."
    ),
    (
        "A group, or all servers: the times of its servers added up. A customer: down while any"
        " server that carries a site of theirs is down, up while all of them are."
    ),
)
"""The rules, printed with each report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The time of a range, cut up: sorted spans that do not overlap. The rest is not watched."""

    start_ms: int
    end_ms: int
    up: Spans
    scheduled: Spans
    unscheduled: Spans


@dataclass(frozen=True, slots=True)
class Outage:
    """Unscheduled down time without up time between, from its first to its last moment."""

    start_ms: int
    end_ms: int
    down_ms: int
    """How long of it was seen down and unscheduled."""
    is_open: bool
    """Whether it still went on at the end of the range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a range comes to, in milliseconds."""

    up_ms: int
    scheduled_ms: int
    unscheduled_ms: int
    not_watched_ms: int
    outages: int

    @property
    def watched_ms(self) -> int:
        """The denominator."""
        return self.up_ms + self.scheduled_ms + self.unscheduled_ms

    @property
    def percent_as_up(self) -> float | None:
        """Availability with maintenance counted as up; None when nothing was watched."""
        return _percent(self.up_ms + self.scheduled_ms, self.watched_ms)

    @property
    def percent_as_down(self) -> float | None:
        """Availability with maintenance counted as down; None when nothing was watched."""
        return _percent(self.up_ms, self.watched_ms)

    @property
    def between_failures_ms(self) -> float | None:
        """Mean time between failures; None without a failure."""
        return self.up_ms / self.outages if self.outages else None

    @property
    def to_repair_ms(self) -> float | None:
        """Mean time to repair; None without a failure."""
        return self.unscheduled_ms / self.outages if self.outages else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a target allows in a whole range, and what of it is used."""

    target_percent: float
    allowed_ms: int
    used_ms: int
    burn_rate: float | None
    """How many times quicker than allowed it is used; None while nothing was watched."""

    @property
    def left_ms(self) -> int:
        """What is left; negative when the target is missed."""
        return self.allowed_ms - self.used_ms


def cut_up(
    start_ms: int,
    end_ms: int,
    *,
    up: Iterable[Span],
    down: Iterable[Span],
    watched: Sequence[Span],
    booked: Iterable[Span],
) -> Parts:
    """Cut [start, end) into up, scheduled and unscheduled down; spans may come in any order.

    `watched` (sorted, apart) is when an engine watched at all, `booked` the windows' spans.
    """
    is_down = intersect(clip(down, start_ms, end_ms), watched)
    is_up = subtract(intersect(clip(up, start_ms, end_ms), watched), is_down)
    planned = union(booked) if is_down else []
    return Parts(
        start_ms=start_ms,
        end_ms=end_ms,
        up=is_up,
        scheduled=intersect(is_down, planned),
        unscheduled=subtract(is_down, planned),
    )


def any_down(parts: Sequence[Parts]) -> Parts:
    """Give several things that are needed together as one: down while any of them is down.

    It is up while all of them are; while one is not watched and none is down, it is not watched.
    """
    unscheduled = union(span for one in parts for span in one.unscheduled)
    scheduled = subtract(union(span for one in parts for span in one.scheduled), unscheduled)
    is_up = parts[0].up
    for one in parts[1:]:
        is_up = intersect(is_up, one.up)
    return Parts(
        start_ms=parts[0].start_ms,
        end_ms=parts[0].end_ms,
        up=is_up,
        scheduled=scheduled,
        unscheduled=unscheduled,
    )


def outages_of(parts: Parts) -> list[Outage]:
    """Give the unscheduled outages, in order."""
    return [
        Outage(
            start_ms=group[0][0],
            end_ms=group[-1][1],
            down_ms=total(group),
            is_open=group[-1][1] == parts.end_ms,
        )
        for group in groups_between(parts.unscheduled, parts.up)
    ]


def measure(parts: Parts) -> Measure:
    """Add up what a range was cut into."""
    up_ms, scheduled_ms = total(parts.up), total(parts.scheduled)
    unscheduled_ms = total(parts.unscheduled)
    return Measure(
        up_ms=up_ms,
        scheduled_ms=scheduled_ms,
        unscheduled_ms=unscheduled_ms,
        not_watched_ms=parts.end_ms - parts.start_ms - up_ms - scheduled_ms - unscheduled_ms,
        outages=len(groups_between(parts.unscheduled, parts.up)) if unscheduled_ms else 0,
    )


def pool(measures: Iterable[Measure]) -> Measure:
    """Add up the times of several things that do not depend on one another."""
    some = list(measures)
    return Measure(
        up_ms=sum(one.up_ms for one in some),
        scheduled_ms=sum(one.scheduled_ms for one in some),
        unscheduled_ms=sum(one.unscheduled_ms for one in some),
        not_watched_ms=sum(one.not_watched_ms for one in some),
        outages=sum(one.outages for one in some),
    )


def budget(of: Measure, target_percent: float, range_ms: int) -> Budget:
    """Give what a target allows in a whole range of `range_ms`, future part included."""
    share = (100.0 - target_percent) / 100.0
    fair_ms = of.watched_ms * share
    burn_rate = None if not of.watched_ms else _rate(of.unscheduled_ms, fair_ms)
    return Budget(
        target_percent=target_percent,
        allowed_ms=round(range_ms * share),
        used_ms=of.unscheduled_ms,
        burn_rate=burn_rate,
    )


def _rate(used_ms: int, fair_ms: float) -> float:
    if fair_ms > 0:
        return used_ms / fair_ms
    return float("inf") if used_ms else 0.0


def _percent(part_ms: int, whole_ms: int) -> float | None:
    return 100.0 * part_ms / whole_ms if whole_ms else None
