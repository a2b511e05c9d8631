"""`noc-console alarm list`: the alarms, the most pressing first."""

import argparse
import json
import shutil
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.alarm_words import alarm_to_json, server_name
from noc_console.cli.moments import parse_moment, span_text
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, pressing_order
from noc_console.health.alarm_records import alarms_between, open_alarms
from noc_console.store.heartbeat import living_engine
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="SEVERITY"),
    Column(title="STATE", drop_at=4),
    Column(title="SERVER", shrinks_to=10),
    Column(title="WHAT", is_sentence=True, shrinks_to=24),
    Column(title="SINCE", is_number=True, drop_at=3),
    Column(title="WHO", shrinks_to=6, drop_at=2),
    Column(title="TIMES", is_number=True, drop_at=1),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which alarms, and the form."""
    parser.add_argument(
        "--all", action="store_true", help="also what is shelved, suppressed or acknowledged"
    )
    parser.add_argument(
        "--since",
        metavar="WHEN",
        help="all that were open since then, the cleared too: 1h, 7d, or a time such as"
        " 2026-05-01T14:30",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the alarms; exits 0, whether there are any or not.

    Raises:
        ConsoleError: the moment cannot be read, or the store cannot be used.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        servers = {server.id: server for server in list_servers(store)}
        is_watched = living_engine(store, now) is not None
        if arguments.since is not None:
            alarms = alarms_between(store, parse_moment(arguments.since, now), now)
        else:
            alarms = list(open_alarms(store).values())
    hidden = 0
    if arguments.since is None and not arguments.all:
        shown = [one for one in alarms if one.needs_person]
        hidden = len(alarms) - len(shown)
        alarms = shown
    alarms.sort(key=pressing_order)
    if arguments.json:
        told = [alarm_to_json(one, servers) for one in alarms]
        print(json.dumps({"alarms": told, "is_watched": is_watched}))
        return 0
    if not is_watched:
        print("No engine is watching: nothing is raised or cleared until one does.")
    if alarms:
        rows = [_cells(one, servers, now) for one in alarms]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    else:
        print("No alarm waits for a person." if hidden else "No alarm is open.")
    if hidden:
        print(f"{hidden} more acknowledged, shelved or suppressed; --all lists them.")
    return 0


def _cells(alarm: Alarm, servers: Mapping[int, Server], now: datetime) -> list[str]:
    mark = alarm.claimed or alarm.shelved or alarm.acknowledged
    return [
        str(alarm.id),
        alarm.verdict.value,
        alarm.state.value,
        server_name(alarm, servers),
        inert(alarm.words),
        span_text((now - alarm.raised_at).total_seconds()),
        inert(mark.by) if mark is not None else "",
        str(alarm.times),
    ]
