"""`noc-console channel remove`: post on a channel no more."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.confirm import agrees
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.notices.channel_records import get_channel
from noc_console.notices.channel_saving import drop_channel
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


class NotRemoved(ConsoleError):
    """A person did not agree."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which and how to go without the question."""
    parser.add_argument("name", metavar="NAME", help="which channel")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Remove the channel; its secret is forgotten, what was posted stays in the ledger.

    Raises:
        ConsoleError: there is none of that name, or a person did not agree.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        one = get_channel(store, arguments.name)
        if not arguments.yes and not agrees(
            f"Post nothing on {one.name} any more? What was to go there does not go.",
            answer="yes",
            instead="give --yes to remove without being asked",
        ):
            raise NotRemoved("No channel was removed.")
        drop_channel(store, one, own_name(), datetime.now(UTC))
    print(f"Removed {inert(one.name)}.")
    return 0
