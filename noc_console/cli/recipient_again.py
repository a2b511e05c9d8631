"""`noc-console recipient again`: decide what becomes of a message in doubt or given up."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.who import own_name
from noc_console.health.delivery.delivery_records import send_again
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which."""
    parser.add_argument("id", type=int, metavar="ID", help="its number, as `recipient log` has it")


def run(arguments: argparse.Namespace) -> int:
    """Have it sent again.

    Raises:
        ConsoleError: it is neither in doubt nor given up.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        send_again(store, arguments.id, own_name(), datetime.now(UTC))
    print("It is sent again by the engine.")
    return 0
