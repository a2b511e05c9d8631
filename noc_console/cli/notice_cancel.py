"""`noc-console notice cancel`: call announced work off, or withdraw a draft."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.notice_now import SENDS_FOR
from noc_console.cli.notice_outcome import add_notice_number, print_done
from noc_console.cli.notice_sender import send_if_nobody_does
from noc_console.cli.who import own_name
from noc_console.notices.acts import cancel
from noc_console.notices.notice_records import get_notice, remove_draft
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notice, and why."""
    add_notice_number(parser)
    parser.add_argument("--why", metavar="TEXT", default="", help="why, told to whoever was told")


def run(arguments: argparse.Namespace) -> int:
    """Call it off: whoever was told hears of it.

    Raises:
        ConsoleError: nothing was changed; the sentence says why.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if get_notice(store, arguments.notice).live_version is None:
            remove_draft(store, arguments.notice, by=own_name(), now=now)
            told = {"notice": arguments.notice, "postings": []}
            print(
                json.dumps(told)
                if arguments.json
                else f"The draft of notice {arguments.notice} is withdrawn; nobody was told of it."
            )
            return 0
        done = cancel(store, arguments.notice, arguments.why, by=own_name(), now=now)
        send_if_nobody_does(store, within=SENDS_FOR)
        print_done(store, done, f"Notice {done.notice_id} is cancelled.", as_json=arguments.json)
    return 0
