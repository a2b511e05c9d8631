"""`noc-console window show`: one window, its occurrences, and how they went."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta

from noc_console.cli.terminal_text import inert
from noc_console.cli.window_plan import (
    occurrence_json,
    window_json,
    window_lines,
)
from noc_console.fleet.records import list_servers
from noc_console.incidents.windows.window_records import get_window, list_occurrences
from noc_console.incidents.windows.window_words import how_it_went, span_words
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_BACK, _AHEAD = timedelta(days=400), timedelta(days=400)
_MOST = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which window."""
    parser.add_argument("id", metavar="ID", type=int, help="the window's number")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the window, the last occurrences and the next ones.

    Raises:
        ConsoleError: there is no such window, or the store cannot be used.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        window = get_window(store, arguments.id)
        servers = list_servers(store)
        every = list_occurrences(store, now - _BACK, now + _AHEAD)
    ours = [one for one in every if one.window.id == window.id]
    past = [one for one in ours if one.planned_end <= now][-_MOST:]
    shown = [*past, *[one for one in ours if one.planned_end > now][:_MOST]]
    if arguments.json:
        told = {
            "window": window_json(window, servers),
            "occurrences": [occurrence_json(one, now) for one in shown],
        }
        print(json.dumps(told))
        return 0
    print(*window_lines(window, servers), sep="\n")
    for one in shown:
        line = f"{one.stage(now).value:<10}  {span_words(one)}  {inert(how_it_went(one, now))}"
        print(line.rstrip())
    return 0
