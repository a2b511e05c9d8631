"""How audits, results and findings are said on a terminal and in JSON. No I/O, no clock."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from noc_console.audit.audit import Audit, AuditServer, CollectState
from noc_console.audit.finding import CheckResult, Finding, Result


def collected_words(servers: Sequence[AuditServer]) -> str:
    """Give how far the collecting is, such as `12 of 14, 1 failed`."""
    states = Counter(one.state for one in servers)
    words = f"{states[CollectState.DONE]} of {len(servers)}"
    failed = states[CollectState.FAILED]
    return f"{words}, {failed} failed" if failed else words


def counted(results: Iterable[CheckResult]) -> dict[Result, int]:
    """Count results by what they came to."""
    return dict(Counter(one.result for one in results))


def result_counts(counts: Mapping[Result, int]) -> dict[str, int]:
    """Give the counts by word, the worst first, each word there."""
    return {one.value: counts.get(one, 0) for one in Result}


def counts_words(counts: Mapping[Result, int]) -> str:
    """Give the counts as words, the worst first, such as `3 fail, 1 warn, 40 pass`."""
    said = [f"{counts[one]} {one.value}" for one in Result if counts.get(one)]
    return ", ".join(said) or "nothing was asked yet"


def instant(at: datetime | None) -> str | None:
    """Give an instant for JSON."""
    return None if at is None else at.isoformat()


def audit_as_json(one: Audit, servers: Sequence[AuditServer]) -> dict[str, Any]:
    """Give an audit and how far its collecting is."""
    states = Counter(server.state for server in servers)
    return {
        "id": one.id,
        "month": one.month,
        "revision": one.revision,
        "state": one.state.value,
        "scope": one.scope,
        "created_at": instant(one.created_at),
        "created_by": one.created_by,
        "catalogue": one.catalogue,
        "servers": {state.value: states[state] for state in CollectState},
    }


def server_as_json(one: AuditServer) -> dict[str, Any]:
    """Give one server of an audit."""
    return {
        "name": one.server_name,
        "groups": list(one.groups),
        "customers": list(one.customers),
        "family": one.family,
        "system": one.system,
        "state": one.state.value,
        "why": one.why,
        "started_at": instant(one.started_at),
        "ended_at": instant(one.ended_at),
        "cpu_ms": one.cpu_ms,
    }


def result_as_json(one: CheckResult) -> dict[str, Any]:
    """Give what one check came to, without findings."""
    return {
        "check": one.check_id,
        "result": one.result.value,
        "why": one.why,
        "at": instant(one.at),
        "took_ms": one.took_ms,
        "cpu_ms": one.cpu_ms,
        "sha256": one.sha256,
        "bytes": one.raw_bytes,
    }


def finding_as_json(one: Finding) -> dict[str, Any]:
    """Give one finding."""
    return {
        "check": one.check_id,
        "item": one.item,
        "result": one.result.value,
        "severity": one.severity.value,
        "sentence": one.sentence,
        "lines": list(one.marks),
    }
