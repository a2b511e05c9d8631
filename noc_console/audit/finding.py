"""What a check found on a server: its result, and a finding for each item. Pure: no I/O, no clock.

The result words are those of XCCDF 1.2 (NIST SP 800-126, table 27), as far as we have them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Result(Enum):
    """What a check came to, the worst first."""

    FAIL = "fail"
    WARN = "warn"
    NOT_MEASURED = "not measured"
    """We could not look, and why is said: never counted as a pass."""
    INFO = "info"
    PASS = "pass"  # noqa: S105 - a word of judgement, no secret
    NOT_APPLICABLE = "not applicable"

    @property
    def needs_decision(self) -> bool:
        """Whether an audit cannot be signed before a person has decided about it."""
        return self in {Result.FAIL, Result.WARN}

    @property
    def urgency(self) -> int:
        """Give the place in the order in which people look, 0 the worst."""
        return _URGENCY[self]


_URGENCY = {one: place for place, one in enumerate(Result)}


class Severity(Enum):
    """How much a check matters, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def urgency(self) -> int:
        """Give the place in the order in which people look, 0 the worst."""
        return _SEVERITIES[self]


_SEVERITIES = {one: place for place, one in enumerate(Severity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: `item` names it for good (a port, a fingerprint, a package, a path).

    The same item in two months is the same finding. It is empty where a check as a whole is meant.
    `marks` are the numbers of the lines of the evidence that show it, from 1.
    """

    check_id: str
    item: str
    result: Result
    severity: Severity
    sentence: str
    marks: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What it is compared by from month to month on one server."""
        return self.check_id, self.item


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check came to on one server.

    `why` says why it was not measured or does not apply; empty otherwise. `evidence` is what the
    server printed, redacted and bounded; `sha256` and `raw_bytes` are of what it really printed.
    `cpu_ms` is what it took of the server, None where that could not be read.
    """

    check_id: str
    result: Result
    why: str
    findings: tuple[Finding, ...]
    at: datetime
    took_ms: int
    cpu_ms: int | None
    evidence: bytes
    sha256: str
    raw_bytes: int


def worst(results: Iterable[Result]) -> Result:
    """Give the worst of some results; NOT_APPLICABLE where there is none."""
    return min(results, key=lambda one: one.urgency, default=Result.NOT_APPLICABLE)
