"""Services and outside checks joined into the rows of one table, worst first.

Pure: no Qt, no I/O; `now` is an argument.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.health.verdict import Verdict
from noc_console.incidents.times import age_text
from noc_console.telemetry.service import CheckResult, Combined, Inside, Outside, ServiceState

_VERDICTS = {
    Combined.OK: Verdict.OK,
    Combined.STARTING: Verdict.EARLY,
    Combined.RUNNING_NOT_ANSWERING: Verdict.CUT_OFF,
    Combined.ANSWERING_NOT_RUNNING: Verdict.EARLY,
    Combined.DOWN: Verdict.DOWN,
    Combined.UNKNOWN: Verdict.UNKNOWN,
}
_CERTIFICATE_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """One service with one of its outside checks; either may be missing."""

    state: ServiceState
    check: CheckResult | None
    is_service: bool
    """False for a check of no expected service: then there is no inside view."""

    @property
    def name(self) -> str:
        """The service's name, or the check's label."""
        return self.state.name

    @property
    def verdict(self) -> Verdict:
        """How bad it is."""
        return _VERDICTS[self.state.combined]


def service_rows(
    services: Iterable[ServiceState], checks: Iterable[CheckResult]
) -> tuple[ServiceRow, ...]:
    """Give a row for each service and check; a service with two checks has two rows."""
    by_service: dict[str, list[CheckResult]] = {}
    for check in checks:
        by_service.setdefault(check.service, []).append(check)
    rows = []
    for state in services:
        found: list[CheckResult | None] = [*by_service.pop(state.name, [])]
        rows += [ServiceRow(state=state, check=check, is_service=True) for check in found or [None]]
    rows += [
        ServiceRow(
            state=ServiceState(
                name=check.label,
                inside=Inside.UNKNOWN,
                outside=check.outside,
                detail=check.detail,
            ),
            check=check,
            is_service=False,
        )
        for found_checks in by_service.values()
        for check in found_checks
    ]
    return tuple(sorted(rows, key=lambda row: (row.verdict.urgency, row.name)))


def inside_text(row: ServiceRow) -> str:
    """Give the inside view in words, with init's own word where it says more."""
    if not row.is_service:
        return "–"
    word, own = row.state.inside.value, row.state.sub_state
    return word if own in {"", word} else f"{word} ({own})"


def outside_text(row: ServiceRow) -> str:
    """Give the outside view in words."""
    seen = row.check.outside if row.check else row.state.outside
    return "–" if seen is Outside.NOT_CHECKED else seen.value


def detail_text(row: ServiceRow) -> str:
    """Give what the check or init said."""
    return (row.check.detail if row.check else "") or row.state.detail


def certificate_text(row: ServiceRow, now: datetime) -> str:
    """Give how long the certificate is still good."""
    expires = row.check.certificate_expires_at if row.check else None
    if expires is None:
        return "–"
    if expires <= now:
        return f"EXPIRED {age_text(now - expires)} ago"
    return f"{age_text(expires - now)} left"


def certificate_verdict(row: ServiceRow, now: datetime) -> Verdict:
    """Give how bad the certificate's expiry is."""
    expires = row.check.certificate_expires_at if row.check else None
    if expires is None:
        return Verdict.UNKNOWN
    if expires <= now:
        return Verdict.DOWN
    return Verdict.EARLY if expires - now < _CERTIFICATE_SOON else Verdict.OK
