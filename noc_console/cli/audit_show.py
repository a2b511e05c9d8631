"""`noc-console audit show`: what an audit found, over all, on one server, or the evidence."""

import argparse
import json
import shutil
import sys
from collections import Counter
from contextlib import closing

from noc_console.audit.audit import Audit, AuditServer
from noc_console.audit.audit_records import evidence_of, findings_of, results_of, servers_of
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.finding import CheckResult, Finding, Result
from noc_console.cli.audit_choice import add_audit, chosen_audit, server_in
from noc_console.cli.audit_words import (
    audit_as_json,
    collected_words,
    counted,
    counts_words,
    finding_as_json,
    result_as_json,
    result_counts,
    server_as_json,
)
from noc_console.cli.command_module import UsageError
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.errors import ConsoleError
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_SERVERS = (
    Column(title="SERVER", shrinks_to=10),
    Column(title="COLLECTED"),
    Column(title="FAIL", is_number=True),
    Column(title="WARN", is_number=True),
    Column(title="NOT MEASURED", is_number=True),
    Column(title="SYSTEM", shrinks_to=8, drop_at=0),
    Column(title="WHY", is_sentence=True, shrinks_to=10, drop_at=1),
)
_FINDINGS = (
    Column(title="RESULT"),
    Column(title="SEVERITY", drop_at=1),
    Column(title="CHECK"),
    Column(title="SERVER", shrinks_to=8),
    Column(title="WHAT", is_sentence=True, shrinks_to=30),
)
_Row = tuple[str, CheckResult, Finding | None]


class NoEvidence(ConsoleError):
    """There is no evidence of what was named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the audit and what of it."""
    add_audit(parser)
    parser.add_argument("--server", metavar="NAME", help="what was found on this server")
    parser.add_argument("--check", metavar="ID", help="what this check found")
    parser.add_argument(
        "--evidence", action="store_true", help="what the server printed, with the lines that count"
    )
    parser.add_argument("--all", action="store_true", help="what passed or does not apply, too")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print it; exits 0, whatever was found.

    Raises:
        ConsoleError: there is no such audit, server, check or evidence.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        if arguments.evidence:
            return _evidence(store, audit, arguments)
        server_id = server_in(store, audit, arguments.server) if arguments.server else None
        check_id = _check_id(store, arguments.check)
        servers = servers_of(store, audit.id)
        rows = _rows(store, audit, servers, server_id, check_id)
        if arguments.json:
            chosen = [one for one in servers if server_id in {None, one.server_id}]
            print(json.dumps(_as_json(audit, chosen, rows)))
        elif server_id is None and check_id is None:
            _print_overview(store, audit, servers)
        else:
            _print_rows(rows, with_all=arguments.all)
    return 0


def _check_id(store: Store, text: str | None) -> str | None:
    """Give the check's id; one that left the catalogue may still be asked for."""
    if text is None:
        return None
    known = load_catalogue(checks_folder(store.location)).checks
    return text.upper() if text.upper() in known else text


def _rows(
    store: Store,
    audit: Audit,
    servers: list[AuditServer],
    server_id: int | None,
    check_id: str | None,
) -> list[_Row]:
    names = {one.server_id: one.server_name for one in servers}
    found: dict[tuple[int, str], list[Finding]] = {}
    for at, finding in findings_of(store, audit.id, server_id):
        found.setdefault((at, finding.check_id), []).append(finding)
    rows: list[_Row] = []
    for (at, check), result in results_of(store, audit.id, server_id).items():
        if check_id in {None, check}:
            name = names.get(at, "?")
            some = found.get((at, check), [])
            rows += [(name, result, finding) for finding in some] or [(name, result, None)]
    return sorted(rows, key=_worst_first)


def _worst_first(row: _Row) -> tuple[int, int, str, str, str]:
    name, result, finding = row
    if finding is None:
        return result.result.urgency, 9, result.check_id, name, ""
    return (
        finding.result.urgency,
        finding.severity.urgency,
        result.check_id,
        name,
        finding.item,
    )


def _print_overview(store: Store, audit: Audit, servers: list[AuditServer]) -> None:
    results = results_of(store, audit.id)
    print(
        f"Audit {audit.id} of {audit.month}, revision {audit.revision} ({inert(audit.scope)}), "
        f"{audit.state.value}; collected: {collected_words(servers)}."
    )
    print(f"Results: {counts_words(counted(results.values()))}.", "", sep="\n")
    each: dict[int, Counter[Result]] = {one.server_id: Counter() for one in servers}
    for (server_id, _), result in results.items():
        each.setdefault(server_id, Counter())[result.result] += 1
    ordered = sorted(
        servers,
        key=lambda one: (
            -each[one.server_id][Result.FAIL],
            -each[one.server_id][Result.WARN],
            -each[one.server_id][Result.NOT_MEASURED],
            one.server_name,
        ),
    )
    rows = [
        [
            inert(one.server_name),
            one.state.value,
            *(
                str(each[one.server_id][word])
                for word in (Result.FAIL, Result.WARN, Result.NOT_MEASURED)
            ),
            inert(one.system),
            inert(one.why),
        ]
        for one in ordered
    ]
    print(*table(_SERVERS, rows, shutil.get_terminal_size().columns), sep="\n")


def _print_rows(rows: list[_Row], *, with_all: bool) -> None:
    quiet = {Result.PASS, Result.NOT_APPLICABLE, Result.INFO}
    shown = [
        (name, result, finding)
        for name, result, finding in rows
        if with_all or (finding or result).result not in quiet
    ]
    if not shown:
        print("Nothing that is open was found; --all shows what passed, too.")
        return
    lines = [
        [
            (finding or result).result.value,
            finding.severity.value if finding else "",
            inert(result.check_id),
            inert(name),
            inert(finding.sentence if finding else result.why),
        ]
        for name, result, finding in shown
    ]
    print(*table(_FINDINGS, lines, shutil.get_terminal_size().columns), sep="\n")


def _evidence(store: Store, audit: Audit, arguments: argparse.Namespace) -> int:
    if not (arguments.server and arguments.check):
        raise UsageError("--evidence goes with --server and --check.")
    server_id = server_in(store, audit, arguments.server)
    check_id = _check_id(store, arguments.check) or ""
    kept = evidence_of(store, audit.id, server_id, check_id)
    if kept is None:
        raise NoEvidence(
            f"There is no evidence of {check_id} on {arguments.server} in this audit: it was not "
            "asked, or let go by age (`noc-console audit verify` tells which)."
        )
    if arguments.json:
        sys.stdout.write(json.dumps({"evidence": kept.decode("utf-8", "replace")}) + "\n")
        return 0
    marks = {
        line
        for _, one in findings_of(store, audit.id, server_id)
        if one.check_id == check_id
        for line in one.marks
    }
    for number, line in enumerate(kept.decode("utf-8", "replace").split("\n"), start=1):
        print(f"{'>' if number in marks else ' '} {number:>5}  {inert(line)}")
    return 0


def _as_json(audit: Audit, servers: list[AuditServer], rows: list[_Row]) -> dict[str, object]:
    by_server: dict[str, dict[str, dict[str, object]]] = {}
    for name, result, finding in rows:
        checks = by_server.setdefault(name, {})
        entry = checks.setdefault(result.check_id, result_as_json(result) | {"findings": []})
        if finding is not None:
            some = entry["findings"]
            if isinstance(some, list):
                some.append(finding_as_json(finding))
    results = {(name, result.check_id): result for name, result, _ in rows}
    return {
        "audit": audit_as_json(audit, servers),
        "results": result_counts(counted(results.values())),
        "servers": [
            server_as_json(one) | {"checks": list(by_server.get(one.server_name, {}).values())}
            for one in servers
        ],
    }
