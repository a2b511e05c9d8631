"""What `noc-console window start` and `end` have in common."""

import argparse
import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.cli.window_plan import occurrence_json
from noc_console.incidents.windows.window import Occurrence
from noc_console.incidents.windows.window_words import span_words
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which window."""
    parser.add_argument("id", metavar="ID", type=int, help="the window's number")
    parser.add_argument("--json", action="store_true", help="print JSON")


def record(
    arguments: argparse.Namespace,
    act: Callable[[Store, int, str, datetime], Occurrence],
    did: str,
) -> int:
    """Record what a window did, under the name of who types.

    Raises:
        ConsoleError: there is no such window, or it does not stand so that this can be.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        occurrence = act(store, arguments.id, own_name(), now)
    if arguments.json:
        print(json.dumps(occurrence_json(occurrence, now)))
    else:
        title = inert(occurrence.window.title)
        print(f"{title} {did}; it was planned for {span_words(occurrence)}.")
    return 0
