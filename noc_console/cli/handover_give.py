"""`noc-console handover give`: hand the shift over, with all that stands on the page."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.handover_words import handover_to_json, wants_json
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.incidents.handover.handover_reading import read_page
from noc_console.incidents.handover.handover_records import give
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the note and the names."""
    parser.add_argument("--note", metavar="TEXT", default="", help="what is not on the page")
    parser.add_argument(
        "--from", dest="giver", metavar="NAME", help="who gives it (default: your login name)"
    )
    parser.add_argument(
        "--to", dest="taker", metavar="NAME", default="", help="who takes it, if they are here"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Hand over, and say the number under which it is accepted.

    Raises:
        ConsoleError: it was not handed over; the sentence says why.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        given = give(
            store,
            read_page(store, now),
            by=arguments.giver or own_name(),
            now=now,
            note=arguments.note,
            taken_by=arguments.taker,
        )
    if wants_json(arguments):
        print(json.dumps(handover_to_json(given)))
    elif given.taken_at is not None:
        print(inert(f"Handover {given.id}: {given.taken_by} has the shift now."))
    else:
        print(f"Handed over; the next person takes it with `handover accept {given.id}`.")
    return 0
