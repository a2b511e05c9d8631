"""`noc-console server list`: the servers by name, and how each is reached."""

import argparse
import json
import shutil
from collections.abc import Sequence
from contextlib import closing

from noc_console.cli.near_names import known_or_near
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.fleet.records import list_servers
from noc_console.fleet.serial import server_to_json
from noc_console.fleet.server import Server, ServerKind
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="NAME", shrinks_to=16),
    Column(title="ADDRESS", shrinks_to=16),
    Column(title="USER", shrinks_to=8, drop_at=3),
    Column(title="LOGS IN WITH", drop_at=2),
    Column(title="JUMPS", shrinks_to=8, drop_at=1),
    Column(title="GROUPS", shrinks_to=8),
    Column(title="SERVICES", is_number=True, drop_at=4),
    Column(title="CHECKS", is_number=True, drop_at=5),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form and which servers."""
    parser.add_argument("--group", metavar="G", help="only those of this group")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the servers.

    Raises:
        ConsoleError: there is no such group, or the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        servers = list_servers(store)
    if arguments.group is not None:
        groups = {group for server in servers for group in server.groups}
        known_or_near(arguments.group, groups, "There is no group called")
        servers = [server for server in servers if arguments.group in server.groups]
    if arguments.json:
        print(json.dumps({"servers": [server_to_json(server) for server in servers]}))
    elif servers:
        print(*_as_lines(servers, shutil.get_terminal_size().columns), sep="\n")
    else:
        print("No server is in this store yet; add one with `noc-console server add`.")
    return 0


def _as_lines(servers: Sequence[Server], width: int) -> list[str]:
    return table(_COLUMNS, [_cells(server) for server in servers], width)


def _cells(server: Server) -> list[str]:
    is_ours = server.kind is ServerKind.THIS_MACHINE
    return [
        inert(server.name),
        "an engine's machine" if is_ours else place_text(server),
        "" if is_ours else inert(server.user),
        "" if is_ours else server.authentication.value,
        inert(", ".join(server.jumps)),
        inert(", ".join(server.groups)),
        str(len(server.expected_services)),
        str(len(server.checks)),
    ]


def place_text(server: Server) -> str:
    """Give host and port as in a URL (RFC 3986 section 3.2.2); the usual port is left out."""
    host = f"[{server.address}]" if ":" in server.address else server.address
    return inert(host if server.port == 22 else f"{host}:{server.port}")
