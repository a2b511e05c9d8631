"""`noc-console handover accept`: take a shift that was given."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.handover_words import handover_to_json, wants_json
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.incidents.handover.handover_records import accept, waiting_handover
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which, and by whom."""
    parser.add_argument(
        "handover", metavar="ID", type=int, nargs="?", help="default: the one that waits"
    )
    parser.add_argument(
        "--as", dest="taker", metavar="NAME", help="who takes it (default: your login name)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Take it.

    Raises:
        ConsoleError: it was not taken; the sentence says why.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        number = arguments.handover
        if number is None:
            waiting = waiting_handover(store)
            if waiting is None:
                raise ConsoleError("No handover waits; `handover give` hands a shift over.")
            number = waiting.id
        by = arguments.taker or own_name()
        taken = accept(store, number, by=by, now=datetime.now(UTC))
    if wants_json(arguments):
        print(json.dumps(handover_to_json(taken)))
    else:
        print(inert(f"Handover {taken.id}: {taken.taken_by} has the shift now."))
    return 0
