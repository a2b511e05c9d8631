"""`noc-console window check`: read a window through without entering it."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.window_plan import (
    add_plan_arguments,
    finding_json,
    finding_lines,
    read_window,
)
from noc_console.incidents.planning.plan_reading import read_plan
from noc_console.incidents.planning.proof_reader import Weight
from noc_console.incidents.windows.window_records import get_window
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

EXIT_WARNED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which window: one that is entered by its number, or one that is planned."""
    parser.add_argument("id", metavar="ID", type=int, nargs="?", help="the number of a window")
    parser.add_argument("--title", default="planned work", help="what is done")
    add_plan_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; exit 1 when one of them refuses or warns.

    Raises:
        ConsoleError: there is no such window, or the plan cannot be read.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if arguments.id is not None:
            window, typed = get_window(store, arguments.id), ""
        else:
            window, typed = read_window(store, arguments, arguments.title, now), arguments.start
        findings = read_plan(store, window, typed, now)
    if arguments.json:
        print(json.dumps({"findings": [finding_json(one) for one in findings]}))
    else:
        print(*(finding_lines(findings) or ["Nothing to say against it."]), sep="\n")
    return EXIT_WARNED if any(one.weight is not Weight.TELLS for one in findings) else 0
