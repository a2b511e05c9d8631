"""Orders: what a person asked of an engine, who, when, how far it is, what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from noc_console.store.changes import bump
from noc_console.store.failures import StoreError
from noc_console.store.heartbeat import LEASE
from noc_console.store.schema.engines import engine, order
from noc_console.store.store import Store

GOES_ON = "goes_on"
"""In a request: it lasts for hours and is gone on with by the next engine, not done anew."""


class UnknownOrder(StoreError):
    """An order that is not in the store."""


class OrderState(Enum):
    """Where an order stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_closed(self) -> bool:
        """Whether nothing more will come of it."""
        return self in {OrderState.DONE, OrderState.FAILED, OrderState.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. `request`, the `progress` rows and `outcome` are the carrying-out room's JSON."""

    id: int
    kind: str
    server_id: int | None
    request: Mapping[str, Any]
    asked_by: str
    asked_at: datetime
    state: OrderState
    engine_id: int | None
    claimed_at: datetime | None
    progress: tuple[Mapping[str, Any], ...]
    outcome: Mapping[str, Any] | None
    closed_at: datetime | None


def place(
    store: Store,
    kind: str,
    *,
    server_id: int | None = None,
    request: Mapping[str, Any] | None = None,
    asked_by: str,
    now: datetime,
) -> int:
    """Ask an engine to do something; gives the order's number."""
    with store.write() as connection:
        return place_in(
            connection, kind, server_id=server_id, request=request, asked_by=asked_by, now=now
        )


def place_in(
    connection: sa.Connection,
    kind: str,
    *,
    server_id: int | None = None,
    request: Mapping[str, Any] | None = None,
    asked_by: str,
    now: datetime,
) -> int:
    """Ask inside a write, so that an order and what it is for stand or fall together."""
    order_id = connection.execute(
        sa.insert(order)
        .values(
            kind=kind,
            server_id=server_id,
            request=dict(request or {}),
            asked_by=asked_by,
            asked_at=now,
            state=OrderState.WAITING.value,
            progress=[],
        )
        .returning(order.c.id)
    ).scalar_one()
    bump(connection, "order")
    return int(order_id)


def get(store: Store, order_id: int) -> Order:
    """Give an order as it stands.

    Raises:
        UnknownOrder: there is none of that number.
    """
    with store.read() as connection:
        row = connection.execute(sa.select(order).where(order.c.id == order_id)).first()
    if row is None:
        raise UnknownOrder(f"There is no order {order_id} in this store; ask again.")
    return _order_of(row)


def open_of(store: Store, kind: str) -> list[Order]:
    """Give the orders of a kind that are not closed, in order."""
    query = (
        sa.select(order).where(order.c.kind == kind, order.c.state.in_(_OPEN)).order_by(order.c.id)
    )
    with store.read() as connection:
        return [_order_of(row) for row in connection.execute(query)]


def of_servers(
    store: Store, server_ids: Collection[int], start: datetime, end: datetime
) -> list[Order]:
    """Give the orders about some servers that were asked for in [start, end), in order."""
    query = (
        sa.select(order)
        .where(order.c.server_id.is_not(None), order.c.asked_at >= start, order.c.asked_at < end)
        .order_by(order.c.id)
    )
    wanted = set(server_ids)
    with store.read() as connection:
        return [_order_of(row) for row in connection.execute(query) if row.server_id in wanted]


def cancel(store: Store, order_id: int, now: datetime) -> bool:
    """Withdraw an order that is not closed; tell whether it was withdrawn."""
    with store.write() as connection:
        changed = connection.execute(
            sa.update(order)
            .where(order.c.id == order_id, order.c.state.in_(_OPEN))
            .values(state=OrderState.CANCELLED.value, closed_at=now)
        ).rowcount
        bump(connection, "order")
    return changed > 0


def claim(store: Store, engine_id: int, now: datetime) -> Order | None:
    """Take the oldest waiting order for this engine; None when there is none. Never twice."""
    with store.read() as connection:
        if connection.execute(_oldest_waiting()).first() is None:
            return None
    with store.write() as connection:
        row = connection.execute(_oldest_waiting().with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        connection.execute(
            sa.update(order)
            .where(order.c.id == row.id)
            .values(state=OrderState.CLAIMED.value, engine_id=engine_id, claimed_at=now)
        )
        bump(connection, "order")
        claimed = connection.execute(sa.select(order).where(order.c.id == row.id)).one()
    return _order_of(claimed)


def report(store: Store, order_id: int, step: Mapping[str, Any]) -> bool:
    """Add a step of progress; tell whether the order is still wanted (not cancelled)."""
    with store.write() as connection:
        row = connection.execute(
            sa.select(order.c.progress, order.c.state)
            .where(order.c.id == order_id)
            .with_for_update()
        ).one()
        if row.state != OrderState.CLAIMED.value:
            return False
        connection.execute(
            sa.update(order)
            .where(order.c.id == order_id)
            .values(progress=[*row.progress, dict(step)])
        )
        bump(connection, "order")
    return True


def close(
    store: Store, order_id: int, state: OrderState, outcome: Mapping[str, Any], now: datetime
) -> None:
    """Note what came of an order; one that was cancelled meanwhile stays cancelled."""
    with store.write() as connection:
        connection.execute(
            sa.update(order)
            .where(order.c.id == order_id, order.c.state == OrderState.CLAIMED.value)
            .values(state=state.value, outcome=dict(outcome), closed_at=now)
        )
        bump(connection, "order")


def reclaim_orphans(store: Store, now: datetime) -> int:
    """Close the orders whose engine died with them, with a sentence; gives how many were left.

    They are not done again by themselves: a person asked at another time and sees it failed. Those
    whose request says `GOES_ON` wait again, for the next engine to go on with.
    """
    living = sa.select(engine.c.id).where(
        engine.c.stopped_at.is_(None), engine.c.heartbeat_at >= now - LEASE
    )
    is_left = sa.and_(
        order.c.state == OrderState.CLAIMED.value,
        order.c.engine_id.not_in(living) | order.c.claimed_at.is_(None),
    )
    with store.write() as connection:
        left = connection.execute(sa.select(order.c.id, order.c.request).where(is_left)).all()
        going_on = [row.id for row in left if row.request.get(GOES_ON)]
        for numbers, values in (
            (going_on, {"state": OrderState.WAITING.value, "engine_id": None, "claimed_at": None}),
            (
                [row.id for row in left if row.id not in going_on],
                {
                    "state": OrderState.FAILED.value,
                    "outcome": {"sentence": "The engine ended before this was done; ask again."},
                    "closed_at": now,
                },
            ),
        ):
            if numbers:
                connection.execute(
                    sa.update(order).where(order.c.id.in_(numbers), is_left).values(**values)
                )
        if left:
            bump(connection, "order")
    return len(left)


_OPEN = (OrderState.WAITING.value, OrderState.CLAIMED.value)


def _oldest_waiting() -> sa.Select[tuple[int]]:
    return (
        sa.select(order.c.id)
        .where(order.c.state == OrderState.WAITING.value)
        .order_by(order.c.id)
        .limit(1)
    )


def _order_of(row: sa.Row[Any]) -> Order:
    values = row._asdict()
    values["state"] = OrderState(values["state"])
    values["progress"] = tuple(values["progress"])
    return Order(**values)
