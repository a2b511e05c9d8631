"""What earlier months' audits keep of a check on a server, for what is judged by its own past."""

from collections.abc import Sequence

from noc_console.audit.audit import Audit
from noc_console.audit.audit_records import evidence_of, list_audits
from noc_console.store.store import Store

MOST_MONTHS = 6
"""Older evidence says little of today; what aged is gone by itself."""


def earlier_audits(audit: Audit, audits: Sequence[Audit]) -> list[Audit]:
    """Give the audits of the months before one, the newest first, as far as they count."""
    before = [one for one in audits if one.month < audit.month]
    months = sorted({one.month for one in before}, reverse=True)[:MOST_MONTHS]
    return [one for one in before if one.month in months]


def earlier_evidence(
    store: Store, audit: Audit, server_id: int, check_id: str
) -> tuple[bytes, ...]:
    """Give the evidence of a check on a server in the months before, the newest first."""
    found = (
        evidence_of(store, one.id, server_id, check_id)
        for one in earlier_audits(audit, list_audits(store))
    )
    return tuple(one for one in found if one)
