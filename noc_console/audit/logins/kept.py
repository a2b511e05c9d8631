"""The logins of an audit, read from the evidence it keeps, for the window. Only reads the store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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
from noc_console.audit.logins.panel import AccountShown, LoginsPanel, worst_first
from noc_console.audit.logins.summary import accounts_in_short, shortened
from noc_console.audit.logins.timeline import CHECK, accounts_of
from noc_console.audit.not_told import NotTold
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past
from noc_console.audit.summary_records import summaries_of
from noc_console.store.store import Store

_NOT_ASKED = "Its logins were not asked for yet; run the audit."
_AGED = "What its log said is not kept any more."


def read_panel(store: Store, audit_id: int, server_id: int | None = None) -> LoginsPanel:
    """Give the logins of an audit, of one server or of all.

    Of one server its accounts have up to 300 logins each, of all servers they are in short. Takes
    as long as there is to read: not for the window's own thread.

    Raises:
        UnknownAudit: there is none of that number.
    """
    reading = _Reading.of(store, audit_id, server_id)
    accounts: list[AccountShown] = []
    not_told: list[NotTold] = []
    no_logins: list[str] = []
    for server in servers_of(store, audit_id):
        if server_id not in {None, server.server_id}:
            continue
        result = reading.results.get((server.server_id, CHECK))
        try:
            found = reading.accounts(server, result)
        except OutputNotUnderstood as unclear:
            not_told.append(_not_told(server, str(unclear)))
            continue
        accounts += found
        if result is not None and result.result is Result.NOT_MEASURED:
            not_told.append(_not_told(server, result.why))
        elif not found:
            no_logins.append(server.server_name)
    return LoginsPanel(
        accounts=worst_first(accounts), not_told=tuple(not_told), no_logins=tuple(no_logins)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What is read once of an audit, and a way to the accounts of each of its servers."""

    store: Store
    audit: Audit
    before: Sequence[Audit]
    results: Mapping[tuple[int, str], CheckResult]
    findings: Mapping[int, Sequence[Finding]]
    summaries: Mapping[int, str] | None
    """What is told in short, by server; None where one server is read in full."""

    @classmethod
    def of(cls, store: Store, audit_id: int, server_id: int | None) -> "_Reading":
        audit = get_audit(store, audit_id)
        findings: dict[int, list[Finding]] = {}
        for owner_id, finding in findings_of(store, audit_id, server_id, CHECK):
            findings.setdefault(owner_id, []).append(finding)
        return cls(
            store=store,
            audit=audit,
            before=earlier_audits(audit, list_audits(store)),
            results=results_of(store, audit_id, server_id, CHECK),
            findings=findings,
            summaries=summaries_of(store, audit_id, CHECK) if server_id is None else None,
        )

    def accounts(self, server: AuditServer, result: CheckResult | None) -> list[AccountShown]:
        """Give the accounts of one server, in short where all are read.

        Raises:
            OutputNotUnderstood: there is no evidence, or it cannot be read; why is said.
        """
        if result is None:
            raise OutputNotUnderstood(_NOT_ASKED)
        if self.summaries is None:
            return self._in_full(server, result)
        kept = self.summaries.get(server.server_id)
        if kept is not None:
            found = accounts_in_short(server.server_id, server.server_name, kept)
            if found is not None:
                return found
        return [shortened(one) for one in self._in_full(server, result)]

    def _in_full(self, server: AuditServer, result: CheckResult) -> list[AccountShown]:
        evidence = evidence_of(self.store, self.audit.id, server.server_id, CHECK)
        if not evidence:
            raise OutputNotUnderstood(result.why or _AGED)
        earlier = tuple(_earlier(self.store, self.before, server.server_id))
        past = Past(today=result.at.date(), earlier=earlier)
        told = self.findings.get(server.server_id, [])
        return accounts_of(server.server_id, server.server_name, evidence, past, told)


def _earlier(store: Store, before: Sequence[Audit], server_id: int) -> Iterator[bytes]:
    found = (evidence_of(store, one.id, server_id, CHECK) for one in before)
    return (one for one in found if one)


def _not_told(server: AuditServer, why: str) -> NotTold:
    return NotTold(
        server_id=server.server_id, server_name=server.server_name, check_id=CHECK, why=why
    )
