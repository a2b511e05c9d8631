"""`noc-console server show`: all that is known of one server."""

import argparse
import json
import shutil
import textwrap
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.check_text import check_text
from noc_console.cli.fleet_reading import read_fleet
from noc_console.cli.fleet_status import ServerStatus
from noc_console.cli.moments import iso
from noc_console.cli.server_list import place_text
from noc_console.cli.terminal_text import inert
from noc_console.fleet.host_keys import AcceptedKey, list_keys
from noc_console.fleet.records import get_server
from noc_console.fleet.serial import server_to_json
from noc_console.fleet.server import Server, ServerKind
from noc_console.incidents.times import local_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_TITLE_WIDTH = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the server and the form."""
    parser.add_argument("name", metavar="NAME", help="the server")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print what is known of the server.

    Raises:
        ConsoleError: there is no such server, or the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        server = get_server(store, arguments.name)
        keys = list_keys(store, server.address, server.port)
        (status,) = read_fleet(store, datetime.now(UTC), [server]).servers
    if arguments.json:
        print(json.dumps(_as_json(server, keys, status)))
    else:
        rows = [*_of_server(server), *_of_keys(keys), *_of_status(status)]
        print(*_lines(rows, shutil.get_terminal_size().columns), sep="\n")
    return 0


def _as_json(server: Server, keys: Sequence[AcceptedKey], status: ServerStatus) -> dict[str, Any]:
    return {
        **server_to_json(server),
        "host_keys": [
            {
                "key": key.line,
                "fingerprint": key.fingerprint,
                "accepted_by": key.accepted_by,
                "accepted_at": iso(key.accepted_at),
            }
            for key in keys
        ],
        "verdict": status.verdict.value,
        "since": iso(status.since),
        "reasons": list(status.reasons),
        "link": status.link.value,
    }


def _of_server(server: Server) -> list[tuple[str, str]]:
    rows = [("Name", server.name)]
    if server.kind is ServerKind.THIS_MACHINE:
        rows.append(("Address", f"{server.address}, an engine's own machine, read without SSH"))
    else:
        rows += [
            ("Address", place_text(server)),
            ("User", server.user or "your own name"),
            ("Logs in with", server.authentication.value),
            ("Key file", server.key_file),
            ("Certificate", server.certificate_file),
            ("Jumps", ", then ".join(server.jumps)),
            ("Algorithms", "outdated ones too" if server.allow_weak_algorithms else "modern only"),
        ]
    rows += [
        ("Read every", f"{server.tick_s} s"),
        ("Groups", ", ".join(server.groups)),
        *(("Service", unit) for unit in server.expected_services),
        *(("Check", check_text(check)) for check in server.checks),
        *(("Site", f"{one.domain} {one.customer}".strip()) for one in server.sites),
        ("Brand", server.brand),
        ("Partner", server.partner),
        ("Notes", server.notes),
    ]
    return [row for row in rows if row[1]]


def _of_keys(keys: Sequence[AcceptedKey]) -> list[tuple[str, str]]:
    return [("Host key", _key_text(key)) for key in keys]


def _key_text(key: AcceptedKey) -> str:
    by = f"accepted by {key.accepted_by} at {local_text(key.accepted_at)}"
    return f"{key.fingerprint} ({key.line.split()[0]}), {by}"


def _of_status(status: ServerStatus) -> list[tuple[str, str]]:
    return [
        ("Verdict", f"{status.verdict.value} since {local_text(status.since)}"),
        *(("Because", reason) for reason in status.reasons),
        ("Link", status.link.value),
    ]


def _lines(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Set titles in a column and break long texts; a title that repeats is told once."""
    lines: list[str] = []
    before = ""
    for title, text in rows:
        shown = "" if title == before else title
        before = title
        for line in _broken(text, max(20, width - _TITLE_WIDTH)):
            lines.append(f"{shown:<{_TITLE_WIDTH}}{line}".rstrip())
            shown = ""
    return lines


def _broken(text: str, width: int) -> list[str]:
    return [
        part
        for line in text.splitlines()
        for part in textwrap.wrap(inert(line), width, break_on_hyphens=False) or [""]
    ]
