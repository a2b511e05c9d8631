"""What the engine knows of one server at this moment. Owned by the conductor's thread."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from noc_console.fleet.failure import Failure
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server
from noc_console.health.rules import judge
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.incidents.muting import judge_in_windows
from noc_console.incidents.window import Occurrence
from noc_console.telemetry.host import Mount
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import CheckResult, Inside, Outside, ServiceState

FIGURES_TOLD_EVERY = timedelta(seconds=10)
"""A verdict's reasons hold figures that move with each sample; state rows do not."""

INSIDE_LASTS = timedelta(seconds=180)
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
    mounts: tuple[Mount, ...] = ()
    inside: dict[str, ServiceState] = field(default_factory=dict)
    inside_at: datetime | None = None
    checks: dict[str, CheckResult] = field(default_factory=dict)
    plain: Judgement | None = None
    """What it would be if no window were on."""
    windows: tuple[Occurrence, ...] = ()
    """Those that have something to say of it now."""
    judgement: Judgement | None = None
    told: Judgement | None = None
    told_at: datetime | None = None

    def set_link(self, link: LinkState, failure: Failure | None, now: datetime) -> bool:
        """Note where the link stands; tell whether that changed."""
        if link is self.link and failure == self.failure:
            return False
        if link is not self.link:
            self.link_since = now
        self.link, self.failure = link, failure
        self.was_up = self.was_up or link is LinkState.UP
        return True

    def take_inside(self, states: Iterable[ServiceState], now: datetime) -> None:
        """Take what init says now."""
        self.inside = {state.name: state for state in states}
        self.inside_at = now

    def forget_old_inside(self, now: datetime) -> bool:
        """Know no more what init said long ago; tell whether something was forgotten."""
        if not self.inside or self.inside_at is None or now - self.inside_at <= INSIDE_LASTS:
            return False
        self.inside = {}
        return True

    def take_check(self, result: CheckResult) -> bool:
        """Take a check's result; tell whether it is one of those wanted."""
        wanted = any(check.label == result.label for check in self.server.checks)
        if wanted:
            self.checks[result.label] = result
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

    def judge(self, now: datetime) -> bool:
        """Judge what is known at `now`; tell whether the verdict or its reasons changed."""
        age_s = None if self.sample is None else (now - self.sample.at).total_seconds()
        self.plain = judge(
            sample=self.sample,
            mounts=self.mounts,
            services=self.services(),
            checks=tuple(self.checks.values()),
            link=self.link,
            failure=self.failure,
            was_up=self.was_up,
            age_s=age_s,
            tick_s=self.server.tick_s,
            before=self.plain,
            now=now,
        )
        judgement = judge_in_windows(self.plain, self.windows, self.judgement, now)
        changed = self._is_news(judgement, now)
        if changed:
            self.told, self.told_at = judgement, now
        self.judgement = judgement
        return changed

    def _is_news(self, judgement: Judgement, now: datetime) -> bool:
        """Whether others should hear of it: at once when it means something else, else seldom."""
        told = self.told
        if told is None or self.told_at is None or told.verdict is not judgement.verdict:
            return True
        if told.reasons == judgement.reasons and told.danger == judgement.danger:
            return False
        same = [_meaning(one) for one in told.reasons] == [
            _meaning(one) for one in judgement.reasons
        ]
        return not same or now - self.told_at >= FIGURES_TOLD_EVERY


def _with_outside(state: ServiceState, check: CheckResult | None) -> ServiceState:
    if check is None:
        return state
    return replace(state, outside=check.outside, detail=check.detail)


def _rank(result: CheckResult) -> int:
    return _WORST_FIRST.index(result.outside)


def _meaning(reason: Reason) -> tuple[str, Verdict, str]:
    return reason.key, reason.verdict, _FIGURES.sub("", reason.words)
