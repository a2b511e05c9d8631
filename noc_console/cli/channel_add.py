"""`noc-console channel add`: a place where notices are posted."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.channel_words import KINDS, add_words, settings_of, typed_secret
from noc_console.cli.terminal_text import as_typed, inert
from noc_console.cli.who import own_name
from noc_console.notices.channel_saving import save_channel
from noc_console.notices.channels.channel import Channel
from noc_console.notices.channels.kinds import facts_of
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the name, the kind and all that describes a channel."""
    parser.add_argument("name", metavar="NAME", help="what it is called here")
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help=f"one of {', '.join(KINDS)}")
    add_words(parser)


def run(arguments: argparse.Namespace) -> int:
    """Add the channel.

    Raises:
        ConsoleError: it cannot be so, or the name is taken; nothing was added.
    """
    kind = KINDS[arguments.kind]
    one = Channel(
        name=arguments.name.strip(),
        kind=kind,
        settings=settings_of(arguments.settings, {}),
        brand=arguments.brand or "",
        language=arguments.language or "",
    )
    secret = typed_secret(arguments, kind)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        kept = save_channel(store, one, secret, own_name(), datetime.now(UTC))
    print(f"Added {inert(kept.name)}.", end=" ")
    typed = as_typed([kept.name])
    if facts_of(kind).secrets and not kept.secret and kind.value not in {"email", "webhook"}:
        print(f"It needs a secret: noc-console channel edit {typed} --secret-stdin")
    else:
        print(f"See whether it works: noc-console channel test {typed}")
    return 0
