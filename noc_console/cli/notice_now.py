"""`noc-console notice now`: the first word of downtime, sent at once: three fields, no more."""

import argparse
from contextlib import closing
from datetime import UTC, datetime, timedelta

from noc_console.cli.command_module import UsageError
from noc_console.cli.moments import parse_moment
from noc_console.cli.notice_outcome import print_done
from noc_console.cli.notice_sender import send_if_nobody_does
from noc_console.cli.who import own_name
from noc_console.notices.first_word import (
    FirstWord,
    draft_first_word,
    incident_of,
    send_first_word,
    tell_incident,
)
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

SENDS_FOR = timedelta(minutes=2)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what it is about, and the three fields."""
    parser.add_argument("--incident", metavar="ID", type=int, default=0, help="about an incident")
    parser.add_argument(
        "--alarm",
        dest="alarms",
        metavar="ID",
        type=int,
        action="append",
        default=[],
        help="about an alarm, of which an incident is opened; may be given several times",
    )
    parser.add_argument(
        "--server",
        dest="servers",
        metavar="NAME",
        action="append",
        default=[],
        help="a server it is about, instead of those of the incident; may be given several times",
    )
    parser.add_argument(
        "--noticed", metavar="TEXT", required=True, help="what customers notice, in their words"
    )
    parser.add_argument(
        "--since", metavar="MOMENT", help="since when (default: when the incident began)"
    )
    parser.add_argument(
        "--next-update",
        dest="minutes",
        metavar="MINUTES",
        type=int,
        default=30,
        help="in how many minutes customers hear again (default: 30)",
    )
    parser.add_argument("--title", metavar="TEXT", default="", help="default: what is noticed")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Send it: the website first, then social channels, then mail.

    Raises:
        ConsoleError: nothing goes; the sentence says why.
    """
    if not (arguments.incident or arguments.alarms or arguments.servers):
        raise UsageError("Say what it is about: --incident, --alarm or --server.")
    now = datetime.now(UTC)
    by = own_name()
    told = FirstWord(
        noticed=arguments.noticed,
        since=parse_moment(arguments.since, now) if arguments.since else None,
        next_update_minutes=arguments.minutes,
        title=arguments.title,
        servers=tuple(arguments.servers),
    )
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        incident = incident_of(store, arguments.incident, arguments.alarms, by=by, now=now)
        notice = draft_first_word(store, told, incident, now)
        done = send_first_word(store, notice, incident, by=by, now=now)
        if incident is not None:
            tell_incident(store, incident.id, notice.noticed, done.next_update_at, by=by, now=now)
        send_if_nobody_does(store, within=SENDS_FOR)
        print_done(
            store,
            done,
            f"Notice {done.notice_id}: the first word goes to {len(done.postings)} channels.",
            as_json=arguments.json,
        )
    return 0
