"""`noc-console window cancel`: call a window off, or its next occurrence only."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.confirm import agrees
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.incidents.windows.window_records import (
    WindowNotOpen,
    cancel_window,
    get_window,
    occurrence_now,
    skip_occurrence,
)
from noc_console.incidents.windows.window_words import repeat_words, span_words
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


class NotCancelled(ConsoleError):
    """A person did not agree."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which window and how much of it."""
    parser.add_argument("id", metavar="ID", type=int, help="the window's number")
    parser.add_argument(
        "--next", dest="only_next", action="store_true", help="only the next occurrence"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Cancel after asking.

    Raises:
        ConsoleError: there is no such window, or a person did not agree; nothing was cancelled.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        window = get_window(store, arguments.id)
        following = occurrence_now(store, window.id, datetime.now(UTC))
        if arguments.only_next and following is None:
            raise WindowNotOpen(f"Window {window.id} has no next occurrence.")
        if arguments.only_next and following is not None:
            what = f"{window.title} of {span_words(following)}"
        else:
            what = f"{window.title} ({repeat_words(window)}), all that is to come of it"
        if not arguments.yes and not agrees(
            f"Cancel {what}?", answer="yes", instead="give --yes to cancel without being asked"
        ):
            raise NotCancelled("Nothing was cancelled.")
        now = datetime.now(UTC)
        if arguments.only_next and following is not None:
            skip_occurrence(store, following, own_name(), now)
        else:
            cancel_window(store, window.id, own_name(), now)
    print(f"Cancelled {inert(what)}. What it booked before stays.")
    return 0
