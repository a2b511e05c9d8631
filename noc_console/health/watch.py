"""One server's values against its lines, from reading to reading. Pure but for what it remembers.

Owned by one thread. Seconds (`at_s`, `now_s`) are those of a monotonic clock, so that setting the
console's clock judges nobody; instants are wall time and only come into words and dates.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from math import inf
from operator import ge, itemgetter

from noc_console.health.counted import (
    OOM_WINDOW_S,
    REBOOT_WINDOW_S,
    RESTART_WINDOW_S,
    Counted,
    has_rebooted,
)
from noc_console.health.line_book import LineSet
from noc_console.health.measures import (
    CERTIFICATE,
    CHECK_FAILING,
    CHECK_LATENCY,
    CLOCK_OFFSET,
    INODES_USED,
    MOUNT_USED,
    OOM_KILLS,
    REBOOTS,
    RESTARTS,
    SERVICE_DOWN,
    Pace,
    measure_of,
)
from noc_console.health.outlook import Outlook
from noc_console.health.standing_line import Line, StandingLine, is_within
from noc_console.health.unusual import Unusual
from noc_console.health.verdict import Danger, Reason, Verdict
from noc_console.health.watch_words import (
    counted_reason,
    dangers_of,
    outlook_reason,
    reason_of,
)
from noc_console.telemetry.arrays import ARRAY_LOST
from noc_console.telemetry.host import Mount
from noc_console.telemetry.metrics import family
from noc_console.telemetry.service import CheckResult, Combined, Outside, ServiceState

_UNWELL = {
    Combined.DOWN: Verdict.CUT_OFF,
    Combined.RUNNING_NOT_ANSWERING: Verdict.CUT_OFF,
    Combined.ANSWERING_NOT_RUNNING: Verdict.EARLY,
}
_SILENT = {Outside.NO_ANSWER, Outside.REFUSED, Outside.WRONG_ANSWER}
_ALONE = {MOUNT_USED, INODES_USED, ARRAY_LOST, CHECK_LATENCY, CLOCK_OFFSET, "link_latency_ms"}
"""Taken by themselves, so a sample of the whole server does not hold them."""

_DERIVED = {OOM_KILLS, REBOOTS, RESTARTS, SERVICE_DOWN, CHECK_FAILING, CERTIFICATE}
"""Counted or worked out here: no sample holds them."""

_OUTSIDE = {CHECK_FAILING, CHECK_LATENCY}


_line_of = lru_cache(4096)(Line.of)
"""Most servers have the same lines, and so the same objects: of a thousand that is megabytes."""

_Told = Callable[[Mapping[str, float]], tuple[float, ...]]


def _told_of(keys: Sequence[str], *, has_below: bool) -> _Told:
    """Give what picks these values; it raises KeyError where one is missing, or cannot tell."""
    if len(keys) < 2 or has_below:

        def unknown(values: Mapping[str, float]) -> tuple[float, ...]:
            raise KeyError(len(values))

        return unknown
    return itemgetter(*keys)


class Watch:
    """What is known of one server's values, and what of it is past a line."""

    def __init__(self, lines: LineSet, tick_s: float) -> None:
        """Begin with nothing known."""
        self.lines = lines
        self._tick_s = tick_s
        self._cores = 0.0
        self._ready: dict[str, Line | None] = {}
        self._above: tuple[tuple[str, float], ...] = ()
        self._below: tuple[tuple[str, float], ...] = ()
        self._seldom: tuple[tuple[str, float], ...] = ()
        self._followed: frozenset[str] = frozenset()
        self._limits: tuple[float, ...] = ()
        self._told_each_tick = _told_of([], has_below=True)
        self._standing: dict[str, StandingLine] = {}
        self._unwell_since: dict[str, float] = {}
        self._unwell: dict[str, tuple[Verdict, str]] = {}
        self._oom = Counted(OOM_WINDOW_S)
        self._reboots = Counted(REBOOT_WINDOW_S)
        self._restarts: dict[str, Counted] = {}
        self._uptime: tuple[float, float] | None = None
        self._reboot_known_until_s = -inf
        self._certificates: dict[str, datetime] = {}
        self._outlook: Outlook | None = None
        self.unusual = Unusual()
        self._sort_out()

    def use(self, lines: LineSet, tick_s: float) -> None:
        """Judge by other lines from now on; what stands against lines that stay is kept."""
        if lines == self.lines and tick_s == self._tick_s:
            return
        before = {key: one.line for key, one in self._standing.items()}
        self.lines, self._tick_s = lines, tick_s
        self._ready.clear()
        self._sort_out()
        for key, line in before.items():
            if self._line(key) != line:
                del self._standing[key]

    def take_values(self, values: Mapping[str, float], at_s: float) -> None:
        """Take the values of a sample, or of a slow reading."""
        cores = values.get("cores", self._cores)
        if cores != self._cores:
            self._cores = cores
            self._ready.clear()
            self._sort_out()
        if not self._is_calm(values):
            self._follow(values, at_s)
        elif self._standing:
            self._follow_standing(values, at_s)
        kills = values.get("oom_kills")
        if kills is not None:
            self._oom.take(kills, at_s)
        self._take_uptime(values.get("uptime_s"), at_s)
        self.unusual.take(values, at_s)

    def take_value(self, key: str, value: float, at_s: float) -> None:
        """Take one value by itself."""
        line = self._line(key)
        if line is not None and (value * line.sign >= line.follow_from or key in self._standing):
            self._stand(key, value, at_s)

    def take_mounts(self, mounts: Sequence[Mount], at_s: float) -> None:
        """Take all file systems as they are now; one that is gone is forgotten."""
        there: set[str] = set()
        for mount in mounts:
            for name, value in (
                (MOUNT_USED, mount.used_percent),
                (INODES_USED, mount.inodes_used_percent),
            ):
                if value is not None:
                    key = f"{name}:{mount.mount}"
                    there.add(key)
                    self.take_value(key, value, at_s)
        self._forget_gone({MOUNT_USED, INODES_USED}, there)

    def take_arrays(self, arrays: Mapping[str, float], at_s: float) -> None:
        """Take all RAID arrays as they are now; one that is gone is forgotten."""
        lost = {f"{ARRAY_LOST}:{name}": percent for name, percent in arrays.items()}
        for key, percent in lost.items():
            self.take_value(key, percent, at_s)
        self._forget_gone({ARRAY_LOST}, lost)

    def take_services(self, services: Iterable[ServiceState], at_s: float) -> None:
        """Take the services with both views, as they were seen at one look."""
        seen: set[str] = set()
        for service in services:
            key = f"{SERVICE_DOWN}:{service.name}"
            seen.add(key)
            verdict = _UNWELL.get(service.combined)
            words = f"{service.name} is {service.combined.value}"
            self._take_unwell(key, None if verdict is None else (verdict, words), at_s)
            if service.restarts is not None:
                counted = self._restarts.setdefault(service.name, Counted(RESTART_WINDOW_S))
                counted.take(service.restarts, at_s)
        self._forget(SERVICE_DOWN, seen)

    def take_checks(self, checks: Iterable[CheckResult], at_s: float) -> None:
        """Take the newest result of each outside check; those of a service tell of the service."""
        seen: set[str] = set()
        self._certificates = {}
        for check in checks:
            key = f"{CHECK_FAILING}:{check.label}"
            if not check.service:
                seen.add(key)
                fails = check.outside in _SILENT
                words = f"{check.label}: {check.outside.value}"
                self._take_unwell(key, (Verdict.CUT_OFF, words) if fails else None, at_s)
            if check.certificate_expires_at is not None:
                self._certificates[check.label] = check.certificate_expires_at
        self._forget(CHECK_FAILING, seen)

    def take_latency(self, check: CheckResult, at_s: float) -> None:
        """Take how long a check's answer took."""
        if check.latency_ms is not None:
            self.take_value(f"{CHECK_LATENCY}:{check.label}", check.latency_ms, at_s)

    def expect_reboot(self, now_s: float) -> None:
        """Know that a person has it reboot: its next boot, if it is soon, is no news."""
        self._reboot_known_until_s = now_s + REBOOT_WINDOW_S

    def take_outlook(self, outlook: Outlook | None) -> None:
        """Take when file systems will be full by their history."""
        self._outlook = outlook

    def inside(self, now_s: float, now: datetime) -> list[Reason]:
        """Give what is amiss by what the server tells; only while it tells."""
        found = self._of_standing(now_s, is_outside=False) if self._standing else []
        if self._outlook is not None and self._outlook.times:
            found += self._of_outlook(self._outlook, now_s, now)
        if not self._oom.is_empty or not self._reboots.is_empty or self._restarts:
            found += self._of_counted(now_s)
        if self.unusual.is_crossed:
            found += self._usual(now_s)
        return found

    def outside(self, now_s: float, now: datetime) -> list[Reason]:
        """Give what is amiss by what its ports answer, whatever the link."""
        found = self._of_standing(now_s, is_outside=True) if self._standing else []
        if self._certificates:
            found += self._of_certificates(now_s, now)
        return found

    def danger(self, now_s: float, now: datetime) -> Danger | None:
        """Give what will reach its cut-off first; None where nothing has a date."""
        outlook = self._outlook
        if not self._standing and (outlook is None or not outlook.times):
            return None
        found = dangers_of(self._standing.values(), now_s, now)
        if outlook is not None:
            past = {key for key, one in self._standing.items() if one.cut_off.is_past}
            found += [
                Danger(key, time_to.earliest_s, time_to.latest_s, outlook.at)
                for key, time_to in outlook.times.items()
                if key not in past
            ]
        return min(found, key=lambda one: one.earliest_s, default=None)

    def _is_calm(self, values: Mapping[str, float]) -> bool:
        """Whether no value is near a line: a glance, for most values of most servers are not."""
        try:
            told = self._told_each_tick(values)
        except KeyError:
            return False
        if any(map(ge, told, self._limits)):
            return False
        return not any(values.get(key, -inf) >= limit for key, limit in self._seldom)

    def _follow(self, values: Mapping[str, float], at_s: float) -> None:
        standing = self._standing
        for key, limit in self._above:
            value = values.get(key)
            if value is not None and (value >= limit or key in standing):
                self._stand(key, value, at_s)
        for key, limit in self._below:
            value = values.get(key)
            if value is not None and (value <= limit or key in standing):
                self._stand(key, value, at_s)

    def _follow_standing(self, values: Mapping[str, float], at_s: float) -> None:
        """Take what is followed already: no other value is near a line."""
        for key in self._followed.intersection(self._standing):
            value = values.get(key)
            if value is not None:
                self._stand(key, value, at_s)

    def _stand(self, key: str, value: float, at_s: float) -> None:
        line = self._line(key)
        if line is None:
            return
        one = self._standing.get(key)
        if one is None:
            one = self._standing[key] = StandingLine(line)
        one.take(value, at_s)
        if one.is_idle:
            del self._standing[key]

    def _take_unwell(self, key: str, told: tuple[Verdict, str] | None, at_s: float) -> None:
        """Take one look at a service or check: minutes count from look to look."""
        if told is None:
            self._unwell_since.pop(key, None)
            self._unwell.pop(key, None)
            self._standing.pop(key, None)
            return
        self._unwell[key] = told
        since_s = self._unwell_since.setdefault(key, at_s)
        line = self._line(key)
        if line is not None:
            one = self._standing.setdefault(key, StandingLine(line))
            one.take(max(0.0, at_s - since_s) / 60, at_s)

    def _take_uptime(self, uptime_s: float | None, at_s: float) -> None:
        if uptime_s is None:
            return
        if self._uptime is not None:
            before_s, seen_s = self._uptime
            if has_rebooted(uptime_s, before_s, at_s - seen_s):
                if at_s > self._reboot_known_until_s:
                    self._reboots.note(at_s)
                self._reboot_known_until_s = -inf
        self._uptime = uptime_s, at_s

    def _forget_gone(self, families: Collection[str], there: Collection[str]) -> None:
        for key in [one for one in self._standing if family(one) in families]:
            if key not in there:
                del self._standing[key]

    def _forget(self, name: str, seen: set[str]) -> None:
        for key in [one for one in self._unwell_since if family(one) == name]:
            if key not in seen:
                self._take_unwell(key, None, 0.0)

    def _line(self, key: str) -> Line | None:
        """Give a key's lines made ready; None where it has none."""
        if key not in self._ready:
            lines, measure = self.lines.lines(key, self._cores), measure_of(key)
            self._ready[key] = (
                None
                if lines is None or measure is None
                else _line_of(key, measure, lines, self._tick_s)
            )
        return self._ready[key]

    def _sort_out(self) -> None:
        """Say from which value on each key of a sample has to be looked at closely."""
        ready = [self._line(key) for key in self.lines.rules if family(key) not in _ALONE]
        lines = [one for one in ready if one is not None and one.key not in _DERIVED]
        self._above = tuple((one.key, one.follow_from) for one in lines if one.sign > 0)
        self._below = tuple((one.key, -one.follow_from) for one in lines if one.sign < 0)
        self._followed = frozenset(one.key for one in lines)
        often = {one.key for one in lines if one.measure.pace is Pace.TICK}
        quick = [(key, limit) for key, limit in self._above if key in often]
        self._seldom = tuple((key, limit) for key, limit in self._above if key not in often)
        self._limits = tuple(limit for _, limit in quick)
        self._told_each_tick = _told_of([key for key, _ in quick], has_below=bool(self._below))

    def _of_standing(self, now_s: float, *, is_outside: bool) -> list[Reason]:
        found: list[Reason] = []
        for one in self._standing.values():
            verdict = one.verdict(now_s)
            key = one.line.key
            if verdict is not Verdict.OK and (family(key) in _OUTSIDE) is is_outside:
                found.append(reason_of(one, verdict, self._cores, now_s, self._unwell.get(key)))
        return found

    def _of_outlook(self, outlook: Outlook, now_s: float, now: datetime) -> Iterator[Reason]:
        for key, time_to in outlook.times.items():
            line, one = self._line(key), self._standing.get(key)
            if line is None or (one is not None and one.verdict(now_s) is not Verdict.OK):
                continue
            passed_s = max(0.0, (now - outlook.at).total_seconds())
            if is_within(time_to, line.lines.forecast_minutes * 60 + passed_s):
                yield outlook_reason(key, line.measure, time_to, passed_s)

    def _of_counted(self, now_s: float) -> Iterator[Reason]:
        counts = [(OOM_KILLS, "oom", self._oom), (REBOOTS, "reboot", self._reboots)]
        counts += [
            (f"{RESTARTS}:{name}", f"restarts:{name}", counted)
            for name, counted in self._restarts.items()
        ]
        for key, told_as, counted in counts:
            line = None if counted.is_empty else self._line(key)
            if line is not None:
                reason = counted_reason(told_as, line, counted.count(now_s))
                if reason is not None:
                    yield reason

    def _of_certificates(self, now_s: float, now: datetime) -> Iterator[Reason]:
        for label, expires_at in self._certificates.items():
            line = self._line(f"{CERTIFICATE}:{label}")
            if line is None:
                continue
            one = StandingLine(line)
            one.take((expires_at - now).total_seconds() / 86_400, now_s)
            verdict = one.verdict(now_s)
            if verdict is Verdict.OK:
                continue
            days = (expires_at - now).days
            unit = "day" if days == 1 else "days"
            told = f"expires in {days} {unit}" if expires_at > now else "has expired"
            yield Reason(f"certificate:{label}", verdict, f"{label}: the certificate {told}")

    def _usual(self, now_s: float) -> list[Reason]:
        followed = {family(key) for key in self._standing}
        return [one for one in self.unusual.reasons(now_s) if one.key not in followed]
