"""`noc-console timeline`: what happened to one server, whoever or whatever wrote it down."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.incident_words import moment_line, moment_to_json
from noc_console.cli.moments import iso, parse_moment
from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError
from noc_console.fleet.records import get_server
from noc_console.incidents.incident.server_timeline import read_server_timeline
from noc_console.incidents.times import local_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which server, from when to when, and the form."""
    parser.add_argument("name", metavar="NAME", help="the server")
    parser.add_argument(
        "--since",
        default="1h",
        metavar="MOMENT",
        help="from when on: 1h, 7d or 2026-05-01T14:30 (default: 1h)",
    )
    parser.add_argument("--until", default="0s", metavar="MOMENT", help="as --since (default: now)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print it, the oldest first.

    Raises:
        ConsoleError: for an unknown server or moment, or a store that cannot be used.
    """
    now = datetime.now(UTC)
    start, end = parse_moment(arguments.since, now), parse_moment(arguments.until, now)
    if start >= end:
        raise ConsoleError("--since must lie before --until.")
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        server = get_server(store, arguments.name)
        told = read_server_timeline(store, server, start, end)
    if arguments.json:
        moments = [moment_to_json(one) for one in told.moments]
        about = {"server": server.name, "since": iso(start), "until": iso(end)}
        print(json.dumps({**about, "timeline": moments, "left_out": told.left_out}))
        return 0
    lines = [moment_line(one) for one in told.moments]
    if told.left_out:
        lines.insert(
            0, f"... after {told.left_out} earlier facts; ask for a shorter time to see them."
        )
    nothing = f"Nothing is known to have happened to {inert(server.name)}"
    span = f"between {local_text(start)} and {local_text(end)}"
    print(*(lines or [f"{nothing} {span}."]), sep="\n")
    return 0
