"""`noc-console incident edit`: other fields of an incident; what is not named stays as it is."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.incident_words import add_number, print_incident
from noc_console.cli.moments import parse_moment, parse_span, parse_until
from noc_console.cli.who import own_name
from noc_console.fleet.records import get_server
from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_records import (
    IncidentChange,
    change_incident,
    change_scope,
)
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_TEXTS = {
    "title": "what it is",
    "lead": "who decides, and is asked",
    "communicator": "who tells customers",
    "scribe": "who writes down what is done",
    "cause": "the cause, as people found it",
    "lessons": "what was learnt, and what will be done",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the fields."""
    add_number(parser)
    for name, what in _TEXTS.items():
        parser.add_argument(f"--{name}", metavar="TEXT", help=f'{what}; "" empties it')
    parser.add_argument("--severity", choices=[one.value for one in Severity])
    parser.add_argument("--began", metavar="MOMENT", help="since when customers are affected")
    parser.add_argument(
        "--due", metavar="MOMENT", help="when the next update is due: 20m, or a time"
    )
    parser.add_argument("--every", metavar="SPAN", help="how often customers hear: 30m, 1h")
    for name, what in (("add", "is affected too"), ("remove", "is not affected")):
        parser.add_argument(
            f"--{name}-server",
            dest=f"{name}_servers",
            metavar="NAME",
            action="append",
            default=[],
            help=f"a server that {what}; may be given several times",
        )
    parser.add_argument(
        "--add-alarm",
        dest="add_alarms",
        metavar="ID",
        type=int,
        action="append",
        default=[],
        help="an alarm that belongs to it; may be given several times",
    )


def run(arguments: argparse.Namespace) -> int:
    """Change it.

    Raises:
        ConsoleError: nothing was changed; the sentence says why.
    """
    now = datetime.now(UTC)
    change = IncidentChange(
        **{name: getattr(arguments, name) for name in _TEXTS},
        severity=Severity(arguments.severity) if arguments.severity else None,
        began_at=parse_moment(arguments.began, now) if arguments.began else None,
        next_update_at=parse_until(arguments.due, now) if arguments.due else None,
        update_every=parse_span(arguments.every) if arguments.every else None,
    )
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        added = _ids(store, arguments.add_servers)
        removed = _ids(store, arguments.remove_servers)
        changed = change_incident(store, arguments.incident, change, by=own_name(), now=now)
        if added or removed or arguments.add_alarms:
            changed = change_scope(
                store,
                arguments.incident,
                add_servers=added,
                remove_servers=removed,
                add_alarms=arguments.add_alarms,
                by=own_name(),
                now=now,
            )
    print_incident(changed, f"Incident {changed.id} is changed.", as_json=arguments.json, now=now)
    return 0


def _ids(store: Store, names: list[str]) -> list[int]:
    return [get_server(store, name).id for name in names]
