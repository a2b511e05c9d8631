"""The SQL of contacts. Each change bumps "contact" and notes who made it.

A contact that was removed stays, marked: what they do not want to hear is kept, so an import that
brings the address again does not write to somebody who asked us not to.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.health.delivery.hours import InvalidHours, zone_of
from noc_console.notices.contact import Contact, InvalidContact, address_key
from noc_console.notices.notice import NoticeKind
from noc_console.store.changes import bump
from noc_console.store.schema.contacts import contact
from noc_console.store.store import Store

MOST = 200_000
_AT_ONCE = 500


class UnknownContact(InvalidContact):
    """A contact that is not in the store, or not any more."""


class AddressTaken(InvalidContact):
    """There is a contact with this address already."""


class ContactChanged(InvalidContact):
    """A contact is not as it was seen; somebody else changed it."""


def list_contacts(store: Store) -> tuple[Contact, ...]:
    """Give every contact, by name and address."""
    query = sa.select(contact).where(contact.c.deleted_at.is_(None))
    with store.read() as connection:
        found = [contact_of(row) for row in connection.execute(query)]
    return tuple(sorted(found, key=lambda one: (one.title.casefold(), one.key)))


def list_removed(store: Store) -> tuple[Contact, ...]:
    """Give the contacts that were removed."""
    query = sa.select(contact).where(contact.c.deleted_at.is_not(None))
    with store.read() as connection:
        return tuple(contact_of(row) for row in connection.execute(query))


def get_contact(store: Store, address: str) -> Contact:
    """Give the contact with this address.

    Raises:
        UnknownContact: with near addresses.
    """
    with store.read() as connection:
        row = connection.execute(
            sa.select(contact).where(
                contact.c.address_key == address_key(address), contact.c.deleted_at.is_(None)
            )
        ).first()
        if row is not None:
            return contact_of(row)
        known = connection.execute(
            sa.select(contact.c.address).where(contact.c.deleted_at.is_(None))
        ).scalars()
        near = difflib.get_close_matches(address, list(known), n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "`contact list` shows the addresses."
    raise UnknownContact(f"There is no contact with the address {address}; {hint}")


def contact_by_id(connection: sa.Connection, contact_id: int) -> Contact | None:
    """Give a contact inside a transaction, also one that was removed."""
    row = connection.execute(sa.select(contact).where(contact.c.id == contact_id)).first()
    return None if row is None else contact_of(row)


def add_contact(store: Store, one: Contact, by: str, now: datetime) -> Contact:
    """Add a contact; gives it with its id. One that was removed comes back under its old id, and
    what it did not want to hear still holds.

    Raises:
        AddressTaken: the address is there.
        InvalidContact: there are too many, or no such zone.
    """
    return add_and_edit(store, [one], [], by, now)[0]


def edit_contact(store: Store, one: Contact, by: str, now: datetime) -> Contact:
    """Change what is known of a contact, found by id; gives it as it was before.

    Raises:
        UnknownContact: it was removed meanwhile.
        AddressTaken: another one has the address.
        InvalidContact: there is no such zone.
    """
    _check_zone(one)
    with store.write() as connection:
        bump(connection, "contact")
        before = _living(connection, one.id)
        if before.key != one.key:  # what came back was from the other address
            one = replace(one, stopped_because="", stopped_at=None)
        holder = connection.execute(
            sa.select(contact.c.id, contact.c.deleted_at).where(contact.c.address_key == one.key)
        ).first()
        if holder is not None and holder.id != one.id:
            if holder.deleted_at is None:
                raise AddressTaken(f"There is already a contact with the address {one.address}.")
            one = _freed(connection, holder.id, one)
        _update(connection, one, by, now)
    return before


def add_and_edit(
    store: Store,
    added: Sequence[Contact],
    edited: Sequence[tuple[Contact, Contact]],
    by: str,
    now: datetime,
) -> list[Contact]:
    """Add many contacts and change many others, all of it or nothing; gives those added.

    `edited` gives each contact as it was seen and as it shall be, with the same address.

    Raises:
        AddressTaken, UnknownContact, ContactChanged, InvalidContact: nothing was changed.
    """
    for one in (*added, *(after for _, after in edited)):
        _check_zone(one)
    with store.write() as connection:
        bump(connection, "contact")
        there = _by_key(connection, [one.key for one in added])
        ids = [before.id for before, _ in edited]
        known = {one.id: one for one in _by_ids(connection, ids)}
        for before, after in edited:
            if known.get(before.id) != before:
                raise ContactChanged(f"{before.address} was changed or removed meanwhile.")
            _update(connection, after, by, now)
        result = _add_many(connection, added, there, by, now)
        count = connection.execute(
            sa.select(sa.func.count()).where(contact.c.deleted_at.is_(None))
        ).scalar_one()
        if count > MOST:
            raise InvalidContact(f"There would be more than {MOST:,} contacts; remove some first.")
    return result


def remove_contact(store: Store, contact_id: int, by: str, now: datetime) -> Contact:
    """Send a contact nothing any more; what was sent stays in the records.

    Raises:
        UnknownContact: it was removed meanwhile.
    """
    with store.write() as connection:
        bump(connection, "contact")
        before = _living(connection, contact_id)
        connection.execute(
            sa.update(contact)
            .where(contact.c.id == contact_id)
            .values(deleted_at=now, changed_by=by, changed_at=now)
        )
    return before


def opt_out(
    connection: sa.Connection, contact_id: int, kind: NoticeKind, by: str, now: datetime
) -> bool:
    """Note inside a write that somebody wants no more of a kind; gives whether that is new."""
    one = contact_by_id(connection, contact_id)
    if one is None or kind in one.opt_outs:
        return False
    bump(connection, "contact")
    _update(connection, replace(one, opt_outs=one.opt_outs | {kind}), by, now)
    return True


def stop(connection: sa.Connection, contact_id: int, why: str, by: str, now: datetime) -> bool:
    """Note inside a write that nothing goes to an address any more; gives whether that is new."""
    one = contact_by_id(connection, contact_id)
    if one is None or one.stopped_because:
        return False
    bump(connection, "contact")
    _update(connection, replace(one, stopped_because=why, stopped_at=now), by, now)
    return True


def contact_of(row: sa.Row[Any]) -> Contact:
    """Give the contact of a whole row."""
    return Contact(
        id=row.id,
        address=row.address,
        name=row.name,
        customers=tuple(row.customers),
        groups=tuple(row.groups),
        zone=row.zone,
        language=row.language,
        opt_outs=frozenset(NoticeKind(one) for one in row.opt_outs),
        notes=row.notes,
        stopped_because=row.stopped_because,
        stopped_at=row.stopped_at,
    )


def _row_of(one: Contact) -> dict[str, object]:
    return {
        "address": one.address,
        "address_key": one.key,
        "name": one.name,
        "customers": list(one.customers),
        "groups": list(one.groups),
        "zone": one.zone,
        "language": one.language,
        "opt_outs": sorted(kind.value for kind in one.opt_outs),
        "notes": one.notes,
        "stopped_because": one.stopped_because,
        "stopped_at": one.stopped_at,
    }


def _check_zone(one: Contact) -> None:
    try:
        if one.zone:
            zone_of(one.zone)
    except InvalidHours as error:
        raise InvalidContact(error.sentence) from error


def _add_many(
    connection: sa.Connection,
    added: Sequence[Contact],
    there: dict[str, sa.Row[Any]],
    by: str,
    now: datetime,
) -> list[Contact]:
    new: dict[str, Contact] = {}
    back: list[Contact] = []
    for one in added:
        holder = there.get(one.key)
        if one.key in new or (holder is not None and holder.deleted_at is None):
            raise AddressTaken(f"There is already a contact with the address {one.address}.")
        if holder is None:
            new[one.key] = one
        else:
            opt_outs = one.opt_outs | contact_of(holder).opt_outs
            back.append(replace(one, id=holder.id, opt_outs=opt_outs))
    for one in back:
        _update(connection, one, by, now)
    return [*back, *_insert(connection, list(new.values()), by, now)]


def _insert(
    connection: sa.Connection, new: Sequence[Contact], by: str, now: datetime
) -> list[Contact]:
    if not new:
        return []
    ids = connection.execute(
        sa.insert(contact).returning(contact.c.id, sort_by_parameter_order=True),
        [{**_row_of(one), "changed_by": by, "changed_at": now} for one in new],
    ).scalars()
    return [replace(one, id=new_id) for one, new_id in zip(new, ids, strict=True)]


def _update(connection: sa.Connection, one: Contact, by: str, now: datetime) -> None:
    connection.execute(
        sa.update(contact)
        .where(contact.c.id == one.id)
        .values(**_row_of(one), changed_by=by, changed_at=now, deleted_at=None)
    )


def _freed(connection: sa.Connection, removed_id: int, one: Contact) -> Contact:
    """Take over the address of a removed contact, with what it did not want to hear."""
    removed = contact_by_id(connection, removed_id)
    connection.execute(sa.delete(contact).where(contact.c.id == removed_id))
    return one if removed is None else replace(one, opt_outs=one.opt_outs | removed.opt_outs)


def _living(connection: sa.Connection, contact_id: int) -> Contact:
    row = connection.execute(
        sa.select(contact).where(contact.c.id == contact_id, contact.c.deleted_at.is_(None))
    ).first()
    if row is None:
        raise UnknownContact("This contact was removed meanwhile; list them again.")
    return contact_of(row)


def _by_key(connection: sa.Connection, keys: Sequence[str]) -> dict[str, sa.Row[Any]]:
    rows = (
        row
        for some in _chunks(keys)
        for row in connection.execute(sa.select(contact).where(contact.c.address_key.in_(some)))
    )
    return {row.address_key: row for row in rows}


def _by_ids(connection: sa.Connection, ids: Sequence[int]) -> Iterable[Contact]:
    for some in _chunks(ids):
        query = sa.select(contact).where(contact.c.id.in_(some), contact.c.deleted_at.is_(None))
        yield from (contact_of(row) for row in connection.execute(query))


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[first : first + _AT_ONCE] for first in range(0, len(items), _AT_ONCE))
