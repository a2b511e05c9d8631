"""`noc-console line list`: which lines hold for a server, a group or all, and why."""

import argparse
import json
import shutil
from contextlib import closing
from typing import Any

from noc_console.cli.line_owner import Chosen, add_owner, chosen_owner
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.health.line_book import LineSet, Rule, keys_in_order
from noc_console.health.line_records import load_book
from noc_console.health.line_words import cut_off_words, early_words, forecast_words
from noc_console.health.lines import lines_to_json
from noc_console.health.measures import measure_of
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="KEY", shrinks_to=20),
    Column(title="EARLY", shrinks_to=12),
    Column(title="CUT-OFF", shrinks_to=12),
    Column(title="FORECAST", drop_at=1),
    Column(title="FROM", shrinks_to=8),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare for whom, and the form."""
    parser.description = (
        "Show the early line and the cut-off of each value, and whose they are: the server's own,"
        " its group's, those for all servers, or its profile's."
    )
    add_owner(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the lines.

    Raises:
        ConsoleError: there is no such server or group, or the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        chosen = chosen_owner(arguments, store)
        found = chosen.line_set(load_book(store))
    if arguments.json:
        print(json.dumps(_as_json(chosen, found)))
        return 0
    print(f"Profile {found.profile.title} ({inert(found.profile_source)}).")
    rows = [_cells(found.rules[key]) for key in keys_in_order(found.rules)]
    print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    return 0


def _cells(rule: Rule) -> list[str]:
    measure = measure_of(rule.key)
    if rule.lines.is_silent or measure is None:
        words = ["off", "off", ""]
    else:
        lines = rule.lines
        words = [early_words(lines, measure), cut_off_words(lines, measure), forecast_words(lines)]
    return [inert(rule.key), *words, inert(rule.source)]


def _as_json(chosen: Chosen, found: LineSet) -> dict[str, Any]:
    return {
        "for": chosen.words,
        "profile": found.profile.key,
        "lines": [
            {
                "key": key,
                "source": rule.source,
                "is_off": rule.lines.is_silent,
                "early": None,
                "cut_off": None,
                **lines_to_json(rule.lines),
            }
            for key, rule in ((key, found.rules[key]) for key in keys_in_order(found.rules))
        ],
    }
