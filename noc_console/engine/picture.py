"""What the engine knows of one server at this moment. Owned by the conductor's thread.

Ages and spans are counted in seconds of the monotonic clock (`at_s`, `now_s`), so that setting the
console's clock judges nobody; instants are for people.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from noc_console.fleet.failure import Failure
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server
from noc_console.health.clock import ClockWitness
from noc_console.health.figure_words import danger_words
from noc_console.health.line_book import LineBook, LineSet
from noc_console.health.measures import CLOCK_OFFSET
from noc_console.health.rules import judge
from noc_console.health.verdict import Danger, Judgement, Reason, Verdict
from noc_console.health.watch import Watch
from noc_console.incidents.windows.muting import judge_in_windows
from noc_console.incidents.windows.window import Occurrence
from noc_console.telemetry.clock_offset import clock_offset_s
from noc_console.telemetry.host import Mount
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import CheckResult, Inside, Outside, ServiceState

FIGURES_TOLD_EVERY_S = 10.0
"""A verdict's reasons hold figures that move with each sample; state rows do not."""

INSIDE_LASTS_S = 180.0
"""What init said longer ago is not known any more; a server in distress is asked every 45 s."""

_WORST_FIRST = (
    Outside.REFUSED,
    Outside.NO_ANSWER,
    Outside.WRONG_ANSWER,
    Outside.NOT_CHECKED,
    Outside.ANSWERS,
)

_FIGURES = re.compile(r"[0-9.]+")


@dataclass(slots=True, kw_only=True)
class Picture:
    """The newest sample, services, mounts and checks of a server, and what they mean."""

    server: Server
    link_since: datetime
    link: LinkState = LinkState.NOT_TRIED
    failure: Failure | None = None
    was_up: bool = False
    sample: Sample | None = None
    sample_s: float = 0.0
    watch: Watch = field(init=False)
    clocks: ClockWitness = field(default_factory=ClockWitness)
    mounts: tuple[Mount, ...] = ()
    inside: dict[str, ServiceState] = field(default_factory=dict)
    inside_at: datetime | None = None
    inside_s: float = 0.0
    checks: dict[str, CheckResult] = field(default_factory=dict)
    plain: Judgement | None = None
    """What it would be if no window were on."""
    windows: tuple[Occurrence, ...] = ()
    """Those that have something to say of it now."""
    is_rebooting: bool = False
    """A person had it reboot through the gate, and it is not back yet."""
    judgement: Judgement | None = None
    told: Judgement | None = None
    told_s: float = 0.0

    def __post_init__(self) -> None:
        """Judge by the shipped lines until the line book is here."""
        self.watch = Watch(_usual_lines(), self.server.tick_s)

    def use_lines(self, lines: LineSet) -> None:
        """Judge by these lines from now on."""
        self.watch.use(lines, self.server.tick_s)

    def set_link(self, link: LinkState, failure: Failure | None, now: datetime) -> bool:
        """Note where the link stands; tell whether that changed."""
        if link is self.link and failure == self.failure:
            return False
        if link is not self.link:
            self.link_since = now
        self.link, self.failure = link, failure
        self.was_up = self.was_up or link is LinkState.UP
        return True

    def take_sample(self, sample: Sample, at_s: float, latency_s: float | None = None) -> None:
        """Take a sample that arrived at `at_s`; `latency_s` is how long its answer took."""
        self.sample, self.sample_s = sample, at_s
        self.watch.take_values(sample.values, at_s)
        if latency_s is None:
            return
        self.watch.take_value("link_latency_ms", latency_s * 1000.0, at_s)
        offset_s = clock_offset_s(sample, latency_s)
        if offset_s is not None:
            fault_s = self.clocks.fault_of(self.server.id, offset_s, sample.at, at_s)
            self.watch.take_value(CLOCK_OFFSET, abs(fault_s), at_s)

    def take_mounts(self, mounts: tuple[Mount, ...], at_s: float) -> None:
        """Take all file systems."""
        self.mounts = mounts
        self.watch.take_mounts(mounts, at_s)

    def take_arrays(self, arrays: Mapping[str, float], at_s: float) -> None:
        """Take how much redundancy each RAID array has lost."""
        self.watch.take_arrays(arrays, at_s)

    def take_figures(self, figures: Mapping[str, float], at_s: float) -> None:
        """Take figures of a slow reading."""
        self.watch.take_values(figures, at_s)

    def take_inside(self, states: Iterable[ServiceState], now: datetime, at_s: float) -> None:
        """Take what init says now."""
        self.inside = {state.name: state for state in states}
        self.inside_at, self.inside_s = now, at_s
        self.watch.take_services(self.services(), at_s)

    def forget_old_inside(self, now_s: float) -> bool:
        """Know no more what init said long ago; tell whether something was forgotten."""
        if not self.inside or now_s - self.inside_s <= INSIDE_LASTS_S:
            return False
        self.inside = {}
        self.watch.take_services(self.services(), now_s)
        return True

    def take_check(self, result: CheckResult, at_s: float) -> bool:
        """Take a check's result; tell whether it is one of those wanted."""
        wanted = any(check.label == result.label for check in self.server.checks)
        if wanted:
            self.checks[result.label] = result
            self.watch.take_checks(self.checks.values(), at_s)
            self.watch.take_latency(result, at_s)
            if result.service:
                self.watch.take_services(self.services(), at_s)
        return wanted

    @property
    def service_names(self) -> tuple[str, ...]:
        """Each service that is expected or that a check is for."""
        checked = (check.service for check in self.server.checks if check.service)
        return tuple(dict.fromkeys((*self.server.expected_services, *checked)))

    def services(self) -> tuple[ServiceState, ...]:
        """Give each service with both views; what init has not told yet is unknown."""
        outside: dict[str, CheckResult] = {}
        for result in self.checks.values():  # of several checks of one service the worst counts
            other = outside.get(result.service)
            if other is None or _rank(result) < _rank(other):
                outside[result.service] = result
        return tuple(
            _with_outside(self._inside_view(name), outside.get(name)) for name in self.service_names
        )

    def _inside_view(self, name: str) -> ServiceState:
        """Give what init says of a service, which systemd may call `name.service`."""
        found = self.inside.get(name) or self.inside.get(f"{name}.service")
        if found is None:
            return ServiceState(name=name, inside=Inside.UNKNOWN)
        return replace(found, name=name)

    def judge(self, now: datetime, now_s: float) -> bool:
        """Judge what is known at `now`; tell whether the verdict or its reasons changed."""
        watch = self.watch
        self.plain = judge(
            inside=watch.inside(now_s, now),
            outside=watch.outside(now_s, now),
            danger=watch.danger(now_s, now),
            link=self.link,
            failure=self.failure,
            was_up=self.was_up,
            age_s=None if self.sample is None else now_s - self.sample_s,
            tick_s=self.server.tick_s,
            before=self.plain,
            now=now,
        )
        judgement = judge_in_windows(self.plain, self.windows, self.judgement, now)
        changed = self._is_news(judgement, now, now_s)
        if changed:
            self.told, self.told_s = judgement, now_s
        self.judgement = judgement
        return changed

    def _is_news(self, judgement: Judgement, now: datetime, now_s: float) -> bool:
        """Whether others should hear of it: at once when it means something else, else seldom."""
        told = self.told
        if told is judgement:
            return False
        if told is None or told.verdict is not judgement.verdict:
            return True
        same_danger = _same_danger(told.danger, judgement.danger, now)
        if told.reasons == judgement.reasons and same_danger:
            return False
        same = [_meaning(one) for one in told.reasons] == [
            _meaning(one) for one in judgement.reasons
        ]
        if (told.danger is None) is not (judgement.danger is None):
            return True
        return not same or now_s - self.told_s >= FIGURES_TOLD_EVERY_S


@cache
def _usual_lines() -> LineSet:
    return LineBook().line_set(Server(name="any", address="any"))


def _same_danger(one: Danger | None, other: Danger | None, now: datetime) -> bool:
    """Whether two dangers read the same, so that nobody need hear of the other."""
    if one is None or other is None:
        return one is other
    return one.key == other.key and danger_words(one, now) == danger_words(other, now)


def _with_outside(state: ServiceState, check: CheckResult | None) -> ServiceState:
    if check is None:
        return state
    return replace(state, outside=check.outside, detail=check.detail)


def _rank(result: CheckResult) -> int:
    return _WORST_FIRST.index(result.outside)


def _meaning(reason: Reason) -> tuple[str, Verdict, str]:
    return reason.key, reason.verdict, _FIGURES.sub("", reason.words)
