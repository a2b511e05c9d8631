"""Audits as a checklist shows them, for tests: small checks, servers, results, all of them made."""

from dataclasses import replace

from noc_console.audit.audit import Audit, AuditServer, AuditState, CollectState
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Check, Privilege, Step
from noc_console.audit.checklist import Checklist, ServerPart
from noc_console.audit.decision import Decision, DecisionKind
from noc_console.audit.finding import CheckResult, Finding, Result, Severity
from tests.conftest import NOW


def check(
    check_id: str,
    step: Step = Step.FIREWALL,
    severity: Severity = Severity.HIGH,
    privilege: Privilege = Privilege.PLAIN,
) -> Check:
    """Give a check like a shipped one."""
    like = next(iter(load_catalogue().checks.values()))
    return replace(
        like,
        id=check_id,
        step=step,
        severity=severity,
        privilege=privilege,
        title=f"What {check_id} looks at",
    )


CHECKS = {
    one.id: one
    for one in (
        check("FW-01"),
        check("FW-02", severity=Severity.CRITICAL),
        check("UPD-01", Step.UPDATES),
        check("ASK-01", Step.PEOPLE, privilege=Privilege.PERSON),
    )
}


def finding(
    check_id: str = "FW-01",
    item: str = "tcp/3306",
    result: Result = Result.FAIL,
    severity: Severity = Severity.HIGH,
) -> Finding:
    """Give a finding."""
    return Finding(
        check_id=check_id,
        item=item,
        result=result,
        severity=severity,
        sentence=f"{item} is open to all.",
        marks=(1,),
    )


def result(check_id: str, came_to: Result, *findings: Finding, why: str = "") -> CheckResult:
    """Give what a check came to."""
    return CheckResult(
        check_id=check_id,
        result=came_to,
        why=why,
        findings=findings,
        at=NOW,
        took_ms=4,
        cpu_ms=None,
        evidence=b"",
        sha256="a" * 64,
        raw_bytes=0,
    )


def part(
    server_id: int,
    *results: CheckResult,
    group: str = "web",
    state: CollectState = CollectState.DONE,
    why: str = "",
) -> ServerPart:
    """Give a server of an audit."""
    row = AuditServer(
        audit_id=7,
        server_id=server_id,
        server_name=f"web{server_id}",
        groups=(group,) if group else (),
        customers=(),
        family="debian",
        system="Debian 12",
        state=state,
        why=why,
        started_at=NOW,
        ended_at=NOW,
        cpu_ms=None,
    )
    return ServerPart(
        row=row,
        results={one.check_id: one for one in results},
        findings=tuple(found for one in results for found in one.findings),
    )


def decision(
    server_id: int,
    check_id: str = "FW-01",
    item: str = "tcp/3306",
    kind: DecisionKind = DecisionKind.FIXED,
    audit_id: int = 7,
    **more: object,
) -> Decision:
    """Give a decision."""
    given = {"reason": "", "until": None, "owner": "", "by": "ann"} | more
    return Decision(
        id=1,
        audit_id=audit_id,
        server_id=server_id,
        check_id=check_id,
        item=item,
        kind=kind,
        at=NOW,
        **given,
    )


def checklist(
    *parts: ServerPart, decisions: tuple[Decision, ...] = (), **more: object
) -> Checklist:
    """Give a checklist of some servers."""
    return Checklist(
        audit=Audit(
            id=7,
            month="2026-11",
            revision=1,
            state=AuditState.OPEN,
            scope="all servers",
            created_at=NOW,
            created_by="ann",
            catalogue="c" * 64,
        ),
        checks=CHECKS,
        parts={one.row.server_id: one for one in parts},
        decisions={(one.server_id, one.check_id, one.item): one for one in decisions},
        **more,
    )


def asked(server_id: int, *found: Finding, group: str = "web") -> ServerPart:
    """Give a server all of whose checks were asked; only FW-01 found something."""
    return part(
        server_id,
        result("FW-01", Result.FAIL if found else Result.PASS, *found),
        result("FW-02", Result.PASS),
        result("UPD-01", Result.PASS),
        result("ASK-01", Result.NOT_MEASURED, why="A person answers this."),
        group=group,
    )
