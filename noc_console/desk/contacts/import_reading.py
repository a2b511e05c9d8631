"""A table of contacts read and compared with those there are, and taken in. No Qt. Blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from noc_console.fleet.importing.preview import Action, Line
from noc_console.fleet.importing.read import told_text
from noc_console.fleet.records import list_servers
from noc_console.notices.contact_import import (
    ContactPreview,
    ContactRow,
    ContactTable,
    compare,
    read_contacts,
)
from noc_console.notices.contact_records import add_and_edit, list_contacts, list_removed
from noc_console.store.store import Store

_ORDER = (Action.ADD, Action.UPDATE, Action.SKIP, Action.SAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundContacts:
    """What was read, and what would come of it; what changes comes first."""

    table: ContactTable
    preview: ContactPreview
    rows: tuple[ContactRow, ...]

    @property
    def strange(self) -> tuple[Line, ...]:
        """Each line, or part of one, that was not understood."""
        return self.preview.not_understood

    @property
    def changes(self) -> int:
        """How many contacts would be added or changed."""
        return self.preview.count(Action.ADD) + self.preview.count(Action.UPDATE)


def read_and_compare(
    store: Store, path: Path, mapping: Mapping[str, str] | None, groups: Sequence[str]
) -> FoundContacts:
    """Give what a table would bring; `mapping` is guessed when None.

    Raises:
        FileNotRead, InvalidContact: it cannot be read, with what to do.
    """
    table = read_contacts(told_text(path), path.name, mapping)
    customers = {site.customer for server in list_servers(store) for site in server.sites}
    told = table.in_groups(groups) if groups else table
    preview = compare(told, list_contacts(store), list_removed(store), customers)
    rows = sorted(preview.rows, key=lambda row: _ORDER.index(row.action))
    return FoundContacts(table=table, preview=preview, rows=tuple(rows))


def take_in(store: Store, found: FoundContacts, by: str, now: datetime) -> str:
    """Add and change the contacts, all of them or none; gives what to tell the person.

    Raises:
        InvalidContact: somebody changed one of them meanwhile; nothing was imported.
    """
    added = [row.contact for row in found.rows if row.action is Action.ADD]
    edited = [
        (row.before, row.contact)
        for row in found.rows
        if row.action is Action.UPDATE and row.before is not None
    ]
    add_and_edit(store, added, edited, by, now)
    return f"Contacts: {len(added):,} added, {len(edited):,} changed."
