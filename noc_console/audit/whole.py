"""All that stands in an audit, read at once: for signing, for the report."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from noc_console.audit.audit import Audit, AuditServer
from noc_console.audit.audit_records import findings_of, get_audit, results_of, servers_of
from noc_console.audit.check import Check
from noc_console.audit.decision import Decision, Key, standing
from noc_console.audit.decision_records import decisions_of, earlier_decisions
from noc_console.audit.finding import CheckResult, Finding, Severity
from noc_console.audit.may_sign import Obstacle, not_asked, obstacles, unanswered
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeAudit:
    """An audit with its servers, results, findings and the decisions that hold."""

    audit: Audit
    servers: tuple[AuditServer, ...]
    results: Mapping[tuple[int, str], CheckResult]
    """By server and check."""
    findings: tuple[tuple[int, Finding], ...]
    """Each with its server."""
    decisions: Mapping[Key, Decision]

    def obstacles(self, critical: Collection[str]) -> list[Obstacle]:
        """Give what stands against signing; `critical` are the ids of critical checks."""
        return obstacles(self.servers, self.results, self.findings, self.decisions, critical)

    def against_signing(self, checks: Mapping[str, Check]) -> list[Obstacle]:
        """Give all that stands against signing; `checks` are those of the catalogue."""
        critical = {one.id for one in checks.values() if one.severity is Severity.CRITICAL}
        return [
            *self.obstacles(critical),
            *unanswered(self.servers, self.results, self.decisions, checks),
            *not_asked(self.servers, self.results, self.decisions, checks),
        ]

    @property
    def names(self) -> dict[int, str]:
        """Give the names the servers had in it, by id."""
        return {one.server_id: one.server_name for one in self.servers}


def read_whole(store: Store, audit_id: int, today: date) -> WholeAudit:
    """Read an audit; exceptions of earlier months hold until their last day.

    Raises:
        UnknownAudit: there is none of that number.
    """
    return WholeAudit(
        audit=get_audit(store, audit_id),
        servers=tuple(servers_of(store, audit_id)),
        results=results_of(store, audit_id),
        findings=tuple(findings_of(store, audit_id)),
        decisions=standing(
            decisions_of(store, audit_id), earlier_decisions(store, audit_id), today
        ),
    )
