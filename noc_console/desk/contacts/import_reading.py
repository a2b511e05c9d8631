"""A table of contacts as the window shows it before it is taken in. No Qt. Blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from noc_console.fleet.importing.preview import Action, Line
from noc_console.fleet.importing.read import told_text
from noc_console.notices import contact_taking
from noc_console.notices.contact_import import (
    ContactPreview,
    ContactRow,
    ContactTable,
    read_contacts,
)
from noc_console.store.store import Store

_ORDER = list(Action)


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
    preview = contact_taking.compare_with_known(store, table, groups)
    rows = sorted(preview.rows, key=lambda row: _ORDER.index(row.action))
    return FoundContacts(table=table, preview=preview, rows=tuple(rows))


def take_in(store: Store, found: FoundContacts, by: str, now: datetime) -> str:
    """Add and change the contacts, all of them or none; gives what to tell the person.

    Raises:
        InvalidContact: somebody changed one of them meanwhile; nothing was imported.
    """
    added, edited = contact_taking.take_in(store, found.preview, by, now)
    return f"Contacts: {added:,} added, {edited:,} changed."
