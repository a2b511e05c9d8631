"""`noc-console notice blackout`: the times in which no work is to be planned."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError
from noc_console.incidents.planning.plan_text import parse_start
from noc_console.incidents.times import local_text
from noc_console.incidents.wall_time import WallChoice, own_zone, zone_of
from noc_console.notices.around import Blackout
from noc_console.notices.support_routes import put_blackouts, read_blackouts
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the act and the time."""
    parser.add_argument(
        "act", choices=("list", "add", "remove"), nargs="?", default="list", help="what to do"
    )
    parser.add_argument("--number", metavar="N", type=int, help="with remove: which of the list")
    parser.add_argument("--from", dest="start", metavar="WHEN", help="such as 2026-12-20 00:00")
    parser.add_argument("--until", dest="end", metavar="WHEN", help="such as 2027-01-02 00:00")
    parser.add_argument("--zone", metavar="ZONE", help="of these times (default: this machine's)")
    parser.add_argument("--why", default="", metavar="TEXT", help="why, such as Christmas business")
    parser.add_argument(
        "--group", metavar="G", action="append", default=[], help="only for servers of this group"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Do it and print the times that hold.

    Raises:
        ConsoleError: the time cannot be, or there is none of that number; nothing was changed.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        held = list(read_blackouts(store))
        if arguments.act == "add":
            put_blackouts(store, [*held, _read(arguments)])
        elif arguments.act == "remove":
            if not 1 <= (arguments.number or 0) <= len(held):
                raise ConsoleError("Say which with --number; `notice blackout` numbers them.")
            del held[arguments.number - 1]
            put_blackouts(store, held)
        held = list(read_blackouts(store))
    if arguments.json:
        print(json.dumps({"blackouts": [_as_json(one) for one in held]}))
        return 0
    for number, one in enumerate(held, start=1):
        groups = f" (group {', '.join(map(inert, one.groups))})" if one.groups else ""
        span = f"{local_text(one.start)} to {local_text(one.end)}"
        print(f"{number:>3}  {span}  {inert(one.why)}{groups}")
    if not held:
        print("None; add one with `noc-console notice blackout add --from --until --why`.")
    return 0


def _read(arguments: argparse.Namespace) -> Blackout:
    if not arguments.start or not arguments.end or not arguments.why.strip():
        raise UsageError("Give --from, --until and --why.")
    now, zone = datetime.now(UTC), zone_of(arguments.zone or own_zone())
    start, end = (
        parse_start(text, zone, WallChoice.EARLIER, now)
        for text in (arguments.start, arguments.end)
    )
    groups = tuple(dict.fromkeys(arguments.group))
    return Blackout(start=start, end=end, why=arguments.why.strip(), groups=groups)


def _as_json(one: Blackout) -> dict[str, object]:
    return {
        "start": iso(one.start),
        "end": iso(one.end),
        "why": one.why,
        "groups": list(one.groups),
    }
