"""`noc-console window extend`: record that the work goes on past its planned end."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta

from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.cli.window_plan import occurrence_json
from noc_console.incidents.windows.window_records import (
    WindowNotOpen,
    extend_window,
    get_window,
    occurrence_now,
)
from noc_console.incidents.windows.window_words import span_words, when_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which window and by how much."""
    parser.add_argument("id", metavar="ID", type=int, help="the window's number")
    parser.add_argument(
        "--minutes",
        type=int,
        metavar="N",
        required=True,
        help="from its end as it is planned or extended, or from now when that has passed",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Record it under the name of who types.

    Raises:
        ConsoleError: there is no such window, or it does not go on now.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        get_window(store, arguments.id)
        before = occurrence_now(store, arguments.id, now)
        if before is None:
            raise WindowNotOpen(f"Window {arguments.id} has no next occurrence to extend.")
        end = before.extended_to or before.planned_end
        to = max(now, end) + timedelta(minutes=arguments.minutes)
        one = extend_window(store, arguments.id, to, own_name(), now)
    if arguments.json:
        print(json.dumps(occurrence_json(one, now)))
    else:
        print(
            f"{inert(one.window.title)}, planned for {span_words(one)}, goes on to"
            f" {when_text(to, one.window.zone)}; alarms are mute till then. What is down after the"
            " planned end counts as unscheduled."
        )
    return 0
