"""`noc-console recipient edit`: change how somebody is told."""

import argparse
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from noc_console.cli.recipient_words import add_words, described
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.health.delivery.recipient_records import get_recipient
from noc_console.health.delivery.recipient_saving import save_recipient
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the name and all that may change."""
    parser.add_argument("name", metavar="NAME", help="who")
    parser.add_argument("--name", dest="new_name", metavar="NEW", help="another name")
    add_words(parser)
    pause = parser.add_mutually_exclusive_group()
    pause.add_argument("--pause", action="store_true", help="tell them nothing for now")
    pause.add_argument("--resume", action="store_true", help="tell them again")


def run(arguments: argparse.Namespace) -> int:
    """Change the recipient.

    Raises:
        ConsoleError: there is none of that name, or they cannot be told so; nothing was changed.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        before = get_recipient(store, arguments.name)
        one, typed = described(arguments, before)
        one = replace(
            one,
            name=(arguments.new_name or one.name).strip(),
            is_paused=arguments.pause or (one.is_paused and not arguments.resume),
        )
        kept = save_recipient(store, one, typed, own_name(), datetime.now(UTC))
    print(f"Changed {inert(kept.name)}.")
    return 0
