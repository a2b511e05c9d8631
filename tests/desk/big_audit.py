"""Two months of an audit of a thousand servers in a store, for tests: written in bulk."""

import zlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from noc_console.audit.audit import CollectState
from noc_console.audit.audit_records import open_audit
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.finding import Result
from noc_console.audit.summaries import SUMMARIES
from noc_console.fleet.server import Server
from noc_console.store.schema.audit import (
    audit_evidence,
    audit_finding,
    audit_result,
    audit_server,
    audit_summary,
)
from noc_console.store.store import Store
from tests.audit.judged import judged
from tests.audit.logins.written import HEAD, accepted, at
from tests.audit.spam.test_kept import answer

_RESULTS = (
    Result.PASS,
    Result.FAIL,
    Result.PASS,
    Result.WARN,
    Result.PASS,
    Result.NOT_MEASURED,
    Result.NOT_APPLICABLE,
)


def fill_audits(store: Store, servers: Sequence[Server], now: datetime) -> int:
    """Write them; gives the newer audit's number. Two of seven results have a finding."""
    checks = [one for one in load_catalogue().checks.values() if not one.is_off]
    number = 0
    for month, days in ((f"{now - timedelta(days=40):%Y-%m}", 40), (f"{now:%Y-%m}", 0)):
        at = now - timedelta(days=days)
        number = open_audit(store, month, servers, catalogue="c" * 64, by="ann", now=at).id
        results, findings = [], []
        for place, server in enumerate(servers):
            for turn, check in enumerate(checks):
                came_to = _RESULTS[(place + turn + days // 40) % len(_RESULTS)]
                shared = {"audit_id": number, "server_id": server.id, "check_id": check.id}
                results.append(
                    shared
                    | {
                        "result": came_to.value,
                        "why": "" if came_to is not Result.NOT_MEASURED else "sudo asks.",
                        "at": at,
                        "took_ms": 5,
                        "cpu_ms": None,
                        "evidence_sha256": "e" * 64,
                        "sha256": "a" * 64,
                        "raw_bytes": 0,
                    }
                )
                if came_to.needs_decision:
                    findings.append(
                        shared
                        | {
                            "item": f"tcp/{3306 + place % 3}",
                            "result": came_to.value,
                            "severity": check.severity.value,
                            "sentence": "It is open to all and not agreed.",
                            "marks": [1],
                        }
                    )
        with store.write() as connection:
            connection.execute(sa.insert(audit_result), results)
            connection.execute(sa.insert(audit_finding), findings)
            connection.execute(
                sa.update(audit_server)
                .where(audit_server.c.audit_id == number)
                .values(state=CollectState.DONE.value, ended_at=at)
            )
    return number


def fill_logs(store: Store, number: int, servers: Sequence[Server]) -> None:
    """Write what the logs of every server told: six accounts and twenty senders, alike of all."""
    logins = HEAD + "".join(
        accepted(at(day, 9 + place, day), f"user{place}") + "\n"
        for place in range(6)
        for day in range(2, 28)
    )
    counts = {f"shop{place}": [place * 7] * 20 + [900, 25] for place in range(20)}
    answers = {"LOG-01": logins, "MAIL-04": answer(date(2026, 11, 28), counts)}
    rows: dict[sa.Table, list[dict[str, object]]] = {audit_evidence: [], audit_summary: []}
    for check_id, output in answers.items():
        result = judged(check_id, output)
        body, told = zlib.compress(result.evidence), SUMMARIES[check_id](result, ())
        for server in servers:
            key = {"audit_id": number, "server_id": server.id, "check_id": check_id}
            rows[audit_evidence].append(key | {"sha256": "e" * 64, "body": body})
            rows[audit_summary].append(key | {"body": told})
    with store.history_write() as connection:
        for table, some in rows.items():
            connection.execute(sa.insert(table), some)
