"""`noc-console audit agreed end ID`: a line holds no longer; it stays to be read."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.audit.agreed_records import end_agreed
from noc_console.cli.audit_agreed_words import owner_words, server_names
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the lines."""
    parser.add_argument("numbers", metavar="ID", nargs="+", type=int, help="numbers of the lines")


def run(arguments: argparse.Namespace) -> int:
    """End them.

    Raises:
        ConsoleError: one does not hold, or there is none of that number.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        names = server_names(store)
        for number in arguments.numbers:
            one = end_agreed(store, number, by=own_name(), now=datetime.now(UTC))
            print(
                f"{one.kind} {inert(one.value)} is agreed no longer for "
                f"{inert(owner_words(one, names))}."
            )
    return 0
