"""`noc-console notice list`: the notices, the newest first."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.moments import iso
from noc_console.cli.notice_told import stored_json
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.fleet.records import list_servers
from noc_console.incidents.windows.window_words import when_text
from noc_console.notices.around import Around
from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import StoredNotice, list_notices
from noc_console.notices.posting import NoticeState
from noc_console.notices.settling import in_force
from noc_console.notices.seven import lamps
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="STANDS"),
    Column(title="KIND", drop_at=0),
    Column(title="WHEN"),
    Column(title="MIN", is_number=True, drop_at=1),
    Column(title="TOLD", is_number=True),
    Column(title="TITLE", shrinks_to=16),
    Column(title="BY", shrinks_to=6, drop_at=2),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which ones."""
    parser.add_argument("--all", action="store_true", help="those that are done or cancelled, too")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print them; TOLD says how many of the seven things each tells, WHEN the start in force.

    Raises:
        ConsoleError: the store cannot be used.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        found = list_notices(store, with_over=arguments.all)
        servers = list_servers(store)
        told = in_force(store, found)
    around = Around(now=now, servers=servers)
    lit = {one.id: _lit(one, around) for one in found}
    if arguments.json:
        rows = [
            stored_json(one, servers) | {"told": lit[one.id], "told_start": _start(told[one.id])}
            for one in found
        ]
        print(json.dumps({"notices": rows}))
    elif found:
        cells = [
            [
                str(one.id),
                one.state.value,
                one.notice.kind.value,
                _when(told[one.id]),
                str(told[one.id].minutes or ""),
                f"{lit[one.id]}/7",
                inert(one.notice.title) or "(no title yet)",
                inert(one.made_by),
            ]
            for one in found
        ]
        print(*table(_COLUMNS, cells, shutil.get_terminal_size().columns), sep="\n")
    else:
        print("No notice; begin one with `noc-console notice new`.")
    return 0


def _lit(one: StoredNotice, around: Around) -> int:
    """Count the lamps of a draft as it stands now, of another as it was when it was written."""
    if one.state is not NoticeState.DRAFT:
        around = around.at(min(around.now, one.changed_at))
    return sum(lamp.is_lit for lamp in lamps(one.notice, around))


def _start(notice: Notice) -> str | None:
    return None if notice.starts_at is None else iso(notice.starts_at)


def _when(notice: Notice) -> str:
    at = notice.starts_at if notice.is_scheduled else notice.since
    return when_text(at, notice.zone) if at is not None else inert(notice.typed_start)
