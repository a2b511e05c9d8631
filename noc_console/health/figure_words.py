"""Figures and spans of time in words, as reasons say them. Pure: no I/O, no clock."""

from datetime import datetime

from noc_console.health.measures import Measure
from noc_console.health.verdict import Danger

MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0
_BYTES = (("G", 1e9), ("M", 1e6), ("k", 1e3))
_SCALES = ((2 * HOUR_S, MINUTE_S, "min"), (2 * DAY_S, HOUR_S, "h"), (float("inf"), DAY_S, "d"))


def figure_words(value: float, measure: Measure) -> str:
    """Give a value with its unit: `3.1`, `86.0%`, `12.4 MB/s`, `4 in 30 min`."""
    unit = measure.unit
    if unit.strip().startswith("B"):
        letter, size = next(((one, size) for one, size in _BYTES if abs(value) >= size), ("", 1.0))
        return f"{value / size:.1f} {letter}{unit.strip()}"
    return f"{value:.{measure.places}f}{unit}"


def line_words(line: float, measure: Measure) -> str:
    """Give a line as a person would write it: without places that say nothing."""
    if measure.unit.strip().startswith("B"):
        return figure_words(line, measure)
    return f"{line:g}{measure.unit}"


def span_words(earliest_s: float, latest_s: float | None) -> str:
    """Give a span of time to come: `6-9 min`, `2 h or later`, `under 1 min`."""
    end_s = earliest_s if latest_s is None else latest_s
    size, unit = next((size, unit) for until_s, size, unit in _SCALES if end_s < until_s)
    low = int(earliest_s // size)
    if latest_s is None:
        return f"{low} {unit} or later" if low else f"1 {unit} or later"
    high = max(1, int(-(-latest_s // size)))
    if not low and high == 1:
        return f"under 1 {unit}"
    return f"{low}-{high} {unit}" if low < high else f"{low} {unit}"


def danger_words(danger: Danger, now: datetime) -> str:
    """Give how long it is from `now` on until the cut-off: `6-9 min`."""
    passed_s = max(0.0, (now - danger.at).total_seconds())
    latest_s = danger.latest_s
    return span_words(
        max(0.0, danger.earliest_s - passed_s),
        None if latest_s is None else max(0.0, latest_s - passed_s),
    )


def danger_left_s(danger: Danger, now: datetime) -> float:
    """Give the seconds from `now` on until the cut-off at the earliest; never below zero."""
    return max(0.0, danger.earliest_s - max(0.0, (now - danger.at).total_seconds()))
