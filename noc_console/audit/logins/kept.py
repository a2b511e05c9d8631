"""The logins of an audit, read from the evidence it keeps, for the window. Only reads the store."""

from collections.abc import Sequence
from functools import partial

from noc_console.audit.audit import AuditServer
from noc_console.audit.audit_records import findings_of
from noc_console.audit.finding import Finding
from noc_console.audit.log_reading import LogReading
from noc_console.audit.logins.panel import AccountShown, LoginsPanel, worst_first
from noc_console.audit.logins.summary import accounts_in_short, shortened
from noc_console.audit.logins.timeline import CHECK, accounts_of
from noc_console.audit.parsing.parsed import Past
from noc_console.store.store import Store

_NOT_ASKED = "Its logins were not asked for yet; run the audit."


def read_panel(store: Store, audit_id: int, server_id: int | None = None) -> LoginsPanel:
    """Give the logins of an audit, of one server or of all.

    Of one server its accounts have up to 300 logins each, of all servers they are in short. Takes
    as long as there is to read: not for the window's own thread.

    Raises:
        UnknownAudit: there is none of that number.
    """
    reading = LogReading.of(store, audit_id, server_id, CHECK, not_asked=_NOT_ASKED)
    findings: dict[int, list[Finding]] = {}
    for owner_id, finding in findings_of(store, audit_id, server_id, CHECK):
        findings.setdefault(owner_id, []).append(finding)
    accounts: list[AccountShown] = []
    no_logins: list[str] = []
    for server in reading.servers:
        found = reading.rows_of(
            server,
            partial(accounts_in_short, server.server_id, server.server_name),
            partial(_in_full, server, findings.get(server.server_id, []), reading.is_in_short),
        )
        accounts += found or []
        if found == []:
            no_logins.append(server.server_name)
    return LoginsPanel(
        accounts=worst_first(accounts),
        not_told=tuple(reading.not_told),
        no_logins=tuple(no_logins),
    )


def _in_full(
    server: AuditServer, told: Sequence[Finding], is_in_short: bool, evidence: bytes, past: Past
) -> list[AccountShown]:
    found = accounts_of(server.server_id, server.server_name, evidence, past, told)
    return [shortened(one) for one in found] if is_in_short else found
