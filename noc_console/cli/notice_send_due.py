"""`noc-console notice send-due`: send what is due now; for a timer on an always-on machine."""

import argparse
import json
import socket
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.moments import parse_span
from noc_console.cli.notice_outcome import posting_json, posting_lines
from noc_console.cli.notice_sender import send_due
from noc_console.notices.posting_rows import counts_of, outbox
from noc_console.notices.wakefulness import note_send_due
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

EXIT_NEEDS_PERSON = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare for how long."""
    parser.add_argument(
        "--within", metavar="SPAN", default="10m", help="stop after so long (default: 10m)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Send, and tell what went since and what needs a person; exit 1 when anything does.

    Raises:
        ConsoleError: the store cannot be used.
    """
    began = datetime.now(UTC)
    within = parse_span(arguments.within)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        note_send_due(store, socket.gethostname(), began)
        is_all = send_due(store, within=within)
        rows = outbox(store)
        counts = counts_of(store, [one.id for one in rows])
    went = [one for one in rows if one.ended_at is not None and one.ended_at >= began]
    pressing = [one for one in rows if one.state.needs_person and one not in went]
    if arguments.json:
        told = {
            "is_all": is_all,
            "ended": [posting_json(one, counts.get(one.id)) for one in went],
            "needs_person": [posting_json(one, counts.get(one.id)) for one in pressing],
        }
        print(json.dumps(told))
    else:
        print(*(posting_lines(went, counts, {}) or ["Nothing was due."]), sep="\n")
        if pressing:
            print("A person is needed:", *posting_lines(pressing, counts, {}), sep="\n")
        if not is_all:
            print("There was more than could be sent in this time; the next run goes on.")
    needs_person = pressing or any(one.state.needs_person for one in went)
    return EXIT_NEEDS_PERSON if needs_person else 0
