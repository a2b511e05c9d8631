"""`noc-console incident resolve`: note that the service is back."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.incident_words import add_number, print_incident, words_of
from noc_console.cli.who import own_name
from noc_console.incidents.incident_records import resolve_incident
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which incident, and the words for its timeline."""
    add_number(parser)
    parser.add_argument("words", metavar="WORDS", nargs="*", help="how, for the timeline")


def run(arguments: argparse.Namespace) -> int:
    """Note it.

    Raises:
        ConsoleError: it does not go with how the incident stands; the sentence says why.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        done = resolve_incident(
            store, arguments.incident, by=own_name(), now=now, words=words_of(arguments)
        )
    print_incident(done, f"Incident {done.id} is resolved.", as_json=arguments.json, now=now)
    return 0
