"""Availability as people read it: per cents, spans to the second, what is left. Pure."""

from collections.abc import Callable
from datetime import datetime
from math import floor, isinf

from noc_console.incidents.availability import Budget, Measure
from noc_console.incidents.window import Occurrence, Stage

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
NOT_WATCHED = "not watched"


def percent_text(percent: float | None, places: int = 4) -> str:
    """Give a share with its digits cut off, never rounded up: 100 % means not one second down."""
    if percent is None:
        return NOT_WATCHED
    if percent == 100.0:
        return "100 %"
    scale = 10**places
    return f"{floor(percent * scale) / scale:.{places}f} %"


def target_text(percent: float) -> str:
    """Give a target as it was set."""
    return f"{percent:.6g} %"


def exact_text(milliseconds: float) -> str:
    """Give a span to the second in all its units: `8 h 45 min 36 s`."""
    left = round(abs(milliseconds) / 1000)
    sign = "-" if milliseconds < 0 and left else ""
    parts = []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return sign + (" ".join(parts) or "0 s")


def short_text(milliseconds: float) -> str:
    """Give a span in its two largest units, for a table; `exact_text` has all."""
    return " ".join(exact_text(milliseconds).split(" ")[:4])


def mean_text(milliseconds: float | None, told: Callable[[float], str] = exact_text) -> str:
    """Give a mean time; a dash where nothing failed."""
    return "–" if milliseconds is None else told(milliseconds)


def left_text(budget: Budget, told: Callable[[float], str] = exact_text) -> str:
    """Say what is left of a budget, or by how much it is overdrawn."""
    if budget.left_ms < 0:
        return f"{told(-budget.left_ms)} over"
    return f"{told(budget.left_ms)} left"


def burn_text(budget: Budget) -> str:
    """Give the burn rate: `0.4 x`."""
    rate = budget.burn_rate
    if rate is None:
        return "–"
    return "∞" if isinf(rate) else f"{rate:.1f} x"


def sums_text(measure: Measure) -> str:
    """Say how a range was spent, in one line."""
    return (
        f"up {exact_text(measure.up_ms)}, down by plan {exact_text(measure.scheduled_ms)}, down"
        f" without plan {exact_text(measure.unscheduled_ms)}, not watched"
        f" {exact_text(measure.not_watched_ms)}"
    )


def overrun_ms(occurrence: Occurrence, now: datetime) -> int:
    """Give how long after its planned end an occurrence went on, as a person recorded it."""
    ended_at = occurrence.run.ended_at if occurrence.run else None
    if occurrence.stage(now) is Stage.OVERRUN:
        ended_at = now
    if ended_at is None or ended_at <= occurrence.planned_end:
        return 0
    return round((ended_at - occurrence.planned_end).total_seconds() * 1000)
