"""From readings to a verdict with its reasons. Pure: no I/O, no clock.

Unknown is never OK, and a server nobody reaches is down only when it was reached before, or when
what failed is the server's and not ours (a key we lack, a name we mistyped).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.health.lines import Lines, lines_of
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.telemetry.host import Mount
from noc_console.telemetry.metrics import METRICS, family
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import CheckResult, Combined, Outside, ServiceState

STALE_TICKS = 3
HYSTERESIS = 0.9
"""A line once crossed is left only under this share of it, so that a verdict does not flap."""

MAX_REASONS = 8
CERTIFICATE_EARLY = timedelta(days=14)

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

_WATCHED = (
    "load1",
    "load5",
    "iowait_percent",
    "steal_percent",
    "mem_used_percent",
    "swap_used_percent",
    "pressure_memory_full_percent",
    "pressure_io_full_percent",
)


def judge(
    *,
    sample: Sample | None,
    mounts: Sequence[Mount],
    services: Sequence[ServiceState],
    checks: Sequence[CheckResult],
    link: LinkState,
    failure: Failure | None,
    was_up: bool,
    age_s: float | None,
    tick_s: float,
    before: Judgement | None,
    now: datetime,
) -> Judgement:
    """Give what is known of a server one verdict and the reasons for it, worst first.

    `age_s` is the age of the last sample, `was_up` whether the link ever stood; `before` gives
    hysteresis and since when the verdict holds.
    """
    reasons = list(_of_link(link, failure, was_up, age_s, tick_s))
    if not reasons and sample is not None:
        reasons += _of_sample(sample, before)
        reasons += _of_mounts(mounts, before)
        reasons += _of_services(services)
    reasons += _of_checks(checks, now)
    reasons.sort(key=lambda reason: reason.verdict.urgency)
    verdict = reasons[0].verdict if reasons else Verdict.OK
    same = before is not None and before.verdict is verdict
    return Judgement(
        verdict=verdict,
        since=before.since if before is not None and same else now,
        reasons=tuple(reasons[:MAX_REASONS]),
    )


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


def _of_sample(sample: Sample, before: Judgement | None) -> Iterable[Reason]:
    cores = sample.values.get("cores", 1.0)
    for metric in _WATCHED:
        value = sample.values.get(metric)
        lines = lines_of(metric, cores)
        if value is None or lines is None:
            continue
        title = METRICS[metric].title
        unit = METRICS[metric].unit.value
        where = f" on {cores:.0f} cores" if metric.startswith("load") else ""
        reason = _crossed(metric, title, value, unit, where, lines, before)
        if reason is not None:
            yield reason


def _of_mounts(mounts: Sequence[Mount], before: Judgement | None) -> Iterable[Reason]:
    for mount in mounts:
        for metric, value in (
            ("mount_used_percent", mount.used_percent),
            ("mount_inodes_used_percent", mount.inodes_used_percent),
        ):
            lines = lines_of(metric, 1.0)
            if value is None or lines is None:
                continue
            title = f"{METRICS[family(metric)].title} of {mount.mount}"
            reason = _crossed(f"{metric}:{mount.mount}", title, value, "%", "", lines, before)
            if reason is not None:
                yield reason


def _crossed(
    key: str,
    title: str,
    value: float,
    unit: str,
    where: str,
    lines: Lines,
    before: Judgement | None,
) -> Reason | None:
    for verdict, line, name in (
        (Verdict.CUT_OFF, lines.cut_off, "cut-off"),
        (Verdict.EARLY, lines.early, "early line"),
    ):
        is_near = value >= line * HYSTERESIS
        if is_near and (value >= line or _was_said(key, verdict, before)):
            words = f"{title} {value:.1f}{unit}{where}, {name} {line:g}{unit}"
            return Reason(key, verdict, words)
    return None


def _was_said(key: str, verdict: Verdict, before: Judgement | None) -> bool:
    """Whether the judgement before gave this line, or a worse one, as a reason."""
    return before is not None and any(
        reason.key == key and reason.verdict.urgency <= verdict.urgency for reason in before.reasons
    )


_OF_SERVICE = {
    Combined.DOWN: Verdict.CUT_OFF,
    Combined.RUNNING_NOT_ANSWERING: Verdict.CUT_OFF,
    Combined.ANSWERING_NOT_RUNNING: Verdict.EARLY,
}


def _of_services(services: Sequence[ServiceState]) -> Iterable[Reason]:
    for service in services:
        verdict = _OF_SERVICE.get(service.combined)
        if verdict is not None:
            words = f"{service.name} is {service.combined.value}"
            yield Reason(f"service:{service.name}", verdict, words)


def _of_checks(checks: Sequence[CheckResult], now: datetime) -> Iterable[Reason]:
    for check in checks:
        if not check.service and check.outside in {
            Outside.NO_ANSWER,
            Outside.REFUSED,
            Outside.WRONG_ANSWER,
        }:
            words = f"{check.label}: {check.outside.value}"
            yield Reason(f"check:{check.label}", Verdict.CUT_OFF, words)
        expires_at = check.certificate_expires_at
        if expires_at is None:
            continue
        if expires_at <= now:
            words = f"{check.label}: the certificate has expired"
            yield Reason(f"certificate:{check.label}", Verdict.CUT_OFF, words)
        elif expires_at - now < CERTIFICATE_EARLY:
            days = (expires_at - now).days
            words = f"{check.label}: the certificate expires in {days} days"
            yield Reason(f"certificate:{check.label}", Verdict.EARLY, words)
