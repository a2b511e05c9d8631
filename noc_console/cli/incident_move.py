"""What `noc-console incident resolve`, `reopen` and `close` have in common."""

import argparse
from contextlib import closing
from datetime import UTC, datetime
from typing import Protocol

from noc_console.cli.incident_words import add_number, print_incident, words_of
from noc_console.cli.who import own_name
from noc_console.incidents.incident.incident import Incident
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store


class Act(Protocol):
    """What moves an incident on: an act of its records."""

    def __call__(
        self, store: Store, incident_id: int, *, by: str, now: datetime, words: str
    ) -> Incident:
        """Move it on and give it as it is then."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which incident, and the words for its timeline."""
    add_number(parser)
    parser.add_argument("words", metavar="WORDS", nargs="*", help="how, for the timeline")


def move(arguments: argparse.Namespace, act: Act, how_it_is: str) -> int:
    """Move an incident on by one of the acts of its records, and tell how it is now.

    Raises:
        ConsoleError: it does not go with how the incident stands; the sentence says why.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        done = act(store, arguments.incident, by=own_name(), now=now, words=words_of(arguments))
    print_incident(done, f"Incident {done.id} is {how_it_is}.", as_json=arguments.json, now=now)
    return 0
