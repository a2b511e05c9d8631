"""`noc-console incident open`: an incident from alarms or servers."""

import argparse
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.incident_words import print_incident
from noc_console.cli.moments import parse_moment, parse_span
from noc_console.cli.who import own_name
from noc_console.fleet.records import get_server
from noc_console.incidents.incident.drafting import draft_from
from noc_console.incidents.incident.incident import UPDATE_EVERY, Severity
from noc_console.incidents.incident.incident_records import open_incident
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what it is about."""
    parser.add_argument(
        "title", nargs="?", metavar="TITLE", help="what it is (default: from its alarms)"
    )
    parser.add_argument(
        "--alarm",
        dest="alarms",
        metavar="ID",
        type=int,
        action="append",
        default=[],
        help="an alarm it is opened from; may be given several times",
    )
    parser.add_argument(
        "--server",
        dest="servers",
        metavar="NAME",
        action="append",
        default=[],
        help="a server that is affected; may be given several times",
    )
    parser.add_argument(
        "--severity", choices=[one.value for one in Severity], help="default: from its alarms"
    )
    parser.add_argument(
        "--began", metavar="MOMENT", help="since when customers are affected: 20m, or a time"
    )
    parser.add_argument(
        "--next",
        dest="next_update",
        metavar="SPAN",
        default=None,
        help="when customers shall hear (default: in 30m)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Open it and say its number.

    Raises:
        ConsoleError: nothing was opened; the sentence says why.
    """
    if not (arguments.title or arguments.alarms or arguments.servers):
        raise UsageError("Say what the incident is: a TITLE, --alarm ID or --server NAME.")
    now = datetime.now(UTC)
    every = UPDATE_EVERY if arguments.next_update is None else parse_span(arguments.next_update)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        servers = [get_server(store, name).id for name in arguments.servers]
        draft = draft_from(store, arguments.alarms, servers, now)
        if arguments.title:
            draft = replace(draft, title=arguments.title)
        if arguments.severity:
            draft = replace(draft, severity=Severity(arguments.severity))
        if arguments.began:
            draft = replace(draft, began_at=parse_moment(arguments.began, now))
        opened = open_incident(
            store,
            draft.alarm_ids,
            title=draft.title,
            severity=draft.severity,
            server_ids=draft.server_ids,
            by=own_name(),
            now=now,
            began_at=draft.began_at,
            update_every=every,
        )
    said = f"Incident {opened.id} is open: {opened.title}"
    print_incident(opened, said, as_json=arguments.json, now=now)
    return 0
