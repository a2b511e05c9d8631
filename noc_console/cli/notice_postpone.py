"""`noc-console notice postpone`: announced work begins at another time; whoever was told hears."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.moments import parse_until
from noc_console.cli.notice_approve import EXIT_WAITS
from noc_console.cli.notice_now import SENDS_FOR
from noc_console.cli.notice_outcome import add_notice_number, print_done
from noc_console.cli.notice_sender import send_if_nobody_does
from noc_console.cli.who import own_name
from noc_console.incidents.wall_time import WallChoice, instant_of, zone_of
from noc_console.incidents.windows.window_records import occurrence_now
from noc_console.notices.acts import postpone
from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import get_notice
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notice, to when, and why."""
    add_notice_number(parser)
    parser.add_argument(
        "--to",
        metavar="MOMENT",
        help="the new start in the notice's zone, as 2026-12-05T02:00 (default: its window's)",
    )
    parser.add_argument(
        "--choose",
        choices=[one.value for one in WallChoice if one.value],
        default="",
        help="which is meant where the clocks change",
    )
    parser.add_argument("--why", metavar="TEXT", required=True, help="why, told to customers")


def run(arguments: argparse.Namespace) -> int:
    """Bring the new time into force; exit 1 when it waits for a second person.

    Raises:
        ConsoleError: nothing was changed; the sentence says why.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        notice = get_notice(store, arguments.notice).notice
        start = _start(store, notice, arguments, now)
        done = postpone(
            store,
            arguments.notice,
            start,
            arguments.why,
            by=own_name(),
            now=now,
        )
        send_if_nobody_does(store, within=SENDS_FOR)
        wall = f"{start.astimezone(zone_of(notice.zone)):%a %Y-%m-%d %H:%M %Z}"
        sentence = f"Notice {done.notice_id} begins {wall} now."
        if done.waits_for_second:
            sentence = (
                f"Version {done.version} of notice {done.notice_id} begins {wall} and waits for a"
                f" second person: `noc-console notice approve {done.notice_id}`. Until then nobody"
                " is told, and what tells the old start is held back."
            )
        print_done(store, done, sentence, as_json=arguments.json)
    return EXIT_WAITS if done.waits_for_second else 0


def _start(store: Store, notice: Notice, arguments: argparse.Namespace, now: datetime) -> datetime:
    if arguments.to is None:
        occurrence = occurrence_now(store, notice.window_id, now) if notice.window_id else None
        if occurrence is None:
            raise UsageError("Say to when with --to: no window of its own lies ahead.")
        return occurrence.planned_start
    try:
        wall = datetime.fromisoformat(arguments.to.strip())
    except ValueError:
        return parse_until(arguments.to, now)
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    return instant_of(wall, zone_of(notice.zone), WallChoice(arguments.choose))
