"""`noc-console notice new`: begin a notice; it is a draft until somebody approves it."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.notice_content import add_content, put_content, read_file
from noc_console.cli.notice_told import notice_lines, read_json, read_lines, stored_json
from noc_console.cli.who import own_name
from noc_console.fleet.records import list_servers
from noc_console.notices.composing import again, new_notice
from noc_console.notices.notice import Notice, NoticeKind
from noc_console.notices.notice_records import add_notice, get_notice
from noc_console.notices.reading_through import look_nothing_up, read_through
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where it begins and what it says."""
    parser.add_argument("file", metavar="FILE", nargs="?", help="a notice file; - is the input")
    parser.add_argument(
        "--unscheduled", action="store_true", help="of downtime that nobody planned"
    )
    parser.add_argument("--like", metavar="ID", type=int, help="begin with another notice's texts")
    add_content(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Keep the draft, and say what it still lacks.

    Raises:
        ConsoleError: it cannot be made so; nothing was kept.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        notice = put_content(store, _beginning(store, arguments, now), arguments, now)
        stored = add_notice(store, notice, by=own_name(), now=now)
        read = read_through(store, stored.notice, now, look_nothing_up)
        servers = list_servers(store)
    if arguments.json:
        print(json.dumps({"notice": stored_json(stored, servers), **read_json(read)}))
    else:
        print(*notice_lines(stored.notice, servers), "", *read_lines(read), sep="\n")
    return 0


def _beginning(store: Store, arguments: argparse.Namespace, now: datetime) -> Notice:
    is_unscheduled = arguments.unscheduled or arguments.cause or arguments.incident is not None
    if arguments.file is not None and (arguments.like is not None or is_unscheduled):
        raise UsageError("A file says what kind of notice it is; give only FILE and changes to it.")
    if arguments.file is not None:
        return read_file(store, arguments.file, now)
    if arguments.like is not None:
        return again(get_notice(store, arguments.like).notice)
    kind = NoticeKind.UNSCHEDULED if is_unscheduled else NoticeKind.SCHEDULED
    return new_notice(store, kind, brand=arguments.brand or "", language=arguments.language or "")
