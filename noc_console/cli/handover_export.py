"""`noc-console handover export`: the page of now, or an earlier handover, as a file."""

import argparse
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from noc_console.cli.desk import choose_platform
from noc_console.cli.terminal_text import inert
from noc_console.incidents.handover.handover_reading import read_page
from noc_console.incidents.handover.handover_records import get_handover
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which, and where to."""
    parser.add_argument(
        "handover", metavar="ID", type=int, nargs="?", help="default: the page of now"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="ends in .html or .pdf"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write it; Qt sets a PDF off screen.

    Raises:
        ConsoleError: there is none of that number, or the file cannot be written.
    """
    choose_platform(off_screen=True)
    from noc_console.desk.handover.handover_export import write_handover
    from noc_console.desk.pdf import application_for_pictures

    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        number = arguments.handover
        one = None if number is None else get_handover(store, number)
        page = read_page(store, datetime.now(UTC)) if one is None else one.page
    application_for_pictures()
    print(inert(write_handover(page, one, arguments.out)))
    return 0
