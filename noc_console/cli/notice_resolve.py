"""`noc-console notice resolve`: the work is done, or all is well again."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.moments import parse_moment
from noc_console.cli.notice_now import SENDS_FOR
from noc_console.cli.notice_outcome import add_notice_number, print_done
from noc_console.cli.notice_sender import send_if_nobody_does
from noc_console.cli.who import own_name
from noc_console.notices.acts import resolve
from noc_console.notices.first_word import tell_incident
from noc_console.notices.notice_records import get_notice
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notice, and what customers are told."""
    add_notice_number(parser)
    parser.add_argument("words", metavar="WORDS", nargs="*", help="what customers are told besides")
    parser.add_argument("--cause", metavar="TEXT", default="", help="the cause; of downtime a must")
    parser.add_argument(
        "--next-steps",
        metavar="TEXT",
        default="",
        help="what comes next, so that it does not happen again; of downtime a must",
    )
    parser.add_argument("--ended", metavar="MOMENT", help="when it was over (default: now)")


def run(arguments: argparse.Namespace) -> int:
    """Send it.

    Raises:
        ConsoleError: nothing goes; the sentence says why.
    """
    now = datetime.now(UTC)
    words = " ".join(arguments.words)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        done = resolve(
            store,
            arguments.notice,
            by=own_name(),
            now=now,
            words=words,
            cause=arguments.cause,
            next_steps=arguments.next_steps,
            ended_at=parse_moment(arguments.ended, now) if arguments.ended else None,
        )
        notice = get_notice(store, arguments.notice).notice
        said = words or f"All-clear. {notice.cause}".strip()
        tell_incident(store, notice.incident_id, said, None, by=own_name(), now=now)
        send_if_nobody_does(store, within=SENDS_FOR)
        sentence = f"Notice {done.notice_id} is done; {len(done.postings)} postings go."
        print_done(store, done, sentence, as_json=arguments.json)
    return 0
