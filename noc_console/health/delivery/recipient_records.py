"""The SQL for recipients. Each change bumps "delivery" and notes who made it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.health.delivery.delivery import DeliveryState
from noc_console.health.delivery.hours import zone_of
from noc_console.health.delivery.recipient import InvalidRecipient, Recipient, Way
from noc_console.health.verdict import Verdict
from noc_console.store.changes import bump
from noc_console.store.schema.delivery import delivery, recipient
from noc_console.store.store import Store

MOST = 200


class UnknownRecipient(InvalidRecipient):
    """A recipient that is not in the store, or not any more."""


def list_recipients(store: Store) -> tuple[Recipient, ...]:
    """Give everybody who is told, those told soonest first."""
    query = (
        sa.select(recipient)
        .where(recipient.c.deleted_at.is_(None))
        .order_by(recipient.c.after_minutes, recipient.c.name)
    )
    with store.read() as connection:
        return tuple(recipient_of(row) for row in connection.execute(query))


def get_recipient(store: Store, name: str) -> Recipient:
    """Give a recipient by name.

    Raises:
        UnknownRecipient: there is none; the sentence names those there are.
    """
    known = list_recipients(store)
    for one in known:
        if one.name == name:
            return one
    there = ", ".join(one.name for one in known[:8]) or "nobody yet"
    raise UnknownRecipient(f"Nobody called {name} is told of alarms; there is {there}.")


def add_recipient(store: Store, one: Recipient, by: str, now: datetime) -> Recipient:
    """Add somebody to be told from now on; gives them with their id.

    Raises:
        InvalidRecipient, InvalidHours: the name is taken, there are too many, or no such zone.
    """
    zone_of(one.zone)
    with store.write() as connection:
        bump(connection, "delivery")
        _refuse_taken(connection, one.name, but=None)
        count = connection.execute(
            sa.select(sa.func.count()).where(recipient.c.deleted_at.is_(None))
        ).scalar_one()
        if count >= MOST:
            raise InvalidRecipient(f"There are {MOST} recipients already; remove some first.")
        new_id = connection.execute(
            sa.insert(recipient)
            .values(**_row_of(one), changed_by=by, changed_at=now)
            .returning(recipient.c.id)
        ).scalar_one()
        row = connection.execute(sa.select(recipient).where(recipient.c.id == new_id)).one()
    return recipient_of(row)


def edit_recipient(store: Store, one: Recipient, by: str, now: datetime) -> Recipient:
    """Change what is known of a recipient, found by id; gives them as they were before.

    Raises:
        UnknownRecipient: they were removed meanwhile.
        InvalidRecipient, InvalidHours: the name is taken, or there is no such zone.
    """
    zone_of(one.zone)
    with store.write() as connection:
        bump(connection, "delivery")
        before = _living(connection, one.id)
        _refuse_taken(connection, one.name, but=one.id)
        connection.execute(
            sa.update(recipient)
            .where(recipient.c.id == one.id)
            .values(**_row_of(one), changed_by=by, changed_at=now)
        )
    return before


def remove_recipient(store: Store, recipient_id: int, by: str, now: datetime) -> Recipient:
    """Tell somebody no more; what waits for them is withdrawn, what was sent stays in the log.

    Raises:
        UnknownRecipient: they were removed meanwhile.
    """
    with store.write() as connection:
        bump(connection, "delivery")
        before = _living(connection, recipient_id)
        connection.execute(
            sa.update(recipient)
            .where(recipient.c.id == recipient_id)
            .values(deleted_at=now, changed_by=by, changed_at=now, secret="")
        )
        connection.execute(
            sa.update(delivery)
            .where(
                delivery.c.recipient_id == recipient_id,
                delivery.c.state == DeliveryState.QUEUED.value,
            )
            .values(
                state=DeliveryState.WITHDRAWN.value,
                ended_at=now,
                words="The recipient was removed before it was sent.",
            )
        )
    return before


def recipient_of(row: sa.Row[Any]) -> Recipient:
    """Give the recipient of a whole row."""
    return Recipient(
        id=row.id,
        name=row.name,
        way=Way(row.way),
        address=row.address,
        secret=row.secret,
        after_minutes=row.after_minutes,
        repeat_minutes=row.repeat_minutes,
        least=Verdict(row.least),
        on_call=row.on_call,
        quiet=row.quiet,
        zone=row.zone,
        is_paused=bool(row.is_paused),
    )


def _living(connection: sa.Connection, recipient_id: int) -> Recipient:
    row = connection.execute(
        sa.select(recipient).where(recipient.c.id == recipient_id, recipient.c.deleted_at.is_(None))
    ).first()
    if row is None:
        raise UnknownRecipient("This recipient was removed meanwhile; list them again.")
    return recipient_of(row)


def _refuse_taken(connection: sa.Connection, name: str, *, but: int | None) -> None:
    query = sa.select(recipient.c.id).where(
        recipient.c.name == name, recipient.c.deleted_at.is_(None)
    )
    found: Sequence[int] = connection.execute(query).scalars().all()
    if any(one != but for one in found):
        raise InvalidRecipient(f"There is already a recipient called {name}; choose another name.")


def _row_of(one: Recipient) -> dict[str, object]:
    return {
        "name": one.name,
        "way": one.way.value,
        "address": one.address,
        "secret": "" if one.way is Way.MAIL else one.secret,
        "after_minutes": one.after_minutes,
        "repeat_minutes": one.repeat_minutes,
        "least": one.least.value,
        "on_call": one.on_call,
        "quiet": one.quiet,
        "zone": one.zone,
        "is_paused": one.is_paused,
    }
