"""`noc-console handover show`: a handover as it was given."""

import argparse
import json
import shutil
from contextlib import closing

from noc_console.cli.handover_words import (
    handover_to_json,
    head_lines,
    page_lines,
    wants_json,
)
from noc_console.incidents.handover.handover_records import get_handover
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which."""
    parser.add_argument("handover", metavar="ID", type=int, help="its number")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print it.

    Raises:
        ConsoleError: there is none of that number, or the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        one = get_handover(store, arguments.handover)
    if wants_json(arguments):
        print(json.dumps(handover_to_json(one)))
    else:
        width = shutil.get_terminal_size().columns
        print(*head_lines(one), "", *page_lines(one.page, width), sep="\n")
    return 0
