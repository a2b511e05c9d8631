"""Reasons and dangers from values that stand against their lines. Pure: no I/O, no clock."""

from collections.abc import Iterable
from datetime import datetime

from noc_console.health.figure_words import figure_words, line_words, span_words
from noc_console.health.measures import CHECK_FAILING, SERVICE_DOWN, Measure
from noc_console.health.slope import TimeTo
from noc_console.health.standing_line import Line, StandingLine
from noc_console.health.verdict import Danger, Reason, Verdict

_TOLD_AS = {SERVICE_DOWN: "service", CHECK_FAILING: "check"}


def reason_of(
    one: StandingLine,
    verdict: Verdict,
    cores: float,
    now_s: float,
    unwell: tuple[Verdict, str] | None,
) -> Reason:
    """Give the reason for a verdict; of a service or a check the words of its last look."""
    key = one.line.key
    name, _, thing = key.partition(":")
    if unwell is not None:
        worst = max(verdict, unwell[0], key=lambda told: told.urgency)
        return Reason(f"{_TOLD_AS[name]}:{thing}", worst, unwell[1])
    return Reason(key, verdict, _words(one, verdict, cores, now_s))


def counted_reason(told_as: str, line: Line, count: float) -> Reason | None:
    """Give the reason for something counted; None below its lines."""
    lines, (_, _, thing) = line.lines, told_as.partition(":")
    for verdict, level in ((Verdict.CUT_OFF, lines.cut_off), (Verdict.EARLY, lines.early)):
        if level is not None and count >= level:
            what = f"{thing} was restarted" if thing else line.measure.title
            return Reason(told_as, verdict, f"{what}: {figure_words(count, line.measure)}")
    return None


def outlook_reason(key: str, measure: Measure, time_to: TimeTo, passed_s: float) -> Reason:
    """Give the reason for a file system that will be full soon though it is not full yet."""
    latest_s = time_to.latest_s
    left = span_words(
        max(0.0, time_to.earliest_s - passed_s),
        None if latest_s is None else max(0.0, latest_s - passed_s),
    )
    return Reason(key, Verdict.EARLY, f"{_title(key, measure)}: cut-off in {left} by its history")


def dangers_of(standing: Iterable[StandingLine], now_s: float, now: datetime) -> list[Danger]:
    """Give the date of each value that has one."""
    return [
        Danger(one.line.key, left.earliest_s, left.latest_s, now)
        for one in standing
        if (left := one.left(now_s)) is not None
    ]


def _words(one: StandingLine, verdict: Verdict, cores: float, now_s: float) -> str:
    line, measure = one.line, one.line.measure
    where = f" on {cores:.0f} cores" if line.key.startswith("load") and cores else ""
    told = f"{_title(line.key, measure)} {figure_words(one.value, measure)}{where}"
    if now_s - one.at_s > line.gap_s:
        told = f"{told} (read {(now_s - one.at_s) / 60:.0f} min ago)"
    lines = line.lines
    if verdict is Verdict.CUT_OFF and lines.cut_off is not None:
        return f"{told}, {_was(one, lines.cut_off)}cut-off {line_words(lines.cut_off, measure)}"
    if one.early.is_past and lines.early is not None:
        was = _was(one, lines.early)
        told = f"{told}, {was}early line {line_words(lines.early, measure)}"
    left = one.left(now_s)
    if lines.cut_off is None or (left is None and one.early.is_past):
        return told
    if one.cut_off.past_since_s is not None and not _was(one, lines.cut_off):
        least = f"less than {lines.cut_off_minutes:g} min"
        return f"{told}, past the cut-off {line_words(lines.cut_off, measure)} for {least}"
    if left is None:
        return f"{told}, climbed towards the cut-off {line_words(lines.cut_off, measure)}"
    reached = span_words(left.earliest_s, left.latest_s)
    return f"{told}, cut-off {line_words(lines.cut_off, measure)} in {reached}"


def _was(one: StandingLine, level: float) -> str:
    """Say that a value is back from a line, though not yet for long enough to be well."""
    is_back = one.value * one.line.sign < level * one.line.sign
    return "a moment ago past the " if is_back else ""


def _title(key: str, measure: Measure) -> str:
    _, _, thing = key.partition(":")
    return f"{measure.title} of {thing}" if thing else measure.title
