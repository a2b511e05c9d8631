"""What is agreed, in the store: the only SQL for it. A line is never changed, only ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.audit.agreed import AgreedLine, InvalidAgreed, OwnerKind, check_line
from noc_console.store.changes import bump
from noc_console.store.schema.audit import agreed
from noc_console.store.store import Store


def list_agreed(store: Store, *, with_ended: bool = False) -> list[AgreedLine]:
    """Give the lines by owner, kind and value; those that no longer hold too where asked."""
    query = sa.select(agreed).order_by(
        agreed.c.owner_kind, agreed.c.owner, agreed.c.kind, agreed.c.value, agreed.c.id
    )
    if not with_ended:
        query = query.where(agreed.c.ended_at.is_(None))
    with store.read() as connection:
        return [_line_of(row) for row in connection.execute(query)]


def agree(
    store: Store,
    owner_kind: OwnerKind,
    owner: str,
    values: Sequence[tuple[str, str]],
    *,
    reason: str,
    by: str,
    now: datetime,
) -> list[AgreedLine]:
    """Write down what a person agreed, as (kind, value), in one write; gives what is new.

    What this owner has agreed already stays as it is.

    Raises:
        InvalidAgreed: one of them cannot be agreed; nothing was written.
    """
    wanted = []
    for kind, value in values:
        kept, why = check_line(kind, value, reason)
        wanted.append((kind, kept, why))
    with store.write() as connection:
        here = {
            (row.kind, row.value)
            for row in connection.execute(
                sa.select(agreed.c.kind, agreed.c.value).where(
                    agreed.c.owner_kind == owner_kind.value,
                    agreed.c.owner == owner,
                    agreed.c.ended_at.is_(None),
                )
            )
        }
        added = []
        for kind, value, why in dict.fromkeys(wanted):
            if (kind, value) in here:
                continue
            row = connection.execute(
                sa.insert(agreed)
                .values(
                    owner_kind=owner_kind.value,
                    owner=owner,
                    kind=kind,
                    value=value,
                    reason=why,
                    by=by,
                    at=now,
                    ended_by="",
                )
                .returning(*agreed.c)
            ).one()
            added.append(_line_of(row))
        if added:
            bump(connection, "agreed")
    return added


def end_agreed(store: Store, line_id: int, *, by: str, now: datetime) -> AgreedLine:
    """Note that a line holds no longer; it stays, with who ended it and when.

    Raises:
        InvalidAgreed: there is none of that number that still holds.
    """
    with store.write() as connection:
        row = connection.execute(
            sa.update(agreed)
            .where(agreed.c.id == line_id, agreed.c.ended_at.is_(None))
            .values(ended_by=by, ended_at=now)
            .returning(*agreed.c)
        ).first()
        if row is None:
            raise InvalidAgreed(
                f"Nothing of the number {line_id} is agreed now; `noc-console audit agreed list` "
                "shows what is."
            )
        bump(connection, "agreed")
    return _line_of(row)


def _line_of(row: sa.Row[Any]) -> AgreedLine:
    return AgreedLine(
        id=row.id,
        owner_kind=OwnerKind(row.owner_kind),
        owner=row.owner,
        kind=row.kind,
        value=row.value,
        reason=row.reason,
        by=row.by,
        at=row.at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
    )
