"""`noc-console notice edit`: change what a notice says."""

import argparse
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from noc_console.cli.notice_content import add_content, put_content, read_file
from noc_console.cli.notice_told import notice_lines, read_json, read_lines, stored_json
from noc_console.cli.who import own_name
from noc_console.fleet.records import list_servers
from noc_console.notices.approval import is_changed
from noc_console.notices.notice_records import get_notice, save_draft
from noc_console.notices.reading_through import look_nothing_up, read_through
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which one and what changes."""
    parser.add_argument("id", metavar="ID", type=int, help="the notice's number")
    parser.add_argument("--file", metavar="FILE", help="take all that it says from a file")
    add_content(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Change the draft; what was approved stays in force until a new version is.

    Raises:
        ConsoleError: there is none, it is over, or it cannot be so; nothing was changed.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        before = get_notice(store, arguments.id)
        notice = before.notice
        if arguments.file is not None:
            notice = replace(read_file(store, arguments.file, now), id=before.id)
        notice = put_content(store, notice, arguments, now)
        save_draft(store, notice, edition=before.edition, by=own_name(), now=now)
        stored = get_notice(store, arguments.id)
        read = read_through(store, stored.notice, now, look_nothing_up)
        is_new = stored.live_version is not None and is_changed(store, arguments.id)
        servers = list_servers(store)
    if arguments.json:
        told = {"notice": stored_json(stored, servers), "needs_approval": is_new}
        print(json.dumps(told | read_json(read)))
        return 0
    print(*notice_lines(stored.notice, servers), "", *read_lines(read), sep="\n")
    if is_new:
        print(
            f"Version {stored.live_version} stays in force until `noc-console notice approve"
            f" {stored.id}` puts this one in its place."
        )
    return 0
