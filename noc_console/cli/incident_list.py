"""`noc-console incident list`: the incidents as they need a person."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.incident_words import clock_words, incident_to_json
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.incidents.incident.incident import Incident, in_order_of_need
from noc_console.incidents.incident.incident_records import list_incidents
from noc_console.incidents.times import span_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="SEVERITY"),
    Column(title="STATE", drop_at=4),
    Column(title="INCIDENT", is_sentence=True, shrinks_to=24),
    Column(title="NEXT UPDATE", is_number=True),
    Column(title="FOR", is_number=True, drop_at=3),
    Column(title="LEAD", shrinks_to=6, drop_at=2),
    Column(title="SERVERS", is_number=True, drop_at=1),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which, and the form."""
    parser.add_argument("--all", action="store_true", help="the closed ones too")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print them; exits 0, whether there are any or not.

    Raises:
        ConsoleError: the store cannot be used.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        found = in_order_of_need(list_incidents(store, with_closed=arguments.all), now)
    if arguments.json:
        print(json.dumps({"incidents": [incident_to_json(one, now) for one in found]}))
    elif found:
        rows = [_cells(one, now) for one in found]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    else:
        print("No incident is open." if not arguments.all else "There was no incident so far.")
    return 0


def _cells(one: Incident, now: datetime) -> list[str]:
    return [
        str(one.id),
        one.severity.value,
        one.state.value,
        inert(one.title),
        clock_words(one, now),
        span_text(one.lasted(now)),
        inert(one.lead) or "-",
        str(len(one.server_ids)),
    ]
