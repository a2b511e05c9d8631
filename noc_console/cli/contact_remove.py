"""`noc-console contact remove`: send notices to an address no more."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.confirm import agrees
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.notices.contact_records import get_contact, remove_contact
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


class NotRemoved(ConsoleError):
    """A person did not agree."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the address and how to go without the question."""
    parser.add_argument("address", metavar="ADDRESS", help="the e-mail address")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Remove the contact; what they do not want to hear is kept for the day they come back.

    Raises:
        ConsoleError: there is none with that address, or a person did not agree.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        one = get_contact(store, arguments.address)
        if not arguments.yes and not agrees(
            f"Send no notices to {one.address} any more?",
            answer="yes",
            instead="give --yes to remove without being asked",
        ):
            raise NotRemoved("Nothing was removed.")
        remove_contact(store, one.id, own_name(), datetime.now(UTC))
    print(f"Removed {inert(one.address)}.")
    return 0
