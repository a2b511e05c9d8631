"""Work planned for findings in the store; the only SQL for it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.audit.decision import Key
from noc_console.audit.finding import CheckResult, Result
from noc_console.audit.mending import MOST_TRIES, Mending, after_of
from noc_console.errors import ConsoleError
from noc_console.store.changes import bump
from noc_console.store.schema.audit import audit_finding, audit_result
from noc_console.store.schema.audit import audit_mending as table
from noc_console.store.store import Store


class NothingToMend(ConsoleError):
    """Work planned for what an audit does not hold."""


def plan_mendings(
    connection: sa.Connection,
    audit_id: int,
    keys: Iterable[Key],
    notice_id: int,
    *,
    by: str,
    now: datetime,
) -> None:
    """Note, inside a write, that findings are to be mended in the work of a notice.

    Raises:
        NothingToMend: the audit does not hold one of them.
    """
    rows = []
    for server_id, check_id, item in keys:
        result, sentence = _before(connection, audit_id, (server_id, check_id, item))
        rows.append(
            {
                "audit_id": audit_id,
                "server_id": server_id,
                "check_id": check_id,
                "item": item,
                "notice_id": notice_id,
                "by": by,
                "at": now,
                "before_result": result,
                "before_sentence": sentence,
                "tries": 0,
                "after_result": "",
                "after_sentence": "",
            }
        )
    if rows:
        connection.execute(sa.insert(table), rows)
        bump(connection, "audit")


def mendings_of(store: Store, audit_id: int) -> list[Mending]:
    """Give what is planned for the findings of an audit, the oldest first."""
    return _read(store, table.c.audit_id == audit_id)


def mendings_of_notices(store: Store, notice_ids: Collection[int]) -> list[Mending]:
    """Give what is to be mended in the work of some notices, the oldest first."""
    return _read(store, table.c.notice_id.in_(notice_ids)) if notice_ids else []


def unsettled(store: Store, since: datetime) -> list[Mending]:
    """Give those planned since a moment of which it is not known what came, if any look is left."""
    is_open = table.c.after_result.in_(("", Result.NOT_MEASURED.value))
    return _read(store, is_open & (table.c.tries < MOST_TRIES) & (table.c.at >= since))


def note_asked(connection: sa.Connection, ids: Sequence[int], now: datetime) -> None:
    """Note, inside the write that places the order, that their checks are asked again."""
    connection.execute(
        sa.update(table).where(table.c.id.in_(ids)).values(asked_at=now, tries=table.c.tries + 1)
    )
    bump(connection, "audit")


def note_after(store: Store, ids: Collection[int], result: CheckResult, now: datetime) -> None:
    """Note what a check came to after the work, for some findings of it."""
    with store.write() as connection:
        query = sa.select(table.c.id, table.c.item).where(
            table.c.id.in_(ids), table.c.check_id == result.check_id
        )
        for row in connection.execute(query).all():
            came_to, sentence = after_of(result, row.item)
            connection.execute(
                sa.update(table)
                .where(table.c.id == row.id)
                .values(after_result=came_to.value, after_sentence=sentence, after_at=now)
            )
        bump(connection, "audit")


def _before(connection: sa.Connection, audit_id: int, key: Key) -> tuple[str, str]:
    server_id, check_id, item = key
    found = connection.execute(
        sa.select(audit_finding.c.result, audit_finding.c.sentence).where(
            audit_finding.c.audit_id == audit_id,
            audit_finding.c.server_id == server_id,
            audit_finding.c.check_id == check_id,
            audit_finding.c.item == item,
        )
    ).first()
    if found is None and not item:
        found = connection.execute(
            sa.select(audit_result.c.result, audit_result.c.why).where(
                audit_result.c.audit_id == audit_id,
                audit_result.c.server_id == server_id,
                audit_result.c.check_id == check_id,
            )
        ).first()
    if found is None:
        raise NothingToMend(f"This audit does not hold {check_id} {item} any more; look again.")
    return str(found[0]), str(found[1])


def _read(store: Store, which: sa.ColumnElement[bool]) -> list[Mending]:
    with store.read() as connection:
        rows = connection.execute(sa.select(table).where(which).order_by(table.c.id))
        return [_mending_of(row) for row in rows]


def _mending_of(row: sa.Row[Any]) -> Mending:
    values = row._asdict()
    values["before_result"] = Result(row.before_result)
    values["after_result"] = Result(row.after_result) if row.after_result else None
    return Mending(**values)
