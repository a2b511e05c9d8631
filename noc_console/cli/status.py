"""`noc-console status`: every server as it stands, the worst first."""

import argparse
import json
import shutil
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from noc_console.cli.fleet_status import FleetStatus

WATCH_EVERY_S = 2.0
_HOME, _ERASE_LINE_END, _ERASE_BELOW = "\x1b[H", "\x1b[K", "\x1b[J"
"""Cursor home, erase to the line's end, erase below (ECMA-48 CUP, EL, ED): nothing flickers."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--watch",
        action="store_true",
        help="show it again every two seconds until Ctrl+C; with --json one object a line",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the fleet once, or until an interrupt.

    Raises:
        ConsoleError: when the store cannot be used.
    """
    from noc_console.cli.fleet_reading import read_fleet
    from noc_console.store.location import StoreLocation
    from noc_console.store.store import open_store

    store = open_store(StoreLocation.parse(arguments.store))
    try:
        while True:
            _show(read_fleet(store, datetime.now(UTC)), arguments)
            if not arguments.watch:
                return 0
            time.sleep(WATCH_EVERY_S)
    finally:
        store.close()


def _show(fleet: "FleetStatus", arguments: argparse.Namespace) -> None:
    from noc_console.cli.fleet_status import NO_TERMINAL, as_json, as_lines
    from noc_console.cli.terminal_text import inert

    if arguments.json:
        print(json.dumps(as_json(fleet)), flush=True)
        if fleet.trouble:
            print(inert(fleet.trouble), file=sys.stderr)
        return
    size = shutil.get_terminal_size(NO_TERMINAL)
    lines = as_lines(fleet, size.columns)
    if not arguments.watch:
        print(*lines, sep="\n", flush=True)
    elif sys.stdout.isatty():
        print(_screen(lines, size.lines), end="", flush=True)
    else:
        print(*lines, "", sep="\n", flush=True)


def _screen(lines: list[str], height: int) -> str:
    """Give the lines as one screen: the worst servers stand first and stay in sight."""
    left_out = len(lines) - (height - 1)
    if left_out > 0:
        more = f"... and {left_out + 1} more; make the window higher to see them."
        lines = [*lines[: height - 2], more]
    return _HOME + "".join(f"{line}{_ERASE_LINE_END}\n" for line in lines) + _ERASE_BELOW
