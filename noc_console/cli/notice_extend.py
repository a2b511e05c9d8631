"""`noc-console notice extend`: announced work lasts longer; whoever was told hears of it."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.notice_now import SENDS_FOR
from noc_console.cli.notice_outcome import add_notice_number, print_done
from noc_console.cli.notice_sender import send_if_nobody_does
from noc_console.cli.who import own_name
from noc_console.notices.acts import extend
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notice, by how much, and why."""
    add_notice_number(parser)
    parser.add_argument("--minutes", type=int, required=True, help="by so many minutes")
    parser.add_argument("--why", metavar="TEXT", required=True, help="why, told to customers")


def run(arguments: argparse.Namespace) -> int:
    """Bring the longer one into force.

    Raises:
        ConsoleError: nothing was changed; the sentence says why.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        done = extend(
            store, arguments.notice, arguments.minutes, arguments.why, by=own_name(), now=now
        )
        send_if_nobody_does(store, within=SENDS_FOR)
        sentence = f"Notice {done.notice_id} lasts {arguments.minutes} minutes longer."
        print_done(store, done, sentence, as_json=arguments.json)
    return 0
