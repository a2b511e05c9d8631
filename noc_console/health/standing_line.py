"""One value against its lines over time: crossed or not, and when it will reach its cut-off. Pure.

Owned by one thread; seconds are those of a monotonic clock.
"""

from dataclasses import dataclass, field

from noc_console.health.crossing import Crossing
from noc_console.health.lines import Lines
from noc_console.health.measures import Measure, Pace
from noc_console.health.slope import TimeTo
from noc_console.health.trend import Trend
from noc_console.health.verdict import Verdict

FOLLOW_FROM = 0.6
"""Share of the early line from which a value that is forecast is followed."""

FOLLOW_FORECAST_FROM = 0.9
"""The same of the value from which its forecast counts, where there is one."""

SHOWN_AT_LEAST_S = 3600.0
_CONFIRM_S = 3.0
"""A forecast made from one reading only is no forecast yet."""

_HEADS_FOR = 0.8
"""What drives a load must come so near to the cut-off that the load could."""

_SLOW_GAP_S = 400.0
_SHORT_GAP_S = 15.0
"""However quick the tick: a console that is short of breath must not forget a climb for it."""
_SLOPE_EVERY_S = 5.0
_SLOPE_AGAIN_EVERY_S = 15.0
"""Once it is known that it climbs, the date need not be worked out so often."""


@dataclass(frozen=True, slots=True)
class Line:
    """The lines of one key as they are on one server, made ready: values that fall are negated."""

    key: str
    measure: Measure
    lines: Lines
    sign: float
    follow_from: float
    gap_s: float
    kept_s: float

    @classmethod
    def of(cls, key: str, measure: Measure, lines: Lines, tick_s: float) -> "Line":
        """Make lines ready for a server that is read each `tick_s`."""
        gap_s = {
            Pace.TICK: max(_SHORT_GAP_S, 3 * tick_s) + 3.0,
            Pace.SIXTH_TICK: 8 * tick_s + 3.0,
            Pace.SLOW: max(_SLOW_GAP_S, 3 * tick_s),
        }[measure.pace]
        slow = measure.pace is Pace.SLOW
        return cls(
            key=key,
            measure=measure,
            lines=lines,
            sign=-1.0 if lines.below else 1.0,
            follow_from=_follow_from(lines),
            gap_s=gap_s,
            # a disk that was full is not empty because `df` hangs: it was read so long ago
            kept_s=float("inf") if slow else gap_s,
        )

    def leaves_at(self, line: float) -> float:
        """Give the value, negated where it falls, under which a crossed line is left."""
        if self.lines.below:
            return -line / self.lines.hysteresis
        return line * self.lines.hysteresis


@dataclass(slots=True)
class StandingLine:
    """Where one value stands now."""

    line: Line
    value: float = 0.0
    at_s: float = float("-inf")
    early: Crossing = field(default_factory=Crossing)
    cut_off: Crossing = field(default_factory=Crossing)
    forecast: Crossing = field(default_factory=Crossing)
    trend: Trend = field(default_factory=Trend)
    time_to: TimeTo | None = None
    """Until the cut-off, counted from `sloped_s`."""
    sloped_s: float = float("-inf")

    def take(self, value: float, at_s: float) -> None:
        """Take a value read at `at_s`."""
        line, lines = self.line, self.line.lines
        after_gap = not 0 <= at_s - self.at_s <= line.gap_s
        self.value, self.at_s = value, at_s
        risen = value * line.sign
        for crossing, level, minutes in (
            (self.early, lines.early, lines.early_minutes),
            (self.cut_off, lines.cut_off, lines.cut_off_minutes),
        ):
            if level is not None:
                crossing.step(
                    risen,
                    at_s,
                    line=level * line.sign,
                    leaves_at=line.leaves_at(level),
                    past_s=minutes * 60,
                    back_s=lines.clear_minutes * 60 if minutes else 0.0,
                    after_gap=after_gap,
                )
        if self.cut_off.is_past and lines.early is not None:
            self.early.is_past = True  # on its way back it is early, whatever the minutes were
        if lines.cut_off is not None and lines.forecast_minutes:
            self._look_ahead(risen, lines.cut_off * line.sign, at_s, after_gap=after_gap)

    def _look_ahead(self, risen: float, level: float, at_s: float, *, after_gap: bool) -> None:
        lines = self.line.lines
        self.trend.add(at_s, risen, self.line.gap_s)
        forecast_s = lines.forecast_minutes * 60
        every_s = _SLOPE_AGAIN_EVERY_S if self.forecast.is_past else _SLOPE_EVERY_S
        if after_gap or not 0 <= at_s - self.sloped_s < every_s:
            self.time_to = self.trend.time_to(level, max(4 * forecast_s, SHOWN_AT_LEAST_S))
            self.sloped_s = at_s
        begins = lines.early if lines.forecast_from is None else lines.forecast_from
        is_near = self.time_to is not None and is_within(self.time_to, forecast_s)
        smoothed_s = self.line.measure.smoothed_s
        if is_near and smoothed_s and not self.forecast.is_past:
            is_near = self.trend.heading(smoothed_s) >= level * _HEADS_FOR
        begun = begins is not None and risen >= begins * self.line.sign
        self.forecast.step(
            1.0 if is_near and begun else 0.0,
            at_s,
            line=1.0,
            leaves_at=0.5,
            past_s=_CONFIRM_S,
            back_s=lines.clear_minutes * 60,
            after_gap=after_gap,
        )

    def verdict(self, now_s: float) -> Verdict:
        """Give what the value means now; OK where it is too old to mean anything."""
        if now_s - self.at_s > self.line.kept_s:
            return Verdict.OK
        if self.cut_off.is_past:
            return Verdict.CUT_OFF
        return Verdict.EARLY if self.early.is_past or self.forecast.is_past else Verdict.OK

    def left(self, now_s: float) -> TimeTo | None:
        """Give the time to the cut-off from now on; None where there is no date.

        A value that is past it already, but not yet for as long as it must be, is nearest of all.
        """
        if self.cut_off.is_past or now_s - self.at_s > self.line.gap_s:
            return None
        lines, since_s = self.line.lines, self.cut_off.past_since_s
        if since_s is not None and lines.forecast_minutes:
            return TimeTo(0.0, max(0.0, lines.cut_off_minutes * 60 - (now_s - since_s)))
        if self.time_to is None:
            return None
        passed_s = max(0.0, now_s - self.sloped_s)
        latest_s = self.time_to.latest_s
        return TimeTo(
            max(0.0, self.time_to.earliest_s - passed_s),
            None if latest_s is None else max(0.0, latest_s - passed_s),
        )

    @property
    def is_idle(self) -> bool:
        """Whether nothing is crossed or on the way, so that it need not be followed further."""
        risen = self.value * self.line.sign
        return risen < self.line.follow_from and not (
            self.early.is_past or self.cut_off.is_past or self.forecast.is_past
        )


def is_within(time_to: TimeTo, span_s: float) -> bool:
    """Whether a date is near enough, and sure enough, to warn of it."""
    latest_s = time_to.latest_s
    return time_to.earliest_s <= span_s and latest_s is not None and latest_s <= 2 * span_s


def _follow_from(lines: Lines) -> float:
    told = [(one, lines.hysteresis) for one in (lines.early, lines.cut_off) if one is not None]
    if lines.forecast_minutes and lines.forecast_from is not None:
        told.append((lines.forecast_from, FOLLOW_FORECAST_FROM))
    elif lines.forecast_minutes and lines.early is not None:
        told.append((lines.early, FOLLOW_FROM))
    if lines.below:
        return min((-one / share for one, share in told), default=float("inf"))
    return min((one * share for one, share in told), default=float("inf"))
