"""`noc-console notice check`: which of the seven things are missing, and what else is amiss."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.notice_content import named_notice
from noc_console.cli.notice_told import read_json, read_lines
from noc_console.incidents.planning.proof_reader import Weight
from noc_console.notices.host_lookup import look_up
from noc_console.notices.reading_through import look_nothing_up, read_through
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

EXIT_AMISS = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which one: a file, or the number of one that is kept."""
    parser.add_argument("notice", metavar="FILE|ID", help="a notice file, or a notice's number")
    parser.add_argument(
        "--offline", action="store_true", help="do not look up where support's hosts lead"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print lamps and findings; exit 1 when a lamp is dark, or a finding refuses or warns.

    Raises:
        ConsoleError: there is no such notice, or the file cannot be read.
    """
    now = datetime.now(UTC)
    ask = look_nothing_up if arguments.offline else look_up
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        read = read_through(store, named_notice(store, arguments.notice, now), now, ask)
    if arguments.json:
        print(json.dumps(read_json(read)))
    else:
        print(*read_lines(read), sep="\n")
    warned = any(one.weight is not Weight.TELLS for one in read.findings)
    return EXIT_AMISS if warned or not read.is_complete else 0
