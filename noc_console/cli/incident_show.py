"""`noc-console incident show`: all that is known of one incident, with its timeline."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.incident_words import add_number, facts_lines, facts_to_json
from noc_console.incidents.incident.incident_facts import read_facts
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which incident, and the form."""
    add_number(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it.

    Raises:
        ConsoleError: there is no such incident, or the store cannot be used.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        facts = read_facts(store, arguments.incident, now)
    if arguments.json:
        print(json.dumps(facts_to_json(facts, now)))
    else:
        print(*facts_lines(facts, now), sep="\n")
    return 0
