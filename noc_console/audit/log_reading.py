"""What a check of logs told of an audit's servers, for the window: in short or from its evidence.

Only reads the store. Takes as long as there is to read: not for the window's own thread.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

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
from noc_console.audit.summary_records import summaries_of
from noc_console.store.store import Store

_AGED = "What its log said is not kept any more."
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReading:
    """What is read once of an audit for one check; `not_told` grows as its servers are read."""

    store: Store
    audit: Audit
    before: Sequence[Audit]
    check_id: str
    not_asked: str
    servers: Sequence[AuditServer]
    results: Mapping[int, CheckResult]
    summaries: Mapping[int, str] | None
    """What is told in short, by server; None where one server is read in full."""
    not_told: list[NotTold]

    @classmethod
    def of(
        cls, store: Store, audit_id: int, server_id: int | None, check_id: str, *, not_asked: str
    ) -> "LogReading":
        """Prepare to read one server, or all; `not_asked` is said where the check was not run.

        Raises:
            UnknownAudit: there is none of that number.
        """
        audit = get_audit(store, audit_id)
        found = results_of(store, audit_id, server_id, check_id)
        return cls(
            store=store,
            audit=audit,
            before=earlier_audits(audit, list_audits(store)),
            check_id=check_id,
            not_asked=not_asked,
            servers=[
                one for one in servers_of(store, audit_id) if server_id in {None, one.server_id}
            ],
            results={owner_id: result for (owner_id, _), result in found.items()},
            summaries=summaries_of(store, audit_id, check_id) if server_id is None else None,
            not_told=[],
        )

    @property
    def is_in_short(self) -> bool:
        """Whether all servers are read."""
        return self.summaries is not None

    def rows_of(
        self,
        server: AuditServer,
        in_short: Callable[[str], list[_Row] | None],
        in_full: Callable[[bytes, Past], list[_Row]],
    ) -> list[_Row] | None:
        """Give what is told of a server; None where nothing could be, which is noted with why.

        `in_short` reads a summary, where it understands it; `in_full` reads the evidence.
        """
        result = self.results.get(server.server_id)
        try:
            found = self._told(server, result, in_short, in_full)
        except OutputNotUnderstood as unclear:
            self._note(server, str(unclear))
            return None
        if result is not None and result.result is Result.NOT_MEASURED:
            self._note(server, result.why)
            return found or None
        return found

    def _told(
        self,
        server: AuditServer,
        result: CheckResult | None,
        in_short: Callable[[str], list[_Row] | None],
        in_full: Callable[[bytes, Past], list[_Row]],
    ) -> list[_Row]:
        if result is None:
            raise OutputNotUnderstood(self.not_asked)
        kept = self.summaries.get(server.server_id) if self.summaries is not None else None
        found = in_short(kept) if kept is not None else None
        if found is not None:
            return found
        evidence = evidence_of(self.store, self.audit.id, server.server_id, self.check_id)
        if not evidence:
            raise OutputNotUnderstood(result.why or _AGED)
        earlier = (
            evidence_of(self.store, one.id, server.server_id, self.check_id) for one in self.before
        )
        past = Past(today=result.at.date(), earlier=tuple(one for one in earlier if one))
        return in_full(evidence, past)

    def _note(self, server: AuditServer, why: str) -> None:
        self.not_told.append(
            NotTold(
                server_id=server.server_id,
                server_name=server.server_name,
                check_id=self.check_id,
                why=why,
            )
        )
