"""`noc-console incident update`: what customers are told, and when they hear again."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.incident_words import add_number, print_entry, words_of
from noc_console.cli.moments import parse_span
from noc_console.cli.who import own_name
from noc_console.incidents.incident.incident_records import get_incident, tell_customers
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which incident, the words, and the promise."""
    add_number(parser)
    parser.add_argument("words", metavar="WORDS", nargs="+", help="what customers are told")
    promise = parser.add_mutually_exclusive_group()
    promise.add_argument(
        "--next",
        dest="next_update",
        metavar="SPAN",
        help="when customers hear again: 20m, 2h (default: as often as the incident says)",
    )
    promise.add_argument("--last", action="store_true", help="nothing more is promised")


def run(arguments: argparse.Namespace) -> int:
    """Write it down; the console sends nothing by itself.

    Raises:
        ConsoleError: nothing was written; the sentence says why.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        every = get_incident(store, arguments.incident).update_every
        span = every if arguments.next_update is None else parse_span(arguments.next_update)
        entry = tell_customers(
            store,
            arguments.incident,
            words_of(arguments),
            by=own_name(),
            now=now,
            next_update_at=None if arguments.last else now + span,
        )
    said = f"Written into incident {entry.incident_id}; post it where customers read."
    print_entry(entry, said, as_json=arguments.json)
    return 0
