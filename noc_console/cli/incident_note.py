"""`noc-console incident note`: a note in an incident's timeline."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.incident_words import add_number, print_entry, words_of
from noc_console.cli.moments import parse_moment
from noc_console.cli.who import own_name
from noc_console.incidents.incident.incident_records import note
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which incident, and the note."""
    add_number(parser)
    parser.add_argument("words", metavar="WORDS", nargs="+", help="the note")
    parser.add_argument("--at", metavar="MOMENT", help="when it happened: 10m, or a time")


def run(arguments: argparse.Namespace) -> int:
    """Write it down.

    Raises:
        ConsoleError: nothing was written; the sentence says why.
    """
    now = datetime.now(UTC)
    at = None if arguments.at is None else parse_moment(arguments.at, now)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        entry = note(store, arguments.incident, words_of(arguments), by=own_name(), now=now, at=at)
    print_entry(entry, f"Written into incident {entry.incident_id}.", as_json=arguments.json)
    return 0
