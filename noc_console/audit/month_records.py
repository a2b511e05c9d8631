"""Months read from the store, to be held beside one another."""

from datetime import date

from noc_console.audit.audit import Audit, AuditState
from noc_console.audit.audit_records import ALL_SERVERS, findings_of, list_audits, results_of
from noc_console.audit.finding import Result
from noc_console.audit.month import AuditMonth
from noc_console.errors import ConsoleError
from noc_console.store.store import Store

_NOT_MEASURED = frozenset({Result.NOT_MEASURED})


class NoSuchMonth(ConsoleError):
    """There is no audit of a month, or it is no month."""


def read_month(store: Store, one: Audit) -> AuditMonth:
    """Give what an audit found."""
    results = results_of(store, one.id)
    return AuditMonth(
        month=one.month,
        audit_id=one.id,
        findings={
            (server_id, finding.check_id, finding.item): finding
            for server_id, finding in findings_of(store, one.id)
        },
        measured=frozenset(
            key for key, result in results.items() if result.result not in _NOT_MEASURED
        ),
    )


def audit_of_month(store: Store, month: str) -> Audit:
    """Give the newest revision of a month's audit of all servers.

    Raises:
        NoSuchMonth: there is none.
    """
    check_month(month)
    for one in list_audits(store):
        if one.month == month and one.scope == ALL_SERVERS:
            return one
    raise NoSuchMonth(
        f"There is no audit of {month} ({ALL_SERVERS}); `noc-console audit list` shows those there"
        " are."
    )


def audits_before(store: Store, one: Audit, *, signed_only: bool = False) -> list[Audit]:
    """Give the audits of the same scope before a month, the newest first, a revision each."""
    found: dict[str, Audit] = {}
    for other in list_audits(store):
        is_signed = other.state is not AuditState.OPEN
        if other.scope == one.scope and other.month < one.month and (is_signed or not signed_only):
            found.setdefault(other.month, other)
    return [found[month] for month in sorted(found, reverse=True)]


def check_month(month: str) -> None:
    """See that a month is one.

    Raises:
        NoSuchMonth: it is not written such as 2026-11.
    """
    try:
        is_month = len(month) == 7 and bool(date.fromisoformat(f"{month}-01"))
    except ValueError:
        is_month = False
    if not is_month:
        raise NoSuchMonth("Write a month as year and month, such as 2026-11.")
