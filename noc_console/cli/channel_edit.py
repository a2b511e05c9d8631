"""`noc-console channel edit`: change a channel; what is not named stays as it is."""

import argparse
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from noc_console.cli.channel_words import add_words, settings_of, typed_secret
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.notices.channel_records import get_channel
from noc_console.notices.channel_saving import save_channel
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the name and all that may change."""
    parser.add_argument("name", metavar="NAME", help="which channel")
    parser.add_argument("--name", dest="new_name", metavar="NEW", help="another name")
    add_words(parser)
    pause = parser.add_mutually_exclusive_group()
    pause.add_argument("--pause", action="store_true", help="post nothing there for now")
    pause.add_argument("--resume", action="store_true", help="post there again")


def run(arguments: argparse.Namespace) -> int:
    """Change the channel.

    Raises:
        ConsoleError: there is none of that name, or it cannot be so; nothing was changed.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        before = get_channel(store, arguments.name)
        one = replace(
            before,
            name=(arguments.new_name or before.name).strip(),
            settings=settings_of(arguments.settings, dict(before.settings)),
            brand=before.brand if arguments.brand is None else arguments.brand,
            language=before.language if arguments.language is None else arguments.language,
            is_paused=arguments.pause or (before.is_paused and not arguments.resume),
        )
        secret = typed_secret(arguments, before.kind)
        kept = save_channel(store, one, secret, own_name(), datetime.now(UTC))
    print(f"Changed {inert(kept.name)}.")
    return 0
