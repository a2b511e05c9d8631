"""The SQL of handovers. Each write bumps `incident`, whose promises stand on the page."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.incidents.handover.handover import (
    MAX_NOTE,
    Handover,
    HandoverPage,
    HandoverRefused,
    page_from_json,
    page_to_json,
)
from noc_console.incidents.incident.incident import checked_name
from noc_console.store.changes import bump
from noc_console.store.schema.incidents import handover
from noc_console.store.store import Store


def give(
    store: Store, page: HandoverPage, *, by: str, now: datetime, note: str = "", taken_by: str = ""
) -> Handover:
    """Hand a shift over with all that is on its page; with `taken_by` it is taken at once.

    Raises:
        HandoverRefused: there is no name, the note is too long, or giver and taker are one.
    """
    giver, taker = _name(by), checked_name(taken_by)
    if len(note) > MAX_NOTE:
        raise HandoverRefused(f"The note is too long; keep it under {MAX_NOTE} characters.")
    _refuse_oneself(giver, taker)
    values = {
        "given_at": now,
        "given_by": giver,
        "note": note.strip(),
        "taken_at": now if taker else None,
        "taken_by": taker,
        "page": page_to_json(page),
    }
    with store.write() as connection:
        row = connection.execute(sa.insert(handover).values(values).returning(*handover.c)).one()
        bump(connection, "incident")
    return _handover_of(row)


def accept(store: Store, handover_id: int, *, by: str, now: datetime) -> Handover:
    """Take a shift that was given, by name.

    Raises:
        HandoverRefused: there is none, somebody took it, there is no name, or it is one's own.
    """
    taker = _name(by)
    with store.write() as connection:
        row = connection.execute(sa.select(handover).where(handover.c.id == handover_id)).first()
        if row is None:
            raise HandoverRefused(
                f"There is no handover {handover_id}; `handover list` shows them."
            )
        if row.taken_at is not None:
            raise HandoverRefused(f"{row.taken_by} has taken handover {handover_id} already.")
        _refuse_oneself(row.given_by, taker)
        taken = connection.execute(
            sa.update(handover)
            .where(handover.c.id == handover_id, handover.c.taken_at.is_(None))
            .values(taken_at=now, taken_by=taker)
            .returning(*handover.c)
        ).first()
        if taken is None:
            raise HandoverRefused("Somebody else took this handover just now; look again.")
        bump(connection, "incident")
    return _handover_of(taken)


def get_handover(store: Store, handover_id: int) -> Handover:
    """Give one handover.

    Raises:
        HandoverRefused: there is none of that number.
    """
    with store.read() as connection:
        row = connection.execute(sa.select(handover).where(handover.c.id == handover_id)).first()
    if row is None:
        raise HandoverRefused(f"There is no handover {handover_id}; `handover list` shows them.")
    return _handover_of(row)


def list_handovers(store: Store, limit: int = 100) -> list[Handover]:
    """Give the handovers, the newest first."""
    query = sa.select(handover).order_by(handover.c.given_at.desc(), handover.c.id.desc())
    with store.read() as connection:
        return [_handover_of(row) for row in connection.execute(query.limit(limit))]


def waiting_handover(store: Store) -> Handover | None:
    """Give the newest handover if nobody took it yet; older ones are overtaken."""
    newest = list_handovers(store, 1)
    return newest[0] if newest and newest[0].taken_at is None else None


def _name(by: str) -> str:
    name = checked_name(by)
    if not name:
        raise HandoverRefused("Say who you are: a shift is handed from one name to another.")
    return name


def _refuse_oneself(giver: str, taker: str) -> None:
    if taker and giver.casefold() == taker.casefold():
        raise HandoverRefused(
            f"{giver} gives this shift and cannot take it too; let the next person type their name."
        )


def _handover_of(row: sa.Row[Any]) -> Handover:
    values = row._asdict()
    values["page"] = page_from_json(values["page"])
    return Handover(**values)
