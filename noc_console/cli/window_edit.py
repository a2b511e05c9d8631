"""`noc-console window edit`: change what is planned, after reading it through."""

import argparse
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.command_module import UsageError
from noc_console.cli.who import own_name
from noc_console.cli.window_plan import (
    add_plan_arguments,
    finding_json,
    finding_lines,
    read_scope,
    window_json,
    window_lines,
)
from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.incidents.planning.plan_reading import read_plan
from noc_console.incidents.planning.plan_text import parse_start, read_recurrence
from noc_console.incidents.planning.proof_reader import Weight
from noc_console.incidents.wall_time import WallChoice, instant_of, wall_of, zone_of
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import edit_window, get_window
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store


class NotChanged(ConsoleError):
    """The proof-reader refused the window as it would be."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which window and what becomes of it; what is not named stays."""
    parser.add_argument("id", metavar="ID", type=int, help="the window's number")
    parser.add_argument("--title", help="what is done")
    add_plan_arguments(parser)
    parser.add_argument("--once", action="store_true", help="let it repeat no more")
    parser.add_argument("--whole-server", action="store_true", help="not only some services")
    parser.set_defaults(notice=None, notes=None, every=None)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Change the window and say what is odd about it.

    Raises:
        ConsoleError: there is no such window, or it cannot be so; nothing was changed.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        wanted = _wanted(store, get_window(store, arguments.id), arguments, now)
        findings = read_plan(store, wanted, arguments.start or "", now)
        refused = [one.words for one in findings if one.weight is Weight.REFUSES]
        if refused:
            raise NotChanged(f"The window was not changed. {' '.join(refused)}")
        changed = edit_window(store, wanted, now)
        servers = list_servers(store)
    if arguments.json:
        told = {
            "window": window_json(changed, servers),
            "findings": [finding_json(one) for one in findings],
        }
        print(json.dumps(told))
    else:
        print(*window_lines(changed, servers), *finding_lines(findings), sep="\n")
    return 0


def _wanted(store: Store, window: Window, arguments: argparse.Namespace, now: datetime) -> Window:
    changes: dict[str, Any] = {
        name: told
        for name in ("title", "minutes", "notice", "notes")
        if (told := getattr(arguments, name)) is not None
    }
    if arguments.servers or arguments.groups:
        servers, groups = read_scope(store, arguments)
        changes |= {"servers": tuple(server.id for server in servers), "groups": groups}
    if arguments.services or arguments.whole_server:
        changes["services"] = tuple(dict.fromkeys(arguments.services))
    changes |= _times(window, arguments, now) | _repeats(arguments)
    if not changes:
        raise UsageError("Say what to change, such as --minutes 90; what is not named stays.")
    return replace(window, entered_by=own_name(), **changes)


def _times(window: Window, arguments: argparse.Namespace, now: datetime) -> dict[str, Any]:
    """Give the new start; with another zone alone its wall time stays and its instant moves."""
    if not (arguments.start or arguments.zone or arguments.clock_change):
        return {}
    zone_name = arguments.zone or window.zone
    choice = WallChoice(arguments.clock_change) if arguments.clock_change else window.wall_choice
    if arguments.start:
        starts_at = parse_start(arguments.start, zone_of(zone_name), choice, now)
    elif arguments.zone:
        wall = wall_of(window.starts_at, zone_of(window.zone))
        starts_at = instant_of(wall, zone_of(zone_name), choice)
    else:
        starts_at = window.starts_at
    return {"starts_at": starts_at, "zone": zone_name, "wall_choice": choice}


def _repeats(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.once:
        return {"recurrence": None}
    if arguments.repeat is None:
        if arguments.every is not None or arguments.on or arguments.until:
            raise UsageError("Give --repeat with --every, --on and --until: all of how it repeats.")
        return {}
    days = [word for word in arguments.on.split(",") if word]
    every = 1 if arguments.every is None else arguments.every
    return {"recurrence": read_recurrence(arguments.repeat, every, days, arguments.until)}
