"""The logins of an audit, read from the evidence it keeps, for the window. Only reads the store."""

from collections.abc import Iterator

from noc_console.audit.audit import Audit, AuditServer
from noc_console.audit.audit_records import (
    evidence_of,
    findings_of,
    get_audit,
    list_audits,
    results_of,
    servers_of,
)
from noc_console.audit.earlier import earlier_audits
from noc_console.audit.finding import CheckResult, Finding, Result
from noc_console.audit.logins.panel import AccountShown, LoginsPanel, add_up, worst_first
from noc_console.audit.logins.timeline import CHECK, MOST_LOGINS, accounts_of
from noc_console.audit.not_told import NotTold
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past
from noc_console.store.store import Store

MOST_LOGINS_OF_ALL = 10
"""Of one account where all servers of an audit are read: a thousand servers have to fit."""
_NOT_ASKED = "Its logins were not asked for yet; run the audit."
_AGED = "What its log said is not kept any more."


def read_panel(store: Store, audit_id: int, server_id: int | None = None) -> LoginsPanel:
    """Give the logins of an audit, of one server or of all.

    Of one server up to 300 logins of each account are given, of all servers 10; what the check told
    of comes first. Takes as long as its evidence is large: not for the window's own thread.

    Raises:
        UnknownAudit: there is none of that number.
    """
    audit = get_audit(store, audit_id)
    servers = [one for one in servers_of(store, audit_id) if server_id in {None, one.server_id}]
    results = results_of(store, audit_id, server_id)
    findings: dict[int, list[Finding]] = {}
    for owner_id, finding in findings_of(store, audit_id, server_id):
        if finding.check_id == CHECK:
            findings.setdefault(owner_id, []).append(finding)
    before = earlier_audits(audit, list_audits(store))
    most = MOST_LOGINS_OF_ALL if server_id is None else MOST_LOGINS
    accounts: list[AccountShown] = []
    not_told: list[NotTold] = []
    no_logins: list[str] = []
    for server in servers:
        result = results.get((server.server_id, CHECK))
        try:
            found = _read(store, audit, before, server, result, findings, most)
        except OutputNotUnderstood as unclear:
            not_told.append(_not_told(server, str(unclear)))
            continue
        accounts += found
        if result is not None and result.result is Result.NOT_MEASURED:
            not_told.append(_not_told(server, result.why))
        elif not found:
            no_logins.append(server.server_name)
    return LoginsPanel(
        accounts=worst_first(accounts),
        not_told=tuple(not_told),
        no_logins=tuple(no_logins),
        grid=add_up([one.grid for one in accounts]),
    )


def _read(
    store: Store,
    audit: Audit,
    before: list[Audit],
    server: AuditServer,
    result: CheckResult | None,
    findings: dict[int, list[Finding]],
    most: int,
) -> list[AccountShown]:
    """Give the accounts of one server.

    Raises:
        OutputNotUnderstood: there is no evidence, or it cannot be read; why is said.
    """
    if result is None:
        raise OutputNotUnderstood(_NOT_ASKED)
    evidence = evidence_of(store, audit.id, server.server_id, CHECK)
    if not evidence:
        raise OutputNotUnderstood(result.why or _AGED)
    past = Past(today=result.at.date(), earlier=tuple(_earlier(store, before, server.server_id)))
    told = findings.get(server.server_id, [])
    return accounts_of(server.server_id, server.server_name, evidence, past, told, most=most)


def _earlier(store: Store, before: list[Audit], server_id: int) -> Iterator[bytes]:
    found = (evidence_of(store, one.id, server_id, CHECK) for one in before)
    return (one for one in found if one)


def _not_told(server: AuditServer, why: str) -> NotTold:
    return NotTold(
        server_id=server.server_id, server_name=server.server_name, check_id=CHECK, why=why
    )
