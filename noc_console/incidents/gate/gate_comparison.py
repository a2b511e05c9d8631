"""Before and after a reboot or a restart, compared, and one sentence that says whether all is well.

Pure: no I/O, no clock. What is unknown on either side is never called well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from noc_console.incidents.gate.gate import ActKind, Finding, Snapshot, counted, some_of

BOOT_TIME_WAVERS_S = 30
"""`btime` moves when the clock is set after the boot; a reboot takes longer than that."""

RUNNING = "running"
FAILED = "failed"
UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is as it was and what is not. `is_well` None: something that matters is not known."""

    findings: tuple[Finding, ...]
    is_well: bool | None
    troubles: tuple[str, ...]
    """What is not well, worst first."""
    unknown: tuple[str, ...]


def was_rebooted(before: Snapshot, after: Snapshot) -> bool | None:
    """Whether the server booted between two looks; None when neither side can tell."""
    if before.boot_id and after.boot_id:
        return before.boot_id != after.boot_id
    if before.booted_at_s is not None and after.booted_at_s is not None:
        return after.booted_at_s - before.booted_at_s > BOOT_TIME_WAVERS_S
    if before.uptime_s is not None and after.uptime_s is not None:
        elapsed_s = (after.at - before.at).total_seconds()
        return before.uptime_s + elapsed_s - after.uptime_s > BOOT_TIME_WAVERS_S
    return None


def compare(kind: ActKind, before: Snapshot, after: Snapshot, service: str = "") -> Comparison:
    """Compare two looks at one server; after a restart `service` is what must run."""
    found = [
        _boot(kind, before, after),
        *([_service(service, before, after)] if service else []),
        _services(before, after),
        _set("Mounts", "mount", before.mounts, after.mounts),
        _set("Listening ports", "port", before.ports, after.ports),
        _kernel(before, after),
        _load(before, after),
        _uptime(before, after),
    ]
    findings = tuple(finding for finding, _ in found)
    troubles = tuple(trouble for _, trouble in found if trouble)
    unknown = tuple(
        finding.title.lower()
        for finding in findings
        if finding.is_well is None and finding.title in _MATTERS
    )
    well = False if troubles else (None if unknown else True)
    return Comparison(findings=findings, is_well=well, troubles=troubles, unknown=unknown)


def sentence_of(deed: str, took: str, after: Snapshot, comparison: Comparison) -> str:
    """Say in one sentence whether all is well. `deed` is such as `web1 is back`."""
    head = f"{deed}{f' after {took}' if took else ''}"
    if comparison.troubles:
        return f"{head}, but not all is well: {some_of(comparison.troubles, 4)}."
    if comparison.unknown:
        what = some_of(comparison.unknown)
        if not any(one.is_well for one in comparison.findings):
            return f"{head}, but nothing could be looked at since: {what} are not known."
        return f"{head}; what was looked at is as before, but this is not known: {what}."
    parts = [
        counted(sum(word == RUNNING for word in (after.services or {}).values()), "service"),
        counted(len(after.mounts or ()), "mount"),
        counted(len(after.ports or ()), "port"),
    ]
    load = "" if after.load1 is None else f"; load {after.load1:.2f}"
    return f"{head} and all is well: {', '.join(parts)} as before{load}."


_MATTERS = {"Boot", "Service", "Services", "Mounts", "Listening ports"}
_Found = tuple[Finding, str]


def _boot(kind: ActKind, before: Snapshot, after: Snapshot) -> _Found:
    rebooted = was_rebooted(before, after)
    words = {True: "another boot", False: "the same boot", None: UNKNOWN}[rebooted]
    wanted = kind is ActKind.REBOOT
    trouble = ""
    if rebooted is not None and rebooted is not wanted:
        trouble = "it was not rebooted" if wanted else "the server rebooted meanwhile"
    well = None if rebooted is None else rebooted is wanted
    return Finding(
        title="Boot", before=before.boot_id[:8] or "–", after=words, is_well=well
    ), trouble


def _service(service: str, before: Snapshot, after: Snapshot) -> _Found:
    was, now = (_state_of(service, one) for one in (before, after))
    well = None if now == UNKNOWN else now == RUNNING
    trouble = f"{service} is {now}" if well is False else ""
    return Finding(title="Service", before=was, after=now, is_well=well), trouble


def _state_of(service: str, look: Snapshot) -> str:
    if look.services is None:
        return UNKNOWN
    bare = service.removesuffix(".service")
    found = look.services.get(bare) or look.services.get(f"{bare}.service")
    return found or "stopped"


def _services(before: Snapshot, after: Snapshot) -> _Found:
    if before.services is None or after.services is None:
        return _not_known("Services"), ""
    ran = {name for name, word in before.services.items() if word == RUNNING}
    runs = {name for name, word in after.services.items() if word == RUNNING}
    failed = {
        name
        for name, word in after.services.items()
        if word == FAILED and before.services.get(name) != FAILED
    }
    gone = sorted((ran - runs) | failed)
    finding = Finding(
        title="Services",
        before=f"{len(ran)} running",
        after=_with_new(f"{len(runs)} running", gone, sorted(runs - ran)),
        is_well=not gone,
    )
    verb = "does" if len(gone) == 1 else "do"
    return finding, f"{some_of(gone)} {verb} not run" if gone else ""


def _set(
    title: str, noun: str, before: Sequence[str] | None, after: Sequence[str] | None
) -> _Found:
    if before is None or after is None:
        return _not_known(title), ""
    gone = sorted(set(before) - set(after), key=_as_number)
    new = sorted(set(after) - set(before), key=_as_number)
    finding = Finding(
        title=title,
        before=str(len(set(before))),
        after=_with_new(str(len(set(after))), gone, new),
        is_well=not gone,
    )
    verb = "is" if len(gone) == 1 else "are"
    state = "closed" if noun == "port" else "not mounted"
    prefix = f"{noun}{'' if len(gone) == 1 else 's'} " if noun == "port" else ""
    return finding, f"{prefix}{some_of(gone)} {verb} {state}" if gone else ""


def _as_number(text: str) -> tuple[str, int, str]:
    kind, _, number = text.partition(":")
    return kind, int(number) if number.isdigit() else 0, text


def _with_new(words: str, gone: Sequence[str], new: Sequence[str]) -> str:
    missing = f"; missing: {some_of(gone)}" if gone else ""
    more = f"; new: {some_of(new)}" if new else ""
    return f"{words}{missing}{more}"


def _kernel(before: Snapshot, after: Snapshot) -> _Found:
    same = before.kernel == after.kernel
    words = after.kernel or UNKNOWN
    after_words = words if same or not before.kernel or not after.kernel else f"{words} (another)"
    finding = Finding(
        title="Kernel", before=before.kernel or UNKNOWN, after=after_words, is_well=None
    )
    return finding, ""


def _load(before: Snapshot, after: Snapshot) -> _Found:
    finding = Finding(
        title="Load, 1 min", before=_figure(before.load1), after=_figure(after.load1), is_well=None
    )
    return finding, ""


def _uptime(before: Snapshot, after: Snapshot) -> _Found:
    finding = Finding(
        title="Up for",
        before=span_words(before.uptime_s),
        after=span_words(after.uptime_s),
        is_well=None,
    )
    return finding, ""


def _not_known(title: str) -> Finding:
    return Finding(title=title, before=UNKNOWN, after=UNKNOWN, is_well=None)


def _figure(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.2f}"


def span_words(seconds: float | None) -> str:
    """Give a span in one or two units: `42 s`, `1 min 12 s`, `3 h 05 min`, `8 d 4 h`."""
    if seconds is None:
        return UNKNOWN
    whole = int(max(seconds, 0.0))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 2 * 86400:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def lost_by_reboot(look: Snapshot) -> list[str]:
    """Give in words what a reboot takes away for ever."""
    lost = []
    if look.processes is not None:
        lost.append(counted(look.processes, "running process").replace("processs", "processes"))
    if look.sessions is not None:
        who = f" ({some_of(sorted(set(look.sessions)))})" if look.sessions else ""
        lost.append(f"{counted(len(look.sessions), 'login session')}{who}")
    if look.uptime_s is not None:
        lost.append(f"its memory of {span_words(look.uptime_s)} of running")
    return lost
