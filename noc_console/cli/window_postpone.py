"""`noc-console window postpone`: move the next occurrence of a window; the others stay."""

import argparse
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.cli.window_plan import finding_json, finding_lines, window_json
from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.incidents.planning.plan_reading import read_plan
from noc_console.incidents.planning.plan_text import parse_start
from noc_console.incidents.planning.proof_reader import Weight
from noc_console.incidents.wall_time import WallChoice, zone_of
from noc_console.incidents.windows.window import Occurrence
from noc_console.incidents.windows.window_records import (
    WindowNotOpen,
    get_window,
    move_occurrence,
    occurrence_now,
)
from noc_console.incidents.windows.window_words import span_words
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


class NotPostponed(ConsoleError):
    """The proof-reader refused the window at its new time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which window and to when."""
    parser.add_argument("id", metavar="ID", type=int, help="the window's number")
    parser.add_argument(
        "--start",
        metavar="WHEN",
        required=True,
        help="such as 2026-12-05T02:00 in the window's zone, or +2h from now",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Move it under the name of who types, and say what is odd about the new time.

    Raises:
        ConsoleError: there is no such window, it goes on already, or the time cannot be.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        window = get_window(store, arguments.id)
        following = occurrence_now(store, window.id, now)
        if following is None:
            raise WindowNotOpen(f"Window {window.id} has no next occurrence to postpone.")
        zone = zone_of(window.zone)
        starts_at = parse_start(arguments.start, zone, WallChoice.NOT_MADE, now)
        draft = replace(
            window, starts_at=starts_at, recurrence=None, entered_by=own_name(), entered_at=now
        )
        findings = read_plan(store, draft, arguments.start, now)
        refused = [one.words for one in findings if one.weight is Weight.REFUSES]
        if refused:
            raise NotPostponed(f"The window was not postponed. {' '.join(refused)}")
        moved = move_occurrence(store, following, draft, now)
        servers = list_servers(store)
    if arguments.json:
        told = {
            "window": window_json(moved, servers),
            "findings": [finding_json(one) for one in findings],
        }
        print(json.dumps(told))
        return 0
    at = span_words(Occurrence(window=moved, planned_start=starts_at))
    line = f"{inert(moved.title)} of {span_words(following)} is now planned for {at}"
    beside = "" if moved.id == window.id else f", as window {moved.id}; the other repeats stay"
    print(f"{line}{beside}. Tell customers who were told of it.")
    print(*finding_lines(findings), sep="\n")
    return 0
