"""The senders of an audit, read from its evidence, for the window. Only reads the store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from noc_console.audit.audit import Audit, AuditServer
from noc_console.audit.audit_records import (
    evidence_of,
    get_audit,
    list_audits,
    results_of,
    servers_of,
)
from noc_console.audit.earlier import earlier_audits
from noc_console.audit.finding import CheckResult, Result
from noc_console.audit.not_told import NotTold
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past
from noc_console.audit.spam.panel import SenderShown, SpamPanel, worst_first
from noc_console.audit.spam.shown import MOST_OF_ONE, SCRIPTS, SENDERS, senders_of
from noc_console.audit.spam.summary import MOST_OF_ALL, senders_in_short, shortened
from noc_console.audit.summary_records import summaries_of
from noc_console.store.store import Store

_NOT_ASKED = "It was not asked yet; run the audit."
_AGED = "What its log said is not kept any more."


def read_panel(store: Store, audit_id: int, server_id: int | None = None) -> SpamPanel:
    """Give the senders and scripts of an audit, of one server or of all, the worst first.

    Of one server they have their days and lines, of all servers the worst of each are in short.
    Takes as long as there is to read: not for the window's own thread.

    Raises:
        UnknownAudit: there is none of that number.
    """
    audit = get_audit(store, audit_id)
    before = earlier_audits(audit, list_audits(store))
    servers = [one for one in servers_of(store, audit_id) if server_id in {None, one.server_id}]
    senders: list[SenderShown] = []
    not_told: list[NotTold] = []
    no_mail: list[str] = []
    for check_id in (SENDERS, SCRIPTS):
        results = results_of(store, audit_id, server_id, check_id)
        summaries = summaries_of(store, audit_id, check_id) if server_id is None else None
        reading = _Reading(store, audit, before, check_id, summaries)
        for server in servers:
            result = results.get((server.server_id, check_id))
            if result is not None and result.result is Result.NOT_APPLICABLE and result.raw_bytes:
                no_mail += [server.server_name] if check_id == SENDERS else []
                continue
            try:
                senders += reading.senders(server, result)
            except OutputNotUnderstood as unclear:
                not_told.append(_not_told(server, check_id, str(unclear)))
                continue
            if result is not None and result.result is Result.NOT_MEASURED:
                not_told.append(_not_told(server, check_id, result.why))
    return SpamPanel(senders=worst_first(senders), not_told=tuple(not_told), no_mail=tuple(no_mail))


@dataclass(frozen=True, slots=True)
class _Reading:
    store: Store
    audit: Audit
    before: Sequence[Audit]
    check_id: str
    summaries: Mapping[int, str] | None
    """What is told in short, by server; None where one server is read in full."""

    def senders(self, server: AuditServer, result: CheckResult | None) -> list[SenderShown]:
        """Give the senders, or scripts, of one server, in short where all are read.

        Raises:
            OutputNotUnderstood: there is no evidence, or it cannot be read; why is said.
        """
        if result is None:
            raise OutputNotUnderstood(_NOT_ASKED)
        if self.summaries is None:
            return self._in_full(server, result)
        kept = self.summaries.get(server.server_id)
        if kept is not None:
            found = senders_in_short(server.server_id, server.server_name, self.check_id, kept)
            if found is not None:
                return found
        return [shortened(one) for one in self._in_full(server, result, MOST_OF_ALL)]

    def _in_full(
        self, server: AuditServer, result: CheckResult, most: int = MOST_OF_ONE
    ) -> list[SenderShown]:
        evidence = evidence_of(self.store, self.audit.id, server.server_id, self.check_id)
        if not evidence:
            raise OutputNotUnderstood(result.why or _AGED)
        past = Past(today=result.at.date(), earlier=tuple(self._earlier(server.server_id)))
        where = (server.server_id, server.server_name, self.check_id)
        return senders_of(*where, evidence, past, most=most)

    def _earlier(self, server_id: int) -> Iterator[bytes]:
        found = (evidence_of(self.store, one.id, server_id, self.check_id) for one in self.before)
        return (one for one in found if one)


def _not_told(server: AuditServer, check_id: str, why: str) -> NotTold:
    return NotTold(
        server_id=server.server_id, server_name=server.server_name, check_id=check_id, why=why
    )
