"""A table of contacts compared with those there are, and taken in. Blocks."""

from collections.abc import Sequence
from datetime import datetime

from noc_console.fleet.importing.preview import Action
from noc_console.fleet.records import list_servers
from noc_console.notices.contact_import import ContactPreview, ContactTable, compare
from noc_console.notices.contact_records import add_and_edit, list_contacts, list_removed
from noc_console.store.store import Store


def compare_with_known(store: Store, table: ContactTable, groups: Sequence[str]) -> ContactPreview:
    """Give what a table would bring, all of it put in some groups."""
    customers = {site.customer for server in list_servers(store) for site in server.sites}
    told = table.in_groups(groups) if groups else table
    return compare(told, list_contacts(store), list_removed(store), customers)


def take_in(store: Store, preview: ContactPreview, by: str, now: datetime) -> tuple[int, int]:
    """Add and change the contacts, all of them or none; gives how many of each.

    Raises:
        InvalidContact: somebody changed one of them meanwhile; nothing was imported.
    """
    added = [row.contact for row in preview.rows if row.action is Action.ADD]
    edited = [
        (row.before, row.contact)
        for row in preview.rows
        if row.action is Action.UPDATE and row.before is not None
    ]
    if added or edited:
        add_and_edit(store, added, edited, by, now)
    return len(added), len(edited)
