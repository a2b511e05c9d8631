"""`noc-console recipient add`: somebody to be told of alarms that nobody takes up."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.recipient_words import add_words, described
from noc_console.cli.terminal_text import as_typed, inert
from noc_console.cli.who import own_name
from noc_console.health.delivery.recipient_saving import save_recipient
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the name and all that describes a recipient."""
    parser.add_argument("name", metavar="NAME", help="what they are called here")
    add_words(parser)


def run(arguments: argparse.Namespace) -> int:
    """Add the recipient.

    Raises:
        ConsoleError: they cannot be told so, or the name is taken; nothing was added.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        one, typed = described(arguments, None)
        kept = save_recipient(store, one, typed, own_name(), datetime.now(UTC))
    print(
        f"Added {inert(kept.name)}. See whether it works: noc-console recipient test "
        f"{as_typed([kept.name])}"
    )
    return 0
