"""`noc-console server remove`: take servers out of the fleet; `server restore` undoes it."""

import argparse
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.confirm import agrees
from noc_console.cli.terminal_text import as_typed, inert
from noc_console.errors import ConsoleError
from noc_console.fleet.records import delete_servers, get_server, list_servers
from noc_console.fleet.server import Server
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


class NotRemoved(ConsoleError):
    """A person did not agree."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the servers and how to go without the question."""
    parser.add_argument("names", metavar="NAME", nargs="+", help="the servers")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Remove the servers, all of them or none.

    Raises:
        ConsoleError: one of them is not there, or a person did not agree; nothing was removed.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        names = list(dict.fromkeys(arguments.names))
        removed = [get_server(store, name) for name in names]
        needed = _needed(removed, list_servers(store))
        listed = ", ".join(names)
        if not arguments.yes and not agrees(
            f"Remove {listed}? {needed}".strip(),
            answer="yes",
            instead="give --yes to remove without being asked",
        ):
            raise NotRemoved("Nothing was removed.")
        delete_servers(store, [server.id for server in removed], datetime.now(UTC))
    print(f"Removed {inert(listed)}. {needed}".strip())
    print(f"To undo it: noc-console server restore {as_typed(names)}")
    return 0


def _needed(removed: Sequence[Server], fleet: Sequence[Server]) -> str:
    """Say which other servers are reached through one of these."""
    names = {server.name for server in removed}
    left = [one.name for one in fleet if one.name not in names and names & set(one.jumps)]
    if not left:
        return ""
    who = ", ".join(left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")
    return f"{inert(who)} can then not be reached: the way leads through it."
