"""`noc-console contact edit`: change what is known of an address that notices go to."""

import argparse
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.contact_words import add_words, described
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.notices.contact_records import edit_contact, get_contact
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the address and all that may change."""
    parser.add_argument("address", metavar="ADDRESS", help="the e-mail address")
    parser.add_argument("--address", dest="new_address", metavar="NEW", help="another address")
    add_words(parser, editing=True)


def run(arguments: argparse.Namespace) -> int:
    """Change the contact.

    Raises:
        ConsoleError: there is none with that address, or it cannot be so; nothing was changed.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        before = get_contact(store, arguments.address)
        wanted = described(arguments, before)
        if arguments.new_address:
            wanted = replace(wanted, address=arguments.new_address.strip())
        if wanted == before:
            raise UsageError(
                "That changes nothing; `noc-console contact edit --help` tells what can be changed."
            )
        edit_contact(store, wanted, own_name(), datetime.now(UTC))
    print(f"Changed {inert(wanted.address)}.")
    return 0
