"""`noc-console contact add`: an address that notices go to."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.contact_words import add_words, described
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_contact
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_HEARS_OF_NOTHING = (
    "They hear of nothing yet: name a --customer or a --group, unless a channel of e-mail is for "
    "all."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the address and all that describes a contact."""
    parser.add_argument("address", metavar="ADDRESS", help="the e-mail address")
    add_words(parser)


def run(arguments: argparse.Namespace) -> int:
    """Add the contact.

    Raises:
        ConsoleError: it cannot be so, or the address is there; nothing was added.
    """
    one = described(arguments, Contact(address=arguments.address.strip()))
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        kept = add_contact(store, one, own_name(), datetime.now(UTC))
    print(f"Added {inert(kept.address)}.")
    if not (kept.customers or kept.groups):
        print(_HEARS_OF_NOTHING)
    for kind in sorted(kept.opt_outs - one.opt_outs, key=lambda kind: kind.value):
        print(f"They were here before and asked for no {kind.value} notices, which still holds.")
    return 0
