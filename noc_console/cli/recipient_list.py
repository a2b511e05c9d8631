"""`noc-console recipient list`: who is told, in the order in which they are."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.recipient_words import as_json
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.desk.recipients.recipient_words import (
    LEASTS,
    hours_text,
    repeat_text,
    untold_text,
    when_text,
)
from noc_console.health.delivery.mail_server import read_mail_server
from noc_console.health.delivery.recipient import Recipient, Way, untold_hours
from noc_console.health.delivery.recipient_records import list_recipients
from noc_console.health.verdict import Verdict
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="TOLD"),
    Column(title="NAME", shrinks_to=12),
    Column(title="WAY"),
    Column(title="ADDRESS", shrinks_to=16),
    Column(title="HEARS OF", drop_at=2),
    Column(title="AGAIN", drop_at=1),
    Column(title="HOURS", shrinks_to=12),
)
_NOBODY = "Nobody is told of alarms yet; add somebody with `noc-console recipient add`."
_NO_MAIL = "No mail server is set, so no e-mail can go: noc-console recipient mail-server"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print who is told, and what is amiss with that.

    Raises:
        ConsoleError: the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        recipients = list_recipients(store)
        has_mail = read_mail_server(store) is not None
    if arguments.json:
        print(json.dumps({"recipients": [as_json(one) for one in recipients]}))
        return 0
    if not recipients:
        print(_NOBODY)
        return 0
    rows = [_cells(one) for one in recipients]
    print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    gaps = untold_text(untold_hours(recipients, Verdict.DOWN, datetime.now(UTC)))
    needs_mail = any(one.way is Way.MAIL for one in recipients)
    for words in (gaps, _NO_MAIL if needs_mail and not has_mail else ""):
        if words:
            print(words)
    return 0


def _cells(one: Recipient) -> list[str]:
    return [
        when_text(one),
        inert(one.name),
        one.way.value,
        inert(one.address),
        LEASTS[one.least],
        repeat_text(one),
        inert(hours_text(one)),
    ]
