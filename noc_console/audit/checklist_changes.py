"""What became of the findings since the month before, for the checklist. Pure: no I/O, no clock."""

from noc_console.audit.checklist import Checklist
from noc_console.audit.finding import Result
from noc_console.audit.month import AuditMonth, Compared, compare


def changes_of(checklist: Checklist) -> list[Compared]:
    """Give each finding of both months, what asks for a look first; none without a month before."""
    if checklist.before is None:
        return []
    earlier = AuditMonth(
        month=checklist.month_before,
        audit_id=0,
        findings=checklist.before,
        measured=frozenset(),
    )
    later = AuditMonth(
        month=checklist.audit.month,
        audit_id=checklist.audit.id,
        findings={
            (server_id, *one.key): one
            for server_id, part in checklist.parts.items()
            for one in part.findings
        },
        measured=frozenset(
            (server_id, check_id)
            for server_id, part in checklist.parts.items()
            for check_id, result in part.results.items()
            if result.result is not Result.NOT_MEASURED
        ),
    )
    return compare(earlier, later)
