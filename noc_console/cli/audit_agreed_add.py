"""`noc-console audit agreed add KIND VALUE --reason WHY`: agree to something."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.audit.agreed import AgreedKind
from noc_console.audit.agreed_records import agree
from noc_console.cli.audit_agreed_words import (
    add_owner,
    line_as_json,
    owner_of,
    owner_words,
    server_names,
)
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the line."""
    parser.add_argument(
        "kind", metavar="KIND", choices=[one.value for one in AgreedKind], help="what it is"
    )
    parser.add_argument(
        "values", metavar="VALUE", nargs="+", help="such as tcp/443; * stands for anything"
    )
    add_owner(parser)
    parser.add_argument("--reason", required=True, metavar="WHY", help="why, in one line")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Agree and print what is new.

    Raises:
        ConsoleError: there is no such server or group, or it cannot be agreed.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        kind, owner = owner_of(store, arguments)
        added = agree(
            store,
            kind,
            owner,
            [(arguments.kind, value) for value in arguments.values],
            reason=arguments.reason,
            by=own_name(),
            now=datetime.now(UTC),
        )
        names = server_names(store)
    if arguments.json:
        print(json.dumps({"agreed": [line_as_json(one, names) for one in added]}))
        return 0
    for one in added:
        print(f"{one.id}: {one.kind} {inert(one.value)} is agreed for {owner_words(one, names)}.")
    if not added:
        print("That was agreed already.")
    return 0
