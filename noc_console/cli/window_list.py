"""`noc-console window list`: what is planned, what goes on, and what was."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta

from noc_console.cli.moments import parse_moment
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.cli.window_plan import occurrence_json
from noc_console.errors import ConsoleError
from noc_console.fleet.records import get_server, list_servers
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.incidents.windows.window_words import how_it_went, scope_words, span_words
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_LONGEST_DAYS = 3660
_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="STAGE"),
    Column(title="WHEN"),
    Column(title="MIN", is_number=True, drop_at=1),
    Column(title="TITLE", shrinks_to=16),
    Column(title="FOR", shrinks_to=16, drop_at=2),
    Column(title="HOW IT WENT", shrinks_to=12, is_sentence=True, drop_at=0),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare from when to when, and for which server."""
    parser.add_argument(
        "--since", default="1d", metavar="MOMENT", help="from when on (default: 1d, a day ago)"
    )
    parser.add_argument(
        "--days", type=int, default=30, metavar="N", help="how many days ahead (default: 30)"
    )
    parser.add_argument("--server", metavar="NAME", help="only those for this server")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the occurrences by their planned start.

    Raises:
        ConsoleError: there is no such server or moment, or the store cannot be used.
    """
    now = datetime.now(UTC)
    if not 0 <= arguments.days <= _LONGEST_DAYS:
        raise ConsoleError(f"--days lies between 0 and {_LONGEST_DAYS}.")
    start = parse_moment(arguments.since, now)
    end = max(now, start) + timedelta(days=arguments.days, seconds=1)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        found = list_occurrences(store, start, end)
        servers = list_servers(store)
        if arguments.server is not None:
            server = get_server(store, arguments.server)
            found = [one for one in found if one.covers(server)]
    if arguments.json:
        print(json.dumps({"occurrences": [occurrence_json(one, now) for one in found]}))
    elif found:
        rows = [
            [
                str(one.window.id),
                one.stage(now).value,
                span_words(one),
                str(one.window.minutes),
                inert(one.window.title),
                inert(scope_words(one.window, servers)),
                inert(how_it_went(one, now)),
            ]
            for one in found
        ]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    else:
        print("No window in this time; enter one with `noc-console window add`.")
    return 0
