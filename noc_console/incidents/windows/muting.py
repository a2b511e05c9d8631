"""What a window does to a verdict: its reasons are kept and raise nothing. Pure: no I/O, no clock.

Shortly before the end, what is still amiss is said aloud; after it nothing is mute any more, and
work that nobody ended is said to overrun. A person may extend it: then it is mute for longer.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.incidents.wall_time import zone_of
from noc_console.incidents.windows.window import Occurrence, Stage

WARN_BEFORE = timedelta(minutes=10)
OVERRUN_TOLD_FOR = timedelta(hours=24)
"""An overrun is told for so long; then the person who forgot to end it is not waited for."""

_BAD = {Verdict.DOWN, Verdict.CUT_OFF}
_OF_A_SERVICE = ("service", "restarts")


def is_near(occurrence: Occurrence, now: datetime) -> bool:
    """Whether an occurrence has something to say of its servers at `now`."""
    return _is_mute(occurrence, now) or _overruns(occurrence, now)


def judge_in_windows(
    plain: Judgement, near: Sequence[Occurrence], before: Judgement | None, now: datetime
) -> Judgement:
    """Give what a judgement becomes by the windows that are near for its server.

    A muted reason keeps its key and words; its verdict is `IN_MAINTENANCE`.
    """
    if not near:
        return plain
    mute = [one for one in near if _is_mute(one, now)]
    is_whole = any(not one.window.services for one in mute)
    keys = {
        f"{kind}:{service}"
        for one in mute
        for service in one.window.services
        for kind in _OF_A_SERVICE
    }
    muted = [one for one in plain.reasons if is_whole or one.key in keys]
    reasons = [one for one in plain.reasons if one not in muted]
    reasons += [Reason(one.key, Verdict.IN_MAINTENANCE, one.words) for one in muted]
    reasons += _of_windows(mute, now)
    reasons += _of_ends(mute, muted, now)
    reasons += _of_overruns(near, now)
    reasons.sort(key=lambda reason: reason.verdict.urgency)
    verdict = reasons[0].verdict if reasons else Verdict.OK
    same = before is not None and before.verdict is verdict
    return Judgement(
        verdict=verdict,
        since=min(before.since, now) if before is not None and same else now,
        reasons=tuple(reasons),
        danger=None if is_whole else plain.danger,
    )


def _is_mute(occurrence: Occurrence, now: datetime) -> bool:
    span = occurrence.muted
    return span is not None and span[0] <= now < span[1]


def _overruns(occurrence: Occurrence, now: datetime) -> bool:
    is_told = now - occurrence.planned_end <= OVERRUN_TOLD_FOR
    return is_told and occurrence.stage(now) is Stage.OVERRUN


def _of_windows(mute: Iterable[Occurrence], now: datetime) -> Iterable[Reason]:
    for one in mute:
        span = one.muted
        if span is None or now >= span[1]:
            continue
        services = ", ".join(one.window.services)
        what = f"{services} in maintenance" if services else "in maintenance"
        verdict = Verdict.OK if services else Verdict.IN_MAINTENANCE
        words = f"{what} until {_clock(one, span[1])}: {one.window.title}"
        yield Reason(f"window:{one.window.id}", verdict, words)


def _of_ends(
    mute: Iterable[Occurrence], muted: Sequence[Reason], now: datetime
) -> Iterable[Reason]:
    """Warn before the end: what is down then is an outage afterwards."""
    for one in mute:
        span = one.muted
        left = (span[1] if span else one.planned_end) - now
        amiss = [reason for reason in muted if reason.verdict in _BAD and _concerns(one, reason)]
        if amiss and left <= WARN_BEFORE:
            minutes = max(1, round(left / timedelta(minutes=1)))
            yield Reason(
                f"window_end:{one.window.id}",
                Verdict.EARLY,
                f"the window {one.window.title} ends in {minutes} min, and still: {amiss[0].words}",
            )


def _concerns(occurrence: Occurrence, reason: Reason) -> bool:
    services = occurrence.window.services
    return not services or reason.key.partition(":")[2] in services


def _of_overruns(near: Iterable[Occurrence], now: datetime) -> Iterable[Reason]:
    for one in near:
        if not _overruns(one, now):
            continue
        key, ends = f"window_overrun:{one.window.id}", _clock(one, one.planned_end)
        unscheduled = "what is down since then is unscheduled"
        if one.run is not None and one.extended_to is not None and now < one.extended_to:
            yield Reason(
                key,
                Verdict.IN_MAINTENANCE,
                f"the window {one.window.title} was to end at {ends} and was extended to"
                f" {_clock(one, one.extended_to)} by {one.run.extended_by}; {unscheduled}",
            )
        else:
            yield Reason(
                key,
                Verdict.EARLY,
                f"the window {one.window.title} was to end at {ends} and nobody has ended it;"
                f" {unscheduled}",
            )


def _clock(occurrence: Occurrence, moment: datetime) -> str:
    return _wall(moment, occurrence.planned_start, occurrence.window.zone)


@lru_cache(maxsize=1024)
def _wall(moment: datetime, start: datetime, zone_name: str) -> str:
    """Give a wall time in the window's own zone; with the date when it is another day's."""
    zone = zone_of(zone_name)
    local = moment.astimezone(zone)
    is_same_day = local.date() == start.astimezone(zone).date()
    return f"{local:%H:%M %Z}" if is_same_day else f"{local:%Y-%m-%d %H:%M %Z}"
