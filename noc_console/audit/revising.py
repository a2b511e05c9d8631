"""A correction of a signed audit: a new revision that begins with all that stood in the old one."""

from datetime import datetime

import sqlalchemy as sa

from noc_console.audit.audit import Audit, AuditState
from noc_console.audit.audit_records import UnknownAudit, get_audit
from noc_console.audit.journal import EntryKind, add_entry
from noc_console.errors import ConsoleError
from noc_console.store.changes import bump
from noc_console.store.schema.audit import (
    audit,
    audit_decision,
    audit_evidence,
    audit_finding,
    audit_result,
    audit_server,
    audit_summary,
)
from noc_console.store.store import Store

_CARRIED = (audit_server, audit_result, audit_finding, audit_decision)


class NotToRevise(ConsoleError):
    """An audit that wants no new revision, or a correction that says no reason."""


def revise(store: Store, audit_id: int, reason: str, *, by: str, now: datetime) -> Audit:
    """Begin a correction of a signed audit; the signed one stays as it is.


    Raises:
        UnknownAudit: there is none of that number.
        NotToRevise: it is open, it has a newer revision, or no reason is given.
    """
    if not reason.strip():
        raise NotToRevise("Say what is corrected: the reason stands in the journal.")
    with store.write() as connection:
        row = connection.execute(sa.select(audit).where(audit.c.id == audit_id)).first()
        if row is None:
            raise UnknownAudit(
                f"There is no audit {audit_id}; `noc-console audit list` shows them."
            )
        same = sa.and_(audit.c.month == row.month, audit.c.scope == row.scope)
        newest = connection.execute(
            sa.select(sa.func.max(audit.c.revision)).where(same)
        ).scalar_one()
        if row.state == AuditState.OPEN.value:
            raise NotToRevise("This audit is open: correct it in place.")
        if newest != row.revision:
            raise NotToRevise(f"Revision {newest} of {row.month} is newer; correct that one.")
        number = connection.execute(
            sa.insert(audit)
            .values(
                month=row.month,
                revision=row.revision + 1,
                state=AuditState.OPEN.value,
                scope=row.scope,
                created_at=now,
                created_by=by,
                catalogue=row.catalogue,
            )
            .returning(audit.c.id)
        ).scalar_one()
        with store.history_write() as history:  # first: a result never stands without its evidence
            for kept in (audit_evidence, audit_summary):
                left_over = kept.c.audit_id == number  # of a correction that was cut off
                history.execute(sa.delete(kept).where(left_over))
                _carry(history, kept, audit_id, number)
        for table in _CARRIED:
            _carry(connection, table, audit_id, number)
        body = {"of": audit_id, "reason": reason}
        add_entry(connection, number, EntryKind.REVISED, body, by=by, at=now)
        bump(connection, "audit")
    return get_audit(store, number)


def _carry(connection: sa.Connection, table: sa.Table, old: int, new: int) -> None:
    names = [one.name for one in table.columns if one.name not in {"id", "audit_id"}]
    rows = sa.select(sa.literal(new), *(table.c[name] for name in names)).where(
        table.c.audit_id == old
    )
    if "id" in table.c:
        rows = rows.order_by(table.c.id)
    connection.execute(sa.insert(table).from_select(["audit_id", *names], rows))
