"""`noc-console server restore`: bring removed servers back, with their history."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.near_names import known_or_near
from noc_console.cli.terminal_text import inert
from noc_console.fleet.records import last_removed, restore_servers
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the servers."""
    parser.add_argument("names", metavar="NAME", nargs="+", help="servers that were removed")


def run(arguments: argparse.Namespace) -> int:
    """Bring the servers back, all of them or none; of several with one name the last removed.

    Raises:
        ConsoleError: there is no removed server of a name, or another one has the name now.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        removed = last_removed(store)
        names = list(dict.fromkeys(arguments.names))
        for name in names:
            known_or_near(name, removed, "There is no removed server called")
        restore_servers(store, [removed[name] for name in names], datetime.now(UTC))
    print(f"Brought back {inert(', '.join(names))}.")
    return 0
