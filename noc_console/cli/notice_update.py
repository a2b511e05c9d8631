"""`noc-console notice update`: tell customers how it goes, and when they hear again."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.notice_now import SENDS_FOR
from noc_console.cli.notice_outcome import add_notice_number, print_done
from noc_console.cli.notice_sender import send_if_nobody_does
from noc_console.cli.who import own_name
from noc_console.notices.acts import Update, update
from noc_console.notices.first_word import tell_incident
from noc_console.notices.notice import UnscheduledState
from noc_console.notices.notice_records import get_notice
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_STATES = [one.value for one in UnscheduledState if one is not UnscheduledState.RESOLVED]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notice, and what is new."""
    add_notice_number(parser)
    parser.add_argument("words", metavar="WORDS", nargs="*", help="what customers are told")
    parser.add_argument("--noticed", metavar="TEXT", default="", help="what they notice now")
    parser.add_argument("--state", choices=_STATES, help="how far it is understood")
    parser.add_argument("--cause", metavar="TEXT", default="", help="the cause, if it is known")
    parser.add_argument(
        "--next-update",
        dest="minutes",
        metavar="MINUTES",
        type=int,
        help="in how many minutes they hear again; 0 promises nothing (default: as before)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Send it.

    Raises:
        ConsoleError: nothing goes; the sentence says why.
    """
    now = datetime.now(UTC)
    words = " ".join(arguments.words)
    told = Update(
        words=words,
        noticed=arguments.noticed,
        state=UnscheduledState(arguments.state) if arguments.state else None,
        cause=arguments.cause,
        next_update_minutes=arguments.minutes,
    )
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        done = update(store, arguments.notice, told, by=own_name(), now=now)
        said = words or arguments.noticed or arguments.cause or (arguments.state or "")
        incident_id = get_notice(store, arguments.notice).notice.incident_id
        tell_incident(store, incident_id, said, done.next_update_at, by=own_name(), now=now)
        send_if_nobody_does(store, within=SENDS_FOR)
        sentence = f"The update of notice {done.notice_id} goes to {len(done.postings)} channels."
        print_done(store, done, sentence, as_json=arguments.json)
    return 0
