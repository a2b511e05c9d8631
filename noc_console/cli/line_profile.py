"""`noc-console line profile`: choose a profile for a server, a group or all, or show them."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.line_owner import add_owner, chosen_owner
from noc_console.cli.who import own_name
from noc_console.health.line_records import choose_profile
from noc_console.health.profiles import shipped_profiles
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_BACK = "none"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the profile and for whom."""
    parser.description = "Without a profile, show which there are."
    parser.add_argument(
        "profile", metavar="PROFILE", nargs="?", help=f"its key, or {_BACK} to take a choice back"
    )
    add_owner(parser)
    parser.add_argument("--json", action="store_true", help="print the profiles as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Choose the profile, or show them.

    Raises:
        ConsoleError: there is no such profile, server or group, or the store cannot be used.
    """
    if arguments.profile is None:
        _show(as_json=arguments.json)
        return 0
    if arguments.json:
        raise UsageError("--json goes with the list of profiles, not with a choice.")
    key = "" if arguments.profile == _BACK else arguments.profile
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        chosen = chosen_owner(arguments, store)
        choose_profile(store, chosen.owner, key, own_name(), datetime.now(UTC))
    told = (
        f"has the profile {shipped_profiles()[key].title}" if key else "has no profile of its own"
    )
    print(f"{chosen.words} {told}.")
    return 0


def _show(*, as_json: bool) -> None:
    profiles = shipped_profiles().values()
    if as_json:
        rows = [{"key": one.key, "title": one.title, "words": one.words} for one in profiles]
        print(json.dumps({"profiles": rows}))
        return
    for one in profiles:
        print(f"{one.key:<12} {one.title}: {one.words}")
