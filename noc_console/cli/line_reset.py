"""`noc-console line reset`: take chosen lines back, so that those behind them hold again."""

import argparse
from contextlib import closing

from noc_console.cli.line_owner import add_owner, chosen_owner
from noc_console.errors import ConsoleError
from noc_console.health.line_records import reset_lines
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


class NothingChosen(ConsoleError):
    """There is nothing to take back."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare for whom, and of which values."""
    add_owner(parser)
    parser.add_argument(
        "--key",
        metavar="KEY",
        action="append",
        dest="keys",
        help="only the lines of this value; give it again for more",
    )


def run(arguments: argparse.Namespace) -> int:
    """Take the lines back.

    Raises:
        ConsoleError: nothing was chosen, there is no such server or group, or the store cannot be
            used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        chosen = chosen_owner(arguments, store)
        count = reset_lines(store, chosen.owner, arguments.keys)
    if not count:
        raise NothingChosen(
            f"Nothing was chosen for {chosen.words} itself; `noc-console line list` tells whose "
            "lines hold."
        )
    print(f"Took back {count} {'line' if count == 1 else 'lines'} of {chosen.words}.")
    return 0
