"""`noc-console contact returned`: what came back from the mails of notices, the newest first."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.incidents.times import local_text
from noc_console.notices.mailbox import read_mailbox_setting
from noc_console.notices.mailbox_reading import last_trouble
from noc_console.notices.returned_records import Returned, list_returned
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="AT"),
    Column(title="WHAT"),
    Column(title="ADDRESS", shrinks_to=20),
    Column(title="CODE", drop_at=1),
    Column(title="WORDS", shrinks_to=20, is_sentence=True),
)
_MOST = 5000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how much and the form."""
    parser.add_argument(
        "--days", type=int, default=30, metavar="N", help="of how many days (usually 30)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print what came back.

    Raises:
        ConsoleError: the store cannot be used.
    """
    since = datetime.now(UTC) - timedelta(days=min(max(arguments.days, 1), 3660))
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        found = list_returned(store, since=since, most=_MOST)
        has_mailbox = read_mailbox_setting(store) is not None
        trouble = last_trouble(store)
    if arguments.json:
        print(json.dumps({"returned": [_as_json(one) for one in found]}))
        return 0
    if found:
        rows = [_cells(one) for one in found]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    else:
        print("Nothing came back in that time.")
    if not has_mailbox:
        print("No mailbox is read for bounces: noc-console contact mailbox")
    elif trouble:
        print(f"The mailbox of bounces could not be read last: {inert(trouble)}")
    return 0


def _cells(one: Returned) -> list[str]:
    return [
        local_text(one.at),
        one.kind.value,
        inert(one.address) or "-",
        one.status or "-",
        inert(one.words),
    ]


def _as_json(one: Returned) -> dict[str, object]:
    return {
        "id": one.id,
        "at": iso(one.at),
        "kind": one.kind.value,
        "mailing": one.mailing_id,
        "contact": one.contact_id,
        "address": one.address,
        "status": one.status,
        "words": one.words,
    }
