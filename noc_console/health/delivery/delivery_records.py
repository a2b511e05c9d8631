"""The SQL of one message's life.

Every state is durable before what follows from it is done, so a crash at any moment leaves a
message that is safe to send, or one of which is said that nobody knows. To one recipient goes one
message at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.health.alarm import Alarm
from noc_console.health.alarm_records import alarm_of
from noc_console.health.delivery.delivery import Delivery, DeliveryState, Item, ItemKind
from noc_console.health.delivery.recipient import Recipient, Way
from noc_console.health.delivery.recipient_records import recipient_of
from noc_console.health.delivery.rules import GIVE_UP_AFTER, LONGEST_WAIT, holds
from noc_console.health.verdict import Verdict
from noc_console.store.changes import bump
from noc_console.store.schema.alarms import alarm
from noc_console.store.schema.delivery import delivery, delivery_item, recipient
from noc_console.store.schema.servers import server
from noc_console.store.store import Store

_NOTHING_LEFT = "By its time the alarms were taken up or cleared: there was nothing left to tell."
_IN_DOUBT = (
    "The engine ended while this was handed over, so nobody knows whether it arrived; ask, or send "
    "it again."
)
_IDS_AT_ONCE = 500
LOG_GOES_BACK = timedelta(days=400)
TROUBLE_LASTS = timedelta(hours=24)


class NotToBeSentAgain(ConsoleError):
    """A message that is not one to send again or to leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A message whose time has come."""

    delivery_id: int
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that is needed to send one message, as things stand now."""

    delivery_id: int
    tries: int
    made_at: datetime
    recipient: Recipient
    items: tuple[Item, ...]
    alarms: Mapping[int, Alarm]
    names: Mapping[int, str]


def ready(store: Store, now: datetime) -> list[Ready]:
    """Give the messages whose time has come, the oldest of each recipient."""
    oldest = (
        sa.select(sa.func.min(delivery.c.id))
        .where(
            delivery.c.state == DeliveryState.QUEUED.value,
            _is_time(now),
            delivery.c.recipient_id.not_in(_busy()),
        )
        .group_by(delivery.c.recipient_id)
    )
    query = (
        sa.select(delivery.c.id, recipient.c.way)
        .join(recipient, recipient.c.id == delivery.c.recipient_id)
        .where(delivery.c.id.in_(oldest))
        .order_by(delivery.c.id)
    )
    with store.read() as connection:
        return [Ready(delivery_id=row.id, way=Way(row.way)) for row in connection.execute(query)]


def begin(store: Store, delivery_id: int, now: datetime) -> Job | None:
    """Begin a try: note it, leave out what needs no telling any more, and give the rest.

    None when somebody else has begun it, or nothing is left to tell: then it is withdrawn.
    """
    with store.write() as connection:
        bump(connection, "delivery")
        row = connection.execute(
            sa.select(delivery)
            .where(
                delivery.c.id == delivery_id,
                delivery.c.state == DeliveryState.QUEUED.value,
                _is_time(now),
                delivery.c.recipient_id.not_in(_busy()),
            )
            .with_for_update()
        ).first()
        if row is None:
            return None
        items, alarms = _items_left(connection, delivery_id)
        if not items:
            _set(connection, delivery_id, DeliveryState.WITHDRAWN, _NOTHING_LEFT, ended_at=now)
            return None
        _set(
            connection,
            delivery_id,
            DeliveryState.SENDING,
            row.words,
            tries=row.tries + 1,
            began_at=now,
        )
        to = connection.execute(
            sa.select(recipient).where(recipient.c.id == row.recipient_id)
        ).one()
        return Job(
            delivery_id=delivery_id,
            tries=row.tries + 1,
            made_at=row.made_at,
            recipient=recipient_of(to),
            items=tuple(items),
            alarms=alarms,
            names=_names(connection, alarms),
        )


def note_subject(store: Store, delivery_id: int, subject: str) -> bool:
    """Note, durably, that the message itself goes now, and its subject; false: it must not go."""
    return _move(
        store, delivery_id, (DeliveryState.SENDING,), DeliveryState.HANDING_OVER, subject=subject
    )


def note_sent(store: Store, delivery_id: int, words: str, now: datetime) -> None:
    """Note that the message was taken, also when another engine thought it in doubt."""
    known = (DeliveryState.HANDING_OVER, DeliveryState.IN_DOUBT)
    _move(store, delivery_id, known, DeliveryState.SENT, words=words, ended_at=now)


def note_failed(
    store: Store, delivery_id: int, words: str, now: datetime, *, again_at: datetime | None
) -> None:
    """Note why a try failed, and when the next one is; None gives it up."""
    under_way = (DeliveryState.SENDING, DeliveryState.HANDING_OVER)
    if again_at is None:
        _move(store, delivery_id, under_way, DeliveryState.GIVEN_UP, words=words, ended_at=now)
    else:
        _move(store, delivery_id, under_way, DeliveryState.QUEUED, words=words, next_at=again_at)


def is_too_old(job: Job, now: datetime) -> bool:
    """Whether a message has been tried for so long that it is given up."""
    return now - job.made_at >= GIVE_UP_AFTER


def hurry(store: Store, now: datetime) -> None:
    """Try what waits after tries in vain at once: somebody mended a way or a server."""
    with store.write() as connection:
        connection.execute(
            sa.update(delivery)
            .where(delivery.c.state == DeliveryState.QUEUED.value, delivery.c.tries > 0)
            .values(next_at=now)
        )
        bump(connection, "delivery")


def forget_old(store: Store, now: datetime) -> int:
    """Take messages out of the log that are older than it goes back; gives how many."""
    with store.write() as connection:
        return connection.execute(
            sa.delete(delivery).where(
                delivery.c.made_at < now - LOG_GOES_BACK, delivery.c.ended_at.is_not(None)
            )
        ).rowcount


def recover(store: Store, now: datetime) -> int:
    """Take up what a dead engine left: to be sent, or in doubt. Gives how many are in doubt."""
    with store.write() as connection:
        connection.execute(
            sa.update(delivery)
            .where(delivery.c.state == DeliveryState.SENDING.value)
            .values(state=DeliveryState.QUEUED.value, next_at=now)
        )
        doubtful = connection.execute(
            sa.update(delivery)
            .where(delivery.c.state == DeliveryState.HANDING_OVER.value)
            .values(state=DeliveryState.IN_DOUBT.value, words=_IN_DOUBT, ended_at=now)
        ).rowcount
        bump(connection, "delivery")
    return doubtful


def put_test(
    store: Store, recipient_id: int, subject: str, *, is_sent: bool, words: str, now: datetime
) -> None:
    """Note a test in the log, under its outcome."""
    state = DeliveryState.SENT if is_sent else DeliveryState.GIVEN_UP
    with store.write() as connection:
        connection.execute(
            sa.insert(delivery).values(
                recipient_id=recipient_id,
                state=state.value,
                subject=subject,
                made_at=now,
                next_at=now,
                tries=1,
                began_at=now,
                ended_at=now,
                words=words,
            )
        )
        bump(connection, "delivery")


def send_again(store: Store, delivery_id: int, by: str, now: datetime) -> None:
    """Have a message in doubt or given up sent again, by a person's decision.

    Raises:
        NotToBeSentAgain: it is neither, or another one waits for the same recipient already.
    """
    with store.write() as connection:
        row = _decided(connection, delivery_id)
        waiting = connection.execute(
            sa.select(delivery.c.id).where(
                delivery.c.recipient_id == row.recipient_id,
                delivery.c.state == DeliveryState.QUEUED.value,
            )
        ).first()
        if waiting is not None:
            raise NotToBeSentAgain(
                "A newer message waits for this recipient and will tell how things stand; leave "
                "this one."
            )
        _set(
            connection,
            delivery_id,
            DeliveryState.QUEUED,
            f"To be sent again, decided {by}.",
            next_at=now,
            made_at=now,
            tries=0,
            ended_at=None,
        )
        bump(connection, "delivery")


def leave(store: Store, delivery_id: int, by: str, now: datetime) -> None:
    """Leave a message in doubt or given up as it is: a person looked at it.

    Raises:
        NotToBeSentAgain: it is neither.
    """
    with store.write() as connection:
        row = _decided(connection, delivery_id)
        words = f"Left as it is, decided {by}. {row.words}"
        _set(connection, delivery_id, DeliveryState.WITHDRAWN, words, ended_at=now)
        bump(connection, "delivery")


def list_deliveries(store: Store, *, limit: int = 200) -> list[Delivery]:
    """Give the newest messages, newest first."""
    query = _with_names().order_by(delivery.c.id.desc()).limit(limit)
    with store.read() as connection:
        return [_delivery_of(row) for row in connection.execute(query)]


def deliveries_about(store: Store, alarm_ids: Sequence[int]) -> list[Delivery]:
    """Give the messages that told of any of some alarms, the oldest first."""
    about: set[int] = set()
    found: list[Delivery] = []
    with store.read() as connection:
        for first in range(0, len(alarm_ids), _IDS_AT_ONCE):
            some = alarm_ids[first : first + _IDS_AT_ONCE]
            query = sa.select(delivery_item.c.delivery_id).where(delivery_item.c.alarm_id.in_(some))
            about.update(connection.execute(query).scalars())
        ids = sorted(about)
        for first in range(0, len(ids), _IDS_AT_ONCE):
            messages = _with_names().where(delivery.c.id.in_(ids[first : first + _IDS_AT_ONCE]))
            found += [_delivery_of(row) for row in connection.execute(messages)]
    return sorted(found, key=lambda one: one.id)


def troubles(store: Store, now: datetime) -> list[Delivery]:
    """Give each living recipient's newest message if it did not go and nothing went since."""
    query = (
        _with_names()
        .where(
            delivery.c.made_at > now - TROUBLE_LASTS,
            delivery.c.state != DeliveryState.WITHDRAWN.value,
            (delivery.c.tries > 0) | (delivery.c.state != DeliveryState.QUEUED.value),
            recipient.c.deleted_at.is_(None),
        )
        .order_by(delivery.c.id)
    )
    with store.read() as connection:
        newest = {row.recipient_id: row for row in connection.execute(query)}
    found = [_delivery_of(row) for row in newest.values()]
    return [one for one in found if one.needs_person]


def _is_time(now: datetime) -> sa.ColumnElement[bool]:
    return (delivery.c.next_at <= now) | (delivery.c.next_at > now + LONGEST_WAIT)


def _busy() -> sa.Select[tuple[int]]:
    """Give the recipients to whom a message is under way."""
    under_way = (DeliveryState.SENDING.value, DeliveryState.HANDING_OVER.value)
    return sa.select(delivery.c.recipient_id).where(delivery.c.state.in_(under_way))


def _with_names() -> sa.Select[Any]:
    """An outer join, so that SQLite does not begin with the recipients and read all they had."""
    return sa.select(delivery, recipient.c.name.label("recipient_name")).outerjoin(
        recipient, recipient.c.id == delivery.c.recipient_id
    )


def _decided(connection: sa.Connection, delivery_id: int) -> sa.Row[Any]:
    row = connection.execute(sa.select(delivery).where(delivery.c.id == delivery_id)).first()
    wanted = (DeliveryState.IN_DOUBT.value, DeliveryState.GIVEN_UP.value)
    if row is None or row.state not in wanted:
        raise NotToBeSentAgain(
            "Only a message that is in doubt or given up asks for a decision; this one does not."
        )
    return row


def _items_left(connection: sa.Connection, delivery_id: int) -> tuple[list[Item], dict[int, Alarm]]:
    """Give the items there is still reason to tell, with the verdict of now; drop the others."""
    rows = connection.execute(
        sa.select(delivery_item.c.kind, alarm)
        .join(alarm, alarm.c.id == delivery_item.c.alarm_id)
        .where(delivery_item.c.delivery_id == delivery_id)
    ).all()
    items: list[Item] = []
    alarms: dict[int, Alarm] = {}
    for row in rows:
        one = alarm_of(row)
        item = Item(alarm_id=one.id, kind=ItemKind(row.kind), verdict=one.verdict)
        if holds(item, one):
            items.append(item)
            alarms[one.id] = one
    _keep_only(connection, delivery_id, items)
    return items, alarms


def _keep_only(connection: sa.Connection, delivery_id: int, items: Sequence[Item]) -> None:
    table = delivery_item
    kept = {(item.alarm_id, item.kind.value): item for item in items}
    rows = connection.execute(sa.select(table).where(table.c.delivery_id == delivery_id)).all()
    for row in rows:
        same = (
            (table.c.delivery_id == delivery_id)
            & (table.c.alarm_id == row.alarm_id)
            & (table.c.kind == row.kind)
        )
        item = kept.get((row.alarm_id, row.kind))
        if item is None:
            connection.execute(sa.delete(table).where(same))
        elif item.verdict is not Verdict(row.verdict):
            connection.execute(sa.update(table).where(same).values(verdict=item.verdict.value))


def _names(connection: sa.Connection, alarms: Mapping[int, Alarm]) -> dict[int, str]:
    ids = sorted({one.server_id for one in alarms.values() if one.server_id is not None})
    rows = connection.execute(sa.select(server.c.id, server.c.name).where(server.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _move(
    store: Store,
    delivery_id: int,
    before: Sequence[DeliveryState],
    state: DeliveryState,
    **values: object,
) -> bool:
    with store.write() as connection:
        changed = connection.execute(
            sa.update(delivery)
            .where(
                delivery.c.id == delivery_id,
                delivery.c.state.in_([one.value for one in before]),
            )
            .values(state=state.value, **values)
        ).rowcount
        bump(connection, "delivery")
    return changed > 0


def _set(
    connection: sa.Connection,
    delivery_id: int,
    state: DeliveryState,
    words: str,
    **values: object,
) -> None:
    connection.execute(
        sa.update(delivery)
        .where(delivery.c.id == delivery_id)
        .values(state=state.value, words=words, **values)
    )


def _delivery_of(row: sa.Row[Any]) -> Delivery:
    values = row._asdict()
    return Delivery(**{**values, "state": DeliveryState(values["state"])})
