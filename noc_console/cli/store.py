"""`noc-console store`: check the store, back it up."""

import argparse
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from noc_console.errors import ConsoleError

if TYPE_CHECKING:
    from noc_console.store.store import Store
    from noc_console.store.upkeep import CheckReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare both acts."""
    acts = parser.add_subparsers(
        dest="store_command", metavar="COMMAND", title="commands", required=True
    )
    what = "read the store through and say what was found"
    check = acts.add_parser("check", help=what, description=f"{what.capitalize()}.")
    check.add_argument("--json", action="store_true", help="print JSON")
    what = "make a copy of the store now and print where it is"
    acts.add_parser("backup", help=what, description=f"{what.capitalize()}.")


def run(arguments: argparse.Namespace) -> int:
    """Check the store or back it up.

    Raises:
        ConsoleError: it cannot be opened, is damaged, or has no room for a copy.
    """
    from noc_console.store.location import StoreLocation
    from noc_console.store.store import open_store

    store = open_store(StoreLocation.parse(arguments.store))
    try:
        if arguments.store_command == "check":
            return _check(store, as_json=arguments.json)
        return _back_up(store)
    finally:
        store.close()


def _check(store: "Store", *, as_json: bool) -> int:
    from noc_console.store.upkeep import check

    report = check(store)
    if as_json:
        print(json.dumps(_as_json(report)))
    else:
        print(*_as_lines(report), sep="\n")
    if report.remedy:
        raise ConsoleError(report.remedy)
    return 0


def _back_up(store: "Store") -> int:
    from noc_console.store.upkeep import back_up

    print(back_up(store, datetime.now(UTC)))
    return 0


def _as_json(report: "CheckReport") -> dict[str, Any]:
    return {
        "location": report.location,
        "whole": not report.damage,
        "damage": list(report.damage),
        "servers": report.servers,
        "newest_backup": None if report.newest_backup is None else str(report.newest_backup),
        "core_bytes": report.core_bytes,
        "history_bytes": report.history_bytes,
    }


def _as_lines(report: "CheckReport") -> list[str]:
    lines = [
        f"Store           {report.location}",
        f"Found           {'damaged' if report.damage else 'whole'}",
        f"Servers         {report.servers}",
    ]
    if report.core_bytes:
        lines += [
            f"Core            {report.core_bytes / 1000:,.0f} kB",
            f"History         {report.history_bytes / 1000:,.0f} kB",
            f"Newest backup   {report.newest_backup or 'none yet'}",
        ]
    return lines
