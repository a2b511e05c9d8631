"""`noc-console notice show`: what a notice says and how it stands, or the notice as a file."""

import argparse
import json
from contextlib import closing

from noc_console.cli.notice_told import notice_lines, stored_json
from noc_console.cli.terminal_text import inert
from noc_console.fleet.records import list_servers
from noc_console.incidents.times import local_text
from noc_console.notices.notice_file import write_notice
from noc_console.notices.notice_records import get_notice
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which one, and the form."""
    parser.add_argument("id", metavar="ID", type=int, help="the notice's number")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--toml", action="store_true", help="write it as a notice file")
    form.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print it.

    Raises:
        ConsoleError: there is no such notice, or the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        stored = get_notice(store, arguments.id)
        servers = list_servers(store)
    if arguments.toml:
        print(write_notice(stored.notice, servers), end="")
    elif arguments.json:
        print(json.dumps(stored_json(stored, servers)))
    else:
        version = f", version {stored.live_version} in force" if stored.live_version else ""
        print(
            *notice_lines(stored.notice, servers),
            f"Stands        {stored.state.value}{version}",
            f"Made          by {inert(stored.made_by)} at {local_text(stored.made_at)}",
            f"Changed       by {inert(stored.changed_by)} at {local_text(stored.changed_at)}",
            sep="\n",
        )
    return 0
