"""`noc-console evidence list`: the recordings, the newest first."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.moments import parse_moment, span_text
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.fleet.records import get_server
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.evidence.evidence_export import recording_to_json
from noc_console.incidents.evidence.evidence_records import list_recordings
from noc_console.incidents.times import local_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="SERVER", shrinks_to=10),
    Column(title="STATE"),
    Column(title="STARTED", drop_at=3),
    Column(title="LASTED", is_number=True),
    Column(title="EXHIBITS", is_number=True, drop_at=1),
    Column(title="SIZE", is_number=True, drop_at=2),
    Column(title="WHY", is_sentence=True, shrinks_to=20),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which recordings, and the form."""
    parser.add_argument("name", metavar="SERVER", nargs="?", help="only those of this server")
    parser.add_argument(
        "--since",
        metavar="WHEN",
        help="those that began since then: 1h, 7d, or a time such as 2026-05-01T14:30",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the recordings; exits 0, whether there are any or not.

    Raises:
        ConsoleError: there is no such server, or the store cannot be used.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        server = get_server(store, arguments.name) if arguments.name else None
        found = list_recordings(store, now, server_id=server.id if server else None)
    if arguments.since is not None:
        since = parse_moment(arguments.since, now)
        found = [one for one in found if one.started_at >= since]
    if arguments.json:
        print(json.dumps({"recordings": [recording_to_json(one) for one in found]}))
    elif found:
        width = shutil.get_terminal_size().columns
        print(*table(_COLUMNS, [_row(one, now) for one in found], width), sep="\n")
    else:
        print(
            "Nothing is recorded. Recording begins by itself when a server passes an early line, "
            "or with `noc-console record SERVER`."
        )
    return 0


def _row(one: Recording, now: datetime) -> list[str]:
    return [
        str(one.id),
        inert(one.server_name),
        one.state.value,
        local_text(one.started_at),
        span_text(one.lasted(now).total_seconds()),
        str(one.exhibits),
        f"{one.stored_bytes / 1e6:.1f} MB",
        inert(one.why),
    ]
