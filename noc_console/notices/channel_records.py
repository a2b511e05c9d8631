"""The SQL for channels. Each change bumps "channel" and notes who made it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.fleet.inert import inert
from noc_console.notices.channels.channel import Channel, ChannelKind, InvalidChannel
from noc_console.notices.channels.checking import check_channel
from noc_console.store.changes import bump
from noc_console.store.schema.channels import channel
from noc_console.store.store import Store

MOST = 100


class UnknownChannel(InvalidChannel):
    """A channel that is not in the store, or not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTest:
    """How the last test of a channel went."""

    at: datetime
    is_well: bool
    sentence: str


def list_channels(store: Store) -> tuple[Channel, ...]:
    """Give all channels by name."""
    query = sa.select(channel).where(channel.c.deleted_at.is_(None)).order_by(channel.c.name)
    with store.read() as connection:
        return tuple(_channel_of(row) for row in connection.execute(query))


def last_tests(store: Store) -> dict[int, LastTest]:
    """Give how the last test of each channel went that was ever tested, by its id."""
    query = sa.select(channel).where(
        channel.c.deleted_at.is_(None), channel.c.tested_at.isnot(None)
    )
    with store.read() as connection:
        return {
            row.id: LastTest(
                at=row.tested_at, is_well=bool(row.tested_well), sentence=row.tested_words
            )
            for row in connection.execute(query)
        }


def get_channel(store: Store, name: str) -> Channel:
    """Give a channel by name.

    Raises:
        UnknownChannel: there is none; the sentence names those there are.
    """
    known = list_channels(store)
    for one in known:
        if one.name == name:
            return one
    there = ", ".join(inert(one.name, 40) for one in known[:8]) or "none yet"
    raise UnknownChannel(f"There is no channel called {inert(name, 80)}; there is {there}.")


def channel_by_id(store: Store, channel_id: int) -> Channel:
    """Give a channel by id.

    Raises:
        UnknownChannel: it was removed.
    """
    with store.read() as connection:
        return _living(connection, channel_id)


def add_channel(store: Store, one: Channel, by: str, now: datetime) -> Channel:
    """Add a channel; gives it with its id.

    Raises:
        InvalidChannel: its settings cannot be, the name is taken, or there are too many.
    """
    check_channel(one)
    with store.write() as connection:
        bump(connection, "channel")
        _refuse_taken(connection, one.name, but=None)
        living = sa.select(sa.func.count()).where(channel.c.deleted_at.is_(None))
        if connection.execute(living).scalar_one() >= MOST:
            raise InvalidChannel(f"There are {MOST} channels already; remove some first.")
        new_id = connection.execute(
            sa.insert(channel)
            .values(**_row_of(one), tested_words="", changed_by=by, changed_at=now)
            .returning(channel.c.id)
        ).scalar_one()
        return _living(connection, new_id)


def edit_channel(store: Store, one: Channel, by: str, now: datetime) -> Channel:
    """Change a channel, found by id; gives it as it was before. It counts as not tested again.

    Raises:
        UnknownChannel: it was removed meanwhile.
        InvalidChannel: its settings cannot be, or the name is taken.
    """
    check_channel(one)
    with store.write() as connection:
        bump(connection, "channel")
        before = _living(connection, one.id)
        if before.kind is not one.kind:
            raise InvalidChannel("A channel stays what it is; add another one for another kind.")
        _refuse_taken(connection, one.name, but=one.id)
        values = _row_of(one) | {"changed_by": by, "changed_at": now}
        if (one.settings, one.secret) != (before.settings, before.secret):
            values |= {"tested_at": None, "tested_well": None, "tested_words": ""}
        connection.execute(sa.update(channel).where(channel.c.id == one.id).values(**values))
    return before


def remove_channel(store: Store, channel_id: int, by: str, now: datetime) -> Channel:
    """Post on a channel no more; gives it as it was before. What was posted stays in the ledger.

    Raises:
        UnknownChannel: it was removed meanwhile.
    """
    with store.write() as connection:
        bump(connection, "channel")
        before = _living(connection, channel_id)
        connection.execute(
            sa.update(channel)
            .where(channel.c.id == channel_id)
            .values(deleted_at=now, secret="", changed_by=by, changed_at=now)
        )
    return before


def put_test(store: Store, channel_id: int, *, is_well: bool, sentence: str, now: datetime) -> None:
    """Note how a test of a channel went."""
    with store.write() as connection:
        bump(connection, "channel")
        connection.execute(
            sa.update(channel)
            .where(channel.c.id == channel_id)
            .values(tested_at=now, tested_well=is_well, tested_words=sentence)
        )


def _living(connection: sa.Connection, channel_id: int) -> Channel:
    row = connection.execute(
        sa.select(channel).where(channel.c.id == channel_id, channel.c.deleted_at.is_(None))
    ).first()
    if row is None:
        raise UnknownChannel("This channel was removed meanwhile; list the channels again.")
    return _channel_of(row)


def _refuse_taken(connection: sa.Connection, name: str, *, but: int | None) -> None:
    query = sa.select(channel.c.id).where(channel.c.name == name, channel.c.deleted_at.is_(None))
    if any(one != but for one in connection.execute(query).scalars()):
        raise InvalidChannel(
            f"There is already a channel called {inert(name, 80)}; choose another name."
        )


def _channel_of(row: sa.Row[Any]) -> Channel:
    return Channel(
        id=row.id,
        name=row.name,
        kind=ChannelKind(row.kind),
        settings=dict(row.settings),
        secret=row.secret,
        brand=row.brand,
        language=row.language,
        is_paused=bool(row.is_paused),
    )


def _row_of(one: Channel) -> dict[str, object]:
    return {
        "name": one.name,
        "kind": one.kind.value,
        "settings": dict(one.settings),
        "secret": one.secret,
        "brand": one.brand,
        "language": one.language,
        "is_paused": one.is_paused,
    }
