"""`noc-console recipient remove`: tell somebody no more."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.confirm import agrees
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.health.delivery.recipient_records import get_recipient
from noc_console.health.delivery.recipient_saving import drop_recipient
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


class NotRemoved(ConsoleError):
    """A person did not agree."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare who and how to go without the question."""
    parser.add_argument("name", metavar="NAME", help="who")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Remove the recipient; what waits for them is withdrawn and their secret forgotten.

    Raises:
        ConsoleError: there is none of that name, or a person did not agree.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        one = get_recipient(store, arguments.name)
        if not arguments.yes and not agrees(
            f"Tell {one.name} of no alarm any more?",
            answer="yes",
            instead="give --yes to remove without being asked",
        ):
            raise NotRemoved("Nobody was removed.")
        drop_recipient(store, one, own_name(), datetime.now(UTC))
    print(f"Removed {inert(one.name)}.")
    return 0
