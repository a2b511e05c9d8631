"""`noc-console handover list`: the handovers, the newest first."""

import argparse
import json
import shutil
from contextlib import closing

from noc_console.cli.handover_words import handover_to_json, wants_json
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.incidents.handover.handover_records import list_handovers
from noc_console.incidents.times import local_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="GIVEN"),
    Column(title="BY", shrinks_to=8),
    Column(title="TAKEN", drop_at=1),
    Column(title="BY", shrinks_to=8),
    Column(title="NOTE", is_sentence=True, shrinks_to=10, drop_at=0),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print them; exits 0, whether there are any or not.

    Raises:
        ConsoleError: the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        found = list_handovers(store)
    if wants_json(arguments):
        print(json.dumps({"handovers": [handover_to_json(one) for one in found]}))
    elif found:
        rows = [
            [
                str(one.id),
                local_text(one.given_at),
                inert(one.given_by),
                local_text(one.taken_at) if one.taken_at is not None else "-",
                inert(one.taken_by) or "nobody yet",
                inert(one.note),
            ]
            for one in found
        ]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    else:
        print("No shift was handed over so far.")
    return 0
