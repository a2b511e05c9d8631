"""Judging a check of the shipped catalogue on saved output, for tests."""

from datetime import UTC, datetime

from noc_console.audit.agreed import Agreed
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Check, Family
from noc_console.audit.comparing import Around
from noc_console.audit.finding import CheckResult
from noc_console.audit.judging import RawOutcome, judge
from noc_console.audit.lifetimes import shipped_lifetimes

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


def agreed_to(**values) -> Agreed:
    """Give what is agreed: values by kind, a kind of two words with `_` between."""
    return Agreed(
        frozenset((kind.replace("_", " "), one) for kind, some in values.items() for one in some)
    )


def around(*, agreed=None, before=None, family=Family.DEBIAN, now=NOW, earlier=None) -> Around:
    """Give what a row is judged against."""
    return Around(
        now=now,
        server="web1",
        family=family,
        agreed=agreed or Agreed(),
        before=before,
        lifetimes=shipped_lifetimes(),
        earlier=earlier or {},
    )


def outcome(check_id, output, *, exit_status=0, is_whole=True, is_missing=(), why="") -> RawOutcome:
    """Give what came of asking."""
    return RawOutcome(
        check_id=check_id,
        output=output.encode() if isinstance(output, str) else output,
        exit_status=exit_status,
        is_whole=is_whole,
        is_missing=is_missing,
        took_ms=5,
        cpu_ms=1,
        at=NOW,
        why=why,
    )


def shipped(check_id) -> Check:
    """Give a check of the catalogue."""
    return load_catalogue().checks[check_id]


def judged(check_id, output, *, surroundings=None, **how) -> CheckResult:
    """Give what a shipped check makes of an answer."""
    return judge(shipped(check_id), outcome(check_id, output, **how), surroundings or around())


def found(result: CheckResult) -> dict[str, str]:
    """Give the result of each item."""
    return {one.item: one.result.value for one in result.findings}
