"""The rows of the table of lines: value, lines, whose they are. Pure: no Qt, no I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noc_console.fleet.inert import inert
from noc_console.health.figure_words import figure_words, line_words
from noc_console.health.line_book import LineSet, Rule, keys_in_order
from noc_console.health.line_words import NONE, cut_off_words, early_words, forecast_words
from noc_console.health.lines import Lines
from noc_console.health.measures import INODES_USED, MOUNT_USED, Measure, measure_of
from noc_console.health.verdict import Judgement, Verdict
from noc_console.telemetry.host import Mount
from noc_console.telemetry.metrics import family

_TOLD_AS = {
    "service": "service_down_minutes",
    "check": "check_failing_minutes",
    "certificate": "certificate_days",
    "restarts": "service_restarts",
    "oom": "oom_kills_seen",
    "reboot": "reboots_seen",
}
"""Reasons that are called otherwise than the lines they come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One value with its lines, in words, and what its worst reason says."""

    key: str
    title: str
    now: str
    early: str
    cut_off: str
    forecast: str
    source: str
    verdict: Verdict
    is_chosen: bool
    """Whether a person chose them, so that they can be taken back."""


def line_rows(
    lines: LineSet,
    values: Mapping[str, float],
    mounts: Sequence[Mount],
    judgement: Judgement | None,
) -> tuple[LineRow, ...]:
    """Give a row for each value that has lines: what is past one first, else as in the profile."""
    worst = _worst_by_key(judgement, lines)
    rows = [
        _row(lines.rules[key], measure, values, mounts, worst.get(key, Verdict.OK))
        for key in keys_in_order(lines.rules)
        if (measure := measure_of(key)) is not None
    ]
    return tuple(sorted(rows, key=lambda row: row.verdict.urgency))


def _row(
    rule: Rule,
    measure: Measure,
    values: Mapping[str, float],
    mounts: Sequence[Mount],
    verdict: Verdict,
) -> LineRow:
    _, _, thing = rule.key.partition(":")
    value = values.get(rule.key, _fill(rule.key, mounts))
    is_off = rule.lines.is_silent
    cores = values.get("cores")
    return LineRow(
        key=rule.key,
        title=f"{measure.title} of {inert(thing)}" if thing else measure.title,
        now=NONE if value is None else figure_words(value, measure),
        early="never"
        if is_off
        else _here(early_words(rule.lines, measure), rule.lines, "early", cores),
        cut_off="never"
        if is_off
        else _here(cut_off_words(rule.lines, measure), rule.lines, "cut_off", cores),
        forecast=forecast_words(rule.lines),
        source=inert(rule.source),
        verdict=verdict,
        is_chosen=rule.owner is not None,
    )


def _here(words: str, lines: Lines, which: str, cores: float | None) -> str:
    """Put what a line per core is on this server before it."""
    line: float | None = getattr(lines, which)
    measure = measure_of("load1")
    if not lines.per_core or line is None or not cores or measure is None:
        return words
    return f"{line_words(line * cores, measure)} ({words})"


def _fill(key: str, mounts: Sequence[Mount]) -> float | None:
    """Give the fill a key is about: of one file system, or of the fullest."""
    name, _, thing = key.partition(":")
    if name not in {MOUNT_USED, INODES_USED}:
        return None
    fills = [
        mount.used_percent if name == MOUNT_USED else mount.inodes_used_percent
        for mount in mounts
        if thing in {"", mount.mount}
    ]
    return max((fill for fill in fills if fill is not None), default=None)


def _worst_by_key(judgement: Judgement | None, lines: LineSet) -> dict[str, Verdict]:
    worst: dict[str, Verdict] = {}
    for reason in judgement.reasons if judgement is not None else ():
        name, _, thing = reason.key.partition(":")
        key = _TOLD_AS.get(name, name) + (f":{thing}" if thing else "")
        rule_key = key if key in lines.rules else family(key)
        before = worst.get(rule_key, Verdict.OK)
        worst[rule_key] = min(before, reason.verdict, key=lambda one: one.urgency)
    return worst
