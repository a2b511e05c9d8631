"""The orders about audits, for window and terminal: run one, look at one finding again."""

from collections.abc import Sequence
from datetime import datetime

from noc_console.audit.audit import AuditState
from noc_console.audit.audit_records import AuditIsSigned, get_audit
from noc_console.store import orders
from noc_console.store.store import Store

RUN_AUDIT = "run audit"
RECHECK = "re-check finding"
MENDINGS = "mendings"
"""In the request of a re-check: the numbers of the planned work that it tells the end of."""


def ask_to_run(
    store: Store,
    audit_id: int,
    *,
    checks: Sequence[str] | None = None,
    servers: Sequence[int] | None = None,
    heavy_now: bool = False,
    asked_by: str,
    now: datetime,
) -> int:
    """Ask the engine to collect an audit, or some checks or servers of it; gives the order.

    An engine that ends meanwhile leaves it to the next one. `heavy_now` does not wait for the time
    of day that is set for heavy checks.

    Raises:
        AuditIsSigned: nothing in it changes any more.
    """
    _refuse_signed(store, audit_id)
    request = {
        "audit_id": audit_id,
        "checks": None if checks is None else list(checks),
        "servers": None if servers is None else list(servers),
        "heavy_now": heavy_now,
        orders.GOES_ON: True,
    }
    return orders.place(store, RUN_AUDIT, request=request, asked_by=asked_by, now=now)


def ask_to_recheck(
    store: Store, audit_id: int, server_id: int, check_id: str, *, asked_by: str, now: datetime
) -> int:
    """Ask the engine to do one check of one server again, now; gives the order.

    Raises:
        AuditIsSigned: nothing in it changes any more.
    """
    _refuse_signed(store, audit_id)
    request = {"audit_id": audit_id, "check_id": check_id}
    return orders.place(
        store, RECHECK, server_id=server_id, request=request, asked_by=asked_by, now=now
    )


def _refuse_signed(store: Store, audit_id: int) -> None:
    one = get_audit(store, audit_id)
    if one.state is not AuditState.OPEN:
        raise AuditIsSigned(
            f"The audit of {one.month} is signed; begin a new revision to look again."
        )
