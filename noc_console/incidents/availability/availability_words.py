"""Availability as people read it: per cents, spans to the second, what is left. Pure."""

from collections.abc import Callable
from math import floor, isinf

from noc_console.incidents.availability.availability import Budget, Measure
from noc_console.incidents.availability.mark_records import Mark
from noc_console.incidents.times import exact_text

NOT_WATCHED = "not watched"


def percent_text(percent: float | None) -> str:
    """Give a share with its digits cut off, never rounded up: 100 % means not one second down."""
    if percent is None:
        return NOT_WATCHED
    if percent == 100.0:
        return "100 %"
    return f"{floor(percent * 10_000) / 10_000:.4f} %"


def target_text(percent: float) -> str:
    """Give a target as it was set."""
    return f"{percent:.6g} %"


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


def recorded_text(recorded: Measure) -> str:
    """Say what the availability would be without the marks that people set."""
    return (
        f"as recorded, without marks: {percent_text(recorded.percent_as_up)} with maintenance as"
        f" up, {percent_text(recorded.percent_as_down)} as down,"
        f" {exact_text(recorded.unscheduled_ms)} down without plan"
    )


def mark_text(mark: Mark) -> str:
    """Say who marked a span as seen wrongly and why, and who took that back."""
    words = f"{mark.reason} (marked by {mark.marked_by})"
    return words if mark.holds else f"{words}, taken back by {mark.taken_back_by}"


def sums_text(measure: Measure) -> str:
    """Say how a range was spent, in one line."""
    return (
        f"up {exact_text(measure.up_ms)}, down by plan {exact_text(measure.scheduled_ms)}, down"
        f" without plan {exact_text(measure.unscheduled_ms)}, not watched"
        f" {exact_text(measure.not_watched_ms)}"
    )
