"""`noc-console contact list`: to whom notices go, and for which customers nobody is known."""

import argparse
import json
import shutil
from collections.abc import Sequence
from contextlib import closing

from noc_console.cli.contact_words import as_json, standing
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.fleet.records import list_servers
from noc_console.notices.contact import Contact, name_key
from noc_console.notices.contact_records import list_contacts
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_COLUMNS = (
    Column(title="ADDRESS", shrinks_to=20),
    Column(title="NAME", shrinks_to=10),
    Column(title="CUSTOMERS", shrinks_to=12),
    Column(title="GROUPS", shrinks_to=8, drop_at=2),
    Column(title="LANGUAGE", drop_at=1),
    Column(title="ZONE", drop_at=1),
    Column(title="NOTICES"),
)
_NOBODY = (
    "There are no contacts yet; take them in with `noc-console contact import FILE.csv` or add one "
    "with `noc-console contact add`."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to list and the form."""
    parser.add_argument("--customer", metavar="CUSTOMER", help="only those of this customer")
    parser.add_argument("--group", metavar="GROUP", help="only those in this group")
    parser.add_argument(
        "--stopped", action="store_true", help="only those to whom nothing goes, and why"
    )
    parser.add_argument(
        "--missing",
        action="store_true",
        help="instead, the customers of the fleet's sites nobody is known for",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the contacts, or the customers that have none.

    Raises:
        ConsoleError: the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        contacts = list_contacts(store)
        missing = _missing(store, contacts)
    if arguments.missing:
        return _tell_missing(missing, as_json=arguments.json)
    found = [one for one in contacts if _is_wanted(one, arguments)]
    if arguments.json:
        print(json.dumps({"contacts": [as_json(one) for one in found]}))
        return 0
    if not contacts:
        print(_NOBODY)
    elif not found:
        print("No contact is like that.")
    else:
        rows = [_cells(one) for one in found]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    _tell_stopped(found)
    if missing:
        print(f"{_customers(len(missing))} without a contact: noc-console contact list --missing")
    return 0


def _missing(store: Store, contacts: Sequence[Contact]) -> list[str]:
    known = {name_key(name) for one in contacts for name in one.customers}
    names = {
        name_key(site.customer): site.customer
        for server in list_servers(store)
        for site in server.sites
        if site.customer.strip()
    }
    return sorted((name for key, name in names.items() if key not in known), key=str.casefold)


def _tell_missing(missing: Sequence[str], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"customers": list(missing)}))
    elif missing:
        print(*(inert(name) for name in missing), sep="\n")
    else:
        print("Each customer of the fleet has a contact.")
    return 0


def _is_wanted(one: Contact, arguments: argparse.Namespace) -> bool:
    for word, names in ((arguments.customer, one.customers), (arguments.group, one.groups)):
        if word and name_key(word) not in {name_key(name) for name in names}:
            return False
    return bool(one.stopped_because) or not arguments.stopped


def _tell_stopped(found: Sequence[Contact]) -> None:
    for one in found:
        if one.stopped_because:
            print(f"Nothing goes to {inert(one.address)}: {inert(one.stopped_because)}")


def _customers(count: int) -> str:
    return "1 customer of the fleet is" if count == 1 else f"{count} customers of the fleet are"


def _cells(one: Contact) -> list[str]:
    return [
        inert(one.address),
        inert(one.name),
        inert("; ".join(one.customers)),
        inert("; ".join(one.groups)),
        one.language or "-",
        one.zone or "-",
        standing(one),
    ]
