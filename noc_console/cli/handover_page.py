"""`noc-console handover page`: what is to be handed over now."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.handover_words import head_lines, page_lines, page_to_json, wants_json
from noc_console.incidents.handover.handover_reading import read_page
from noc_console.incidents.handover.handover_records import waiting_handover
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print it.

    Raises:
        ConsoleError: the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        page = read_page(store, datetime.now(UTC))
        waiting = waiting_handover(store)
    if wants_json(arguments):
        waits = None if waiting is None else waiting.id
        print(json.dumps(page_to_json(page) | {"waiting_handover": waits}))
        return 0
    if waiting is not None:
        print(*head_lines(waiting), "", sep="\n")
    print(*page_lines(page, shutil.get_terminal_size().columns), sep="\n")
    return 0
