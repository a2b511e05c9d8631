"""`noc-console alarm show`: one alarm, and all that befell it."""

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime

from noc_console.cli.alarm_words import alarm_to_json, event_to_json, name_of
from noc_console.cli.terminal_text import inert
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmEvent
from noc_console.health.alarm_records import events_of, get_alarm, members_of
from noc_console.incidents.times import local_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which alarm, and the form."""
    parser.add_argument("id", type=int, metavar="ID", help="as `alarm list` prints")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the alarm.

    Raises:
        ConsoleError: there is no such alarm, or the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        alarm = get_alarm(store, arguments.id)
        events = events_of(store, [alarm.id])
        members = members_of(store, alarm.id)
        servers = {server.id: server for server in list_servers(store)}
    named = {servers[one].name: left for one, left in members.items() if one in servers}
    if arguments.json:
        told = alarm_to_json(alarm, servers)
        told["events"] = [event_to_json(event) for event in events]
        told["out_of_reach"] = sorted(name for name, left in named.items() if left is None)
        told["back"] = sorted(name for name, left in named.items() if left is not None)
        print(json.dumps(told))
    else:
        print(*_lines(alarm, events, named, servers), sep="\n")
    return 0


def _lines(
    alarm: Alarm,
    events: list[AlarmEvent],
    members: Mapping[str, datetime | None],
    servers: Mapping[int, Server],
) -> Iterator[str]:
    yield f"Alarm {alarm.id}, {alarm.verdict.value}, {alarm.state.value}"
    yield name_of(alarm, servers)
    away = sorted(inert(name) for name, left in members.items() if left is None)
    if away:
        yield f"Out of reach: {', '.join(away)}"
    if alarm.cause_id is not None:
        yield f"It follows from alarm {alarm.cause_id}."
    yield ""
    for event in events:
        by = inert(event.by) or "the console"
        words = f": {inert(event.words)}" if event.words else ""
        yield f"{local_text(event.at)}  {event.kind.value}, {event.verdict.value}, by {by}{words}"
