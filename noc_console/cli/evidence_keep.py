"""`noc-console evidence keep`: whether a recording outlives its time."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.incidents.evidence.evidence_records import get_recording, keep_recording
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the recording."""
    parser.add_argument("recording", type=int, metavar="RECORDING", help="its number")
    parser.add_argument("--no", action="store_true", help="let it go when its time is over")


def run(arguments: argparse.Namespace) -> int:
    """Keep it, or keep it no more.

    Raises:
        ConsoleError: there is no such recording.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        get_recording(store, arguments.recording, datetime.now(UTC))
        keep_recording(store, arguments.recording, is_kept=not arguments.no)
    words = "goes when its time is over" if arguments.no else "is kept for good"
    print(f"Recording {arguments.recording} {words}.")
    return 0
