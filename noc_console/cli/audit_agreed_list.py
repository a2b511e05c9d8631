"""`noc-console audit agreed list`: what is agreed, and for whom."""

import argparse
import json
import shutil
from contextlib import closing

from noc_console.audit.agreed import AgreedLine
from noc_console.audit.agreed_records import list_agreed
from noc_console.cli.audit_agreed_words import line_as_json, owner_words, server_names
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.fleet.records import get_server
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="FOR", shrinks_to=10),
    Column(title="KIND"),
    Column(title="VALUE", shrinks_to=12),
    Column(title="BY", shrinks_to=6, drop_at=1),
    Column(title="SINCE", drop_at=2),
    Column(title="REASON", is_sentence=True, shrinks_to=12, drop_at=0),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which lines, and the form."""
    parser.add_argument(
        "--server", metavar="NAME", help="what holds for this server, inherited lines too"
    )
    parser.add_argument("--ended", action="store_true", help="lines that no longer hold, too")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the lines; exits 0, whether there are any or not.

    Raises:
        ConsoleError: there is no such server.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        lines = list_agreed(store, with_ended=arguments.ended)
        if arguments.server:
            server = get_server(store, arguments.server)
            lines = [one for one in lines if one.holds_for(server)]
        names = server_names(store)
    if arguments.json:
        print(json.dumps({"agreed": [line_as_json(one, names) for one in lines]}))
    elif lines:
        rows = [_row(one, names) for one in lines]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    else:
        print(
            "Nothing is agreed yet; `noc-console audit agreed propose` lists what the newest audit "
            "found, to be agreed to or mended."
        )
    return 0


def _row(one: AgreedLine, names: dict[str, str]) -> list[str]:
    ended = (
        f" (until {one.ended_at.astimezone():%Y-%m-%d}, {inert(one.ended_by)})"
        if one.ended_at
        else ""
    )
    return [
        str(one.id),
        inert(owner_words(one, names)),
        one.kind,
        inert(one.value),
        inert(one.by),
        f"{one.at.astimezone():%Y-%m-%d}{ended}",
        inert(one.reason),
    ]
