"""What a run of an audit has to do: which checks of which servers, in which order.

Pure: no I/O, no clock. A run that another engine began is gone on with: what was asked since the
order was placed is not asked again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from noc_console.audit.audit import AuditServer, CollectState
from noc_console.audit.check import Check, Cost, Privilege
from noc_console.audit.finding import CheckResult
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server


class WrongHours(ConsoleError):
    """A window of time that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlan:
    """What one server is asked: the light checks at once, the heavy ones each in its turn."""

    server: Server
    light: tuple[Check, ...]
    heavy: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A window of a day, local time of the engine; it may go over midnight."""

    start: time
    end: time

    def hold(self, now: datetime) -> bool:
        """Whether a local time lies within."""
        at = now.time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def next_start(self, now: datetime) -> datetime:
        """Give when they next begin, from a local time."""
        today = now.replace(hour=self.start.hour, minute=self.start.minute, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)


def hours_of(text: str) -> Hours | None:
    """Read hours such as `01:00-05:00`; None where nothing is set: any time.

    Raises:
        WrongHours: they are written otherwise.
    """
    if not text.strip():
        return None
    first, _, second = text.partition("-")
    try:
        start, end = time.fromisoformat(first.strip()), time.fromisoformat(second.strip())
    except ValueError as error:
        raise WrongHours(
            f"The hours for heavy checks are set to {text!r}; write them such as 01:00-05:00."
        ) from error
    return None if start == end else Hours(start=start, end=end)


def chosen_checks(checks: Mapping[str, Check], only: Collection[str] | None) -> list[Check]:
    """Give the checks a run is about, in the order of the monthly list."""
    return [one for one in checks.values() if only is None or one.id in only]


def plan_run(
    servers: Iterable[Server],
    checks: Sequence[Check],
    rows: Mapping[int, AuditServer],
    results: Mapping[tuple[int, str], CheckResult],
    since: datetime,
) -> list[ServerPlan]:
    """Give what is left to do, by name; a server that failed since is not tried again."""
    plans = []
    for server in sorted(servers, key=lambda one: one.name):
        row = rows.get(server.id)
        if row is None or _has_failed(row, since):
            continue
        left = [
            one
            for one in checks
            if (done := results.get((server.id, one.id))) is None or done.at < since
        ]
        if left:
            plans.append(
                ServerPlan(
                    server=server,
                    light=tuple(one for one in left if not is_heavy(one)),
                    heavy=tuple(one for one in left if is_heavy(one)),
                )
            )
    return plans


def is_heavy(check: Check) -> bool:
    """Whether a check loads the server so that it waits for its turn; one switched off does not."""
    loads = check.cost is Cost.HEAVY and check.privilege in {Privilege.PLAIN, Privilege.SUDO}
    return loads and not check.is_off


def _has_failed(row: AuditServer, since: datetime) -> bool:
    ended_at = row.ended_at
    return row.state is CollectState.FAILED and ended_at is not None and ended_at >= since
