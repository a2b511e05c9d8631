"""Whether values are far from what is usual at this hour, though below every line. Pure.

Owned by one thread; seconds are those of a monotonic clock.
"""

import math
from collections.abc import Mapping

from noc_console.health.baseline import FOLLOWED, UNUSUAL_MINUTES, Baseline, Usual
from noc_console.health.crossing import Crossing
from noc_console.health.figure_words import figure_words
from noc_console.health.measures import MEASURES
from noc_console.health.verdict import Reason, Verdict

_SMOOTHED_OVER_S = 300.0
"""Figures of the baseline are five-minute averages, so ours must be."""

_GAP_S = 120.0


class Unusual:
    """A server's smoothed values against its baseline."""

    def __init__(self) -> None:
        """Know nothing: without a baseline nothing is unusual."""
        self._baseline: Baseline | None = None
        self._hour = 0
        self._usual: dict[str, Usual] = {}
        self._smoothed: dict[str, tuple[float, float]] = {}
        self._crossed: dict[str, Crossing] = {}

    def use(self, baseline: Baseline | None) -> None:
        """Compare with another baseline from now on."""
        self._baseline = baseline
        self.turn_to(self._hour)

    def turn_to(self, hour: int) -> None:
        """Compare with what is usual at another hour of the week."""
        self._hour = hour
        found = (
            {}
            if self._baseline is None
            else {name: self._baseline.usual(name, hour) for name in FOLLOWED}
        )
        self._usual = {name: one for name, one in found.items() if one is not None}

    def take(self, values: Mapping[str, float], at_s: float) -> None:
        """Take the values of a sample."""
        if not self._usual:
            return
        for name, usual in self._usual.items():
            value = values.get(name)
            if value is None:
                continue
            smooth, after_gap = self._smooth(name, value, at_s)
            is_far = not usual.low <= smooth <= usual.high
            self._crossed.setdefault(name, Crossing()).step(
                1.0 if is_far else 0.0,
                at_s,
                line=1.0,
                leaves_at=0.5,
                past_s=UNUSUAL_MINUTES * 60,
                back_s=UNUSUAL_MINUTES * 60 / 2,
                after_gap=after_gap,
            )

    @property
    def is_crossed(self) -> bool:
        """Whether anything is unusual, as far as it was looked at."""
        return any(one.is_past for one in self._crossed.values())

    def reasons(self, now_s: float) -> list[Reason]:
        """Give what is unusual; the verdict of such a reason is OK: worth a look, no alarm."""
        found: list[Reason] = []
        for name, usual in self._usual.items():
            crossed, smoothed = self._crossed.get(name), self._smoothed.get(name)
            if crossed is None or smoothed is None or not crossed.is_past:
                continue
            if now_s - smoothed[1] <= _GAP_S:
                found.append(
                    Reason(f"unusual:{name}", Verdict.OK, _words(name, smoothed[0], usual))
                )
        return found

    def _smooth(self, name: str, value: float, at_s: float) -> tuple[float, bool]:
        before = self._smoothed.get(name)
        if before is None or not 0 <= at_s - before[1] <= _GAP_S:
            self._smoothed[name] = value, at_s
            return value, before is not None
        share = math.exp(-(at_s - before[1]) / _SMOOTHED_OVER_S)
        smooth = value + (before[0] - value) * share
        self._smoothed[name] = smooth, at_s
        return smooth, False


def _words(name: str, value: float, usual: Usual) -> str:
    measure = MEASURES[name]
    told = figure_words(value, measure)
    low, high = figure_words(usual.low, measure), figure_words(usual.high, measure)
    return f"{measure.title} {told} is unusual for this hour of the week ({low} to {high})"
