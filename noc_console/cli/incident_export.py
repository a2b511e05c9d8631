"""`noc-console incident export`: the post-mortem of an incident as a file."""

import argparse
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from noc_console.cli.desk import choose_platform
from noc_console.cli.terminal_text import inert
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which incident, and where to."""
    parser.add_argument("incident", metavar="ID", type=int, help="the incident's number")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="a file that ends in .html, .pdf or .md; Markdown has its pictures in a folder beside",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write it; Qt draws its pictures off screen.

    Raises:
        ConsoleError: there is no such incident, or the file cannot be written.
    """
    choose_platform(off_screen=True)
    from noc_console.desk.incidents.post_mortem_export import report_form_of, write_post_mortem
    from noc_console.desk.pdf import application_for_pictures

    report_form_of(arguments.out)
    application_for_pictures()
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        said = write_post_mortem(store, arguments.incident, arguments.out, datetime.now(UTC))
    print(inert(said))
    return 0
