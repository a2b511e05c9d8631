"""`noc-console window slot`: the quietest times for work on some servers."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import inert
from noc_console.cli.window_plan import add_scope_arguments, read_scope
from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.incidents.planning.plan_reading import covered_servers, propose
from noc_console.incidents.planning.plan_text import parse_start
from noc_console.incidents.wall_time import WallChoice, own_zone, zone_of
from noc_console.incidents.windows.window import MAX_MINUTES
from noc_console.incidents.windows.window_words import when_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_MOST_DAYS = 92


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare for whom, how long, and within which days."""
    add_scope_arguments(parser)
    parser.add_argument("--minutes", type=int, required=True, metavar="N", help="how long")
    parser.add_argument(
        "--from", dest="first", default="+1h", metavar="WHEN", help="not before (default: +1h)"
    )
    parser.add_argument(
        "--days", type=int, default=14, metavar="N", help="within so many days (default: 14)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the quietest times, the quietest first, and on how much data they stand.

    Raises:
        ConsoleError: there is not enough history, or what was named is not there.
    """
    if not 1 <= arguments.minutes <= MAX_MINUTES or not 1 <= arguments.days <= _MOST_DAYS:
        raise ConsoleError(f"Give 1 to {MAX_MINUTES} minutes and 1 to {_MOST_DAYS} days.")
    now = datetime.now(UTC)
    zone_name = arguments.zone or own_zone()
    earliest = parse_start(arguments.first, zone_of(zone_name), WallChoice.LATER, now)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        named, groups = read_scope(store, arguments)
        ids = tuple(server.id for server in named)
        servers = covered_servers(ids, groups, list_servers(store))
        found = propose(
            store,
            servers,
            minutes=arguments.minutes,
            earliest=earliest,
            days=arguments.days,
            zone_name=zone_name,
            now=now,
        )
    if arguments.json:
        slots = [
            {
                "start": iso(slot.start),
                "end": iso(slot.end),
                "load": slot.load,
                "busiest_load": slot.busiest_load,
                "busiest_server": slot.busiest_server,
            }
            for slot in found.slots
        ]
        print(json.dumps({"slots": slots, "basis": found.basis}))
        return 0
    for slot in found.slots:
        print(
            f"{when_text(slot.start, zone_name)}  {slot.load:.2f} of the mean load, at most"
            f" {slot.busiest_load:.2f} ({inert(slot.busiest_server)})"
        )
    print(inert(found.basis))
    return 0
