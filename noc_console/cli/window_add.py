"""`noc-console window add`: enter a window after reading it through."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.window_plan import (
    add_plan_arguments,
    finding_json,
    finding_lines,
    read_window,
    window_json,
    window_lines,
)
from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.incidents.planning.plan_reading import read_plan
from noc_console.incidents.planning.proof_reader import Weight
from noc_console.incidents.windows.window_records import add_window
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


class NotEntered(ConsoleError):
    """The proof-reader refused the window."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the window."""
    parser.add_argument("title", metavar="TITLE", help="what is done")
    add_plan_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Enter the window and say what is odd about it.

    Raises:
        ConsoleError: it cannot be entered as it is; nothing was.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        window = read_window(store, arguments, arguments.title, now)
        findings = read_plan(store, window, arguments.start, now)
        refused = [one.words for one in findings if one.weight is Weight.REFUSES]
        if refused:
            raise NotEntered(f"The window was not entered. {' '.join(refused)}")
        entered = add_window(store, window)
        servers = list_servers(store)
    if arguments.json:
        told = {
            "window": window_json(entered, servers),
            "findings": [finding_json(one) for one in findings],
        }
        print(json.dumps(told))
    else:
        print(*window_lines(entered, servers), *finding_lines(findings), sep="\n")
    return 0
