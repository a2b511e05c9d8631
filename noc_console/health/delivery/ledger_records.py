"""The SQL between alarms and messages: how things stand, and what is due written down.

A recipient has at most one message that waits. What falls due meanwhile joins it, so a channel that
is down for an hour gathers one message and not a queue, and its words are made when it goes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from noc_console.health.alarm import Alarm, AlarmEvent
from noc_console.health.alarm_records import alarm_of, events_of, open_alarms
from noc_console.health.delivery.delivery import DeliveryState, ItemKind
from noc_console.health.delivery.rules import (
    FLOOD_WITHIN,
    Due,
    Told,
    called_at,
    calls,
    not_before,
)
from noc_console.health.verdict import Verdict
from noc_console.store.changes import bump
from noc_console.store.schema.alarms import alarm
from noc_console.store.schema.delivery import delivery, delivery_item
from noc_console.store.store import Store

REMEMBERED = timedelta(days=2)
"""How long after an alarm was cleared somebody who heard of it is still told so."""

_IDS_AT_ONCE = 500

_GONE = (
    DeliveryState.SENT.value,
    DeliveryState.HANDING_OVER.value,
    DeliveryState.IN_DOUBT.value,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The open alarms and those cleared of which somebody heard, and what each was told."""

    alarms: tuple[Alarm, ...]
    called: Mapping[int, datetime]
    ledger: Mapping[tuple[int, int], Told]


def read_situation(store: Store, now: datetime) -> Situation:
    """Give how things stand."""
    found = open_alarms(store)
    ledger = _read_ledger(store, now)
    heard = {alarm_id for (_, alarm_id), told in ledger.items() if told.was_heard}
    found |= _read_alarms(store, heard - found.keys())
    calling = [one for one in found.values() if calls(one)]
    return Situation(alarms=tuple(found.values()), called=_called(store, calling), ledger=ledger)


def _called(store: Store, calling: Sequence[Alarm]) -> dict[int, datetime]:
    events: defaultdict[int, list[AlarmEvent]] = defaultdict(list)
    for ids in _portions([one.id for one in calling]):
        for event in events_of(store, ids):
            events[event.alarm_id].append(event)
    return {one.id: called_at(one, events[one.id]) for one in calling}


def _read_alarms(store: Store, ids: Collection[int]) -> dict[int, Alarm]:
    found: dict[int, Alarm] = {}
    with store.read() as connection:
        for some in _portions(sorted(ids)):
            rows = connection.execute(sa.select(alarm).where(alarm.c.id.in_(some)))
            found |= {row.id: alarm_of(row) for row in rows}
    return found


def _read_ledger(store: Store, now: datetime) -> dict[tuple[int, int], Told]:
    """Only what is open or was cleared lately matters: the log goes back for more than a year."""
    lately = sa.select(alarm.c.id).where(
        alarm.c.cleared_at.is_(None) | (alarm.c.cleared_at > now - REMEMBERED)
    )
    query = (
        sa.select(
            delivery.c.recipient_id,
            delivery.c.state,
            delivery_item.c.delivery_id,
            delivery_item.c.alarm_id,
            delivery_item.c.kind,
            delivery_item.c.verdict,
            delivery_item.c.at,
        )
        .join(delivery, delivery.c.id == delivery_item.c.delivery_id)
        .where(delivery.c.state != DeliveryState.WITHDRAWN.value)
    )
    rows: list[Any] = []
    with store.read() as connection:
        ids = connection.execute(lately).scalars().all()
        for some in _portions(ids):
            rows += connection.execute(query.where(delivery_item.c.alarm_id.in_(some))).all()
    return ledger_of(sorted(rows, key=lambda row: (row.at, row.delivery_id)))


def ledger_of(rows: Iterable[Any]) -> dict[tuple[int, int], Told]:
    """Give the ledger of rows of items with their message's recipient and state, oldest first."""
    ledger: dict[tuple[int, int], Told] = {}
    for row in rows:
        key, state = (row.recipient_id, row.alarm_id), DeliveryState(row.state)
        kind, before = ItemKind(row.kind), ledger.get(key)
        heard_before = before is not None and before.was_heard
        is_over = kind is ItemKind.CLEARED and (state.was_heard or state is DeliveryState.GIVEN_UP)
        ledger[key] = Told(
            kind=kind,
            verdict=Verdict(row.verdict),
            at=row.at,
            is_waiting=state in {DeliveryState.QUEUED, DeliveryState.SENDING},
            was_heard=not is_over and (heard_before or state.was_heard),
        )
    return ledger


def put_due(store: Store, dues: Sequence[Due], now: datetime) -> int:
    """Write down what is due, in the message that waits for each recipient or a new one.

    Gives the number of messages that were begun.
    """
    by_recipient: defaultdict[int, list[Due]] = defaultdict(list)
    for due in dues:
        by_recipient[due.recipient_id].append(due)
    begun = 0
    with store.write() as connection:
        bump(connection, "delivery")
        for recipient_id, some in by_recipient.items():
            begun += _put_for(connection, recipient_id, some, now)
    return begun


def _put_for(
    connection: sa.Connection, recipient_id: int, dues: Sequence[Due], now: datetime
) -> bool:
    waiting = connection.execute(
        sa.select(delivery.c.id, delivery.c.next_at, delivery.c.tries)
        .where(
            delivery.c.recipient_id == recipient_id,
            delivery.c.state == DeliveryState.QUEUED.value,
        )
        .order_by(delivery.c.id)
        .limit(1)
    ).first()
    next_at = not_before(_sent_lately(connection, recipient_id, now), dues, now)
    if waiting is None:
        delivery_id = _put_new(connection, recipient_id, next_at, now)
    else:
        delivery_id = waiting.id
        if not waiting.tries and next_at < waiting.next_at:
            connection.execute(
                sa.update(delivery).where(delivery.c.id == delivery_id).values(next_at=next_at)
            )
    connection.execute(
        sa.insert(delivery_item),
        [
            {
                "delivery_id": delivery_id,
                "alarm_id": due.item.alarm_id,
                "kind": due.item.kind.value,
                "verdict": due.item.verdict.value,
                "at": due.at,
            }
            for due in dues
        ],
    )
    return waiting is None


def _put_new(connection: sa.Connection, recipient_id: int, next_at: datetime, now: datetime) -> int:
    return int(
        connection.execute(
            sa.insert(delivery)
            .values(
                recipient_id=recipient_id,
                state=DeliveryState.QUEUED.value,
                subject="",
                made_at=now,
                next_at=next_at,
                tries=0,
                words="" if next_at <= now else "Many went lately: what comes is gathered.",
            )
            .returning(delivery.c.id)
        ).scalar_one()
    )


def _sent_lately(connection: sa.Connection, recipient_id: int, now: datetime) -> list[datetime]:
    query = sa.select(delivery.c.began_at).where(
        delivery.c.recipient_id == recipient_id,
        delivery.c.state.in_(_GONE),
        delivery.c.began_at > now - FLOOD_WITHIN,
    )
    return [at for at in connection.execute(query).scalars() if at is not None]


def _portions(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[first : first + _IDS_AT_ONCE] for first in range(0, len(ids), _IDS_AT_ONCE))
