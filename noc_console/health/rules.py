"""From readings to a verdict with its reasons. Pure: no I/O, no clock.

Unknown is never OK, and a server nobody reaches is down only when it was reached before, or when
what failed is the server's and not ours (a key we lack, a name we mistyped).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.health.verdict import Danger, Judgement, Reason, Verdict

STALE_TICKS = 3
MAX_REASONS = 24
"""More would fill a row of the store with a server's forty broken mounts."""

_SERVERS_FAULT = {
    FailureKind.UNREACHABLE,
    FailureKind.REFUSED,
    FailureKind.TIMED_OUT,
    FailureKind.NOT_SSH,
    FailureKind.CONNECTION_LOST,
    FailureKind.STOPPED_ANSWERING,
    FailureKind.SHELL_REFUSED,
    FailureKind.OUTPUT_TOO_LONG,
    FailureKind.OUTPUT_NOT_UNDERSTOOD,
}


def judge(
    *,
    inside: Sequence[Reason],
    outside: Sequence[Reason],
    danger: Danger | None,
    link: LinkState,
    failure: Failure | None,
    was_up: bool,
    age_s: float | None,
    tick_s: float,
    before: Judgement | None,
    now: datetime,
) -> Judgement:
    """Give what is known of a server one verdict and the reasons for it, worst first.

    `inside` and `outside` are what its `Watch` found by what it tells and by what its ports
    answer. What it told counts only while it tells: a dead or silent link is one reason, not
    twenty. `age_s` is the age of the last sample, `was_up` whether the link ever stood; `before`
    gives since when the verdict holds.
    """
    reasons = list(_of_link(link, failure, was_up, age_s, tick_s))
    is_told = not reasons
    if is_told:
        reasons += inside
    reasons += outside
    if not reasons and before is not None and _is_calm(before, danger, now):
        return before
    reasons.sort(key=lambda reason: reason.verdict.urgency)
    verdict = reasons[0].verdict if reasons else Verdict.OK
    same = before is not None and before.verdict is verdict
    return Judgement(
        verdict=verdict,
        since=min(before.since, now) if before is not None and same else now,
        reasons=tuple(reasons[:MAX_REASONS]),
        danger=danger if is_told else None,
    )


def _is_calm(before: Judgement, danger: Danger | None, now: datetime) -> bool:
    """Whether a judgement of which nothing is amiss holds still, as it does for most servers."""
    is_ok = before.verdict is Verdict.OK and not before.reasons
    return is_ok and danger is None and before.danger is None and before.since <= now


def verdict_now(
    judgement: Judgement | None,
    last_sample_at: datetime | None,
    tick_s: float,
    now: datetime,
    *,
    is_watched: bool,
) -> Judgement:
    """Give what a desk may say at `now`: a stored verdict is only as good as who watches.

    Without an engine, whatever was OK or worse then is stale now.
    """
    if judgement is None:
        return Judgement(verdict=Verdict.UNKNOWN, since=now, reasons=(_NOT_LOOKED_AT,))
    if is_watched or judgement.verdict is Verdict.UNKNOWN:
        return judgement
    since = last_sample_at + timedelta(seconds=STALE_TICKS * tick_s) if last_sample_at else now
    not_watched = f"not watched; it was {judgement.verdict.value}"
    return Judgement(
        verdict=Verdict.STALE,
        since=min(since, now),
        reasons=(Reason("link", Verdict.STALE, not_watched), *judgement.reasons),
    )


_NOT_LOOKED_AT = Reason("link", Verdict.UNKNOWN, "not looked at yet")


def _of_link(
    link: LinkState,
    failure: Failure | None,
    was_up: bool,
    age_s: float | None,
    tick_s: float,
) -> Iterable[Reason]:
    if link is LinkState.UP:
        if age_s is None:
            yield Reason("link", Verdict.UNKNOWN, "connected, no sample yet")
        elif age_s > STALE_TICKS * tick_s:
            yield Reason("link", Verdict.STALE, f"no sample for {age_s:.0f} s")
        return
    if failure is None:
        yield Reason("link", Verdict.UNKNOWN, f"{link.value}, no sample yet")
        return
    is_down = failure.kind in _SERVERS_FAULT or (was_up and failure.kind is FailureKind.JUMP_FAILED)
    verdict = Verdict.DOWN if is_down else Verdict.UNKNOWN
    yield Reason("link", verdict, failure.sentence)
