"""`noc-console channel list`: the channels and how the last test of each went."""

import argparse
import json
import shutil
from contextlib import closing

from noc_console.cli.channel_words import as_json
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.incidents.times import local_text
from noc_console.notices.channel_records import LastTest, last_tests, list_channels
from noc_console.notices.channels.channel import Channel
from noc_console.notices.channels.checking import setting_of
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="NAME", shrinks_to=12),
    Column(title="KIND"),
    Column(title="POSTS"),
    Column(title="BRAND", drop_at=1),
    Column(title="LANGUAGE", drop_at=2),
    Column(title="WHERE", shrinks_to=16),
    Column(title="LAST TEST", is_sentence=True, shrinks_to=16),
)
_NONE = "There is no channel yet; add one with `noc-console channel add`."
_PLACES = ("address", "page", "host")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the channels.

    Raises:
        ConsoleError: the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        channels, tests = list_channels(store), last_tests(store)
    if arguments.json:
        rows = [as_json(one, tests.get(one.id)) for one in channels]
        print(json.dumps({"channels": rows}))
        return 0
    if not channels:
        print(_NONE)
        return 0
    cells = [_cells(one, tests.get(one.id)) for one in channels]
    print(*table(_COLUMNS, cells, shutil.get_terminal_size().columns), sep="\n")
    return 0


def _cells(one: Channel, test: LastTest | None) -> list[str]:
    return [
        inert(one.name),
        one.kind.value,
        "paused" if one.is_paused else "yes",
        inert(one.brand) or "every",
        inert(one.language) or "the notice's",
        inert(next((place for name in _PLACES if (place := setting_of(one, name))), "")),
        _tested(test),
    ]


def _tested(test: LastTest | None) -> str:
    if test is None:
        return "never"
    word = "ok" if test.is_well else f"FAILED: {inert(test.sentence)}"
    return f"{local_text(test.at)}: {word}"
