"""`noc-console recipient log`: the messages, those that ask for a person first."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.desk.recipients.recipient_words import (
    in_order,
    outcome_text,
    state_word,
    subject_text,
)
from noc_console.health.delivery.delivery import Delivery
from noc_console.health.delivery.delivery_records import list_deliveries
from noc_console.incidents.times import local_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="STATE"),
    Column(title="AT", drop_at=2),
    Column(title="TO", shrinks_to=10),
    Column(title="WHAT", shrinks_to=24, is_sentence=True),
    Column(title="TRIES", is_number=True, drop_at=1),
    Column(title="WHAT CAME OF IT", shrinks_to=20, is_sentence=True),
)
_MOST = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how many and the form."""
    parser.add_argument(
        "--last", type=int, default=50, metavar="N", help=f"how many (usually 50, at most {_MOST})"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the messages.

    Raises:
        ConsoleError: the store cannot be used.
    """
    limit = min(max(arguments.last, 1), _MOST)
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        found = in_order(list_deliveries(store, limit=limit))
    if arguments.json:
        print(json.dumps({"messages": [_as_json(one) for one in found]}))
    elif found:
        rows = [_cells(one, now) for one in found]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    else:
        print("No message was sent yet; send a test with `noc-console recipient test`.")
    return 0


def _cells(one: Delivery, now: datetime) -> list[str]:
    return [
        str(one.id),
        state_word(one),
        local_text(one.began_at or one.made_at),
        inert(one.recipient_name),
        inert(subject_text(one)),
        str(one.tries),
        inert(outcome_text(one, now)),
    ]


def _as_json(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "to": one.recipient_name,
        "state": one.state.value,
        "failing": one.is_failing,
        "subject": one.subject,
        "made_at": iso(one.made_at),
        "tried_at": None if one.began_at is None else iso(one.began_at),
        "next_at": iso(one.next_at) if one.state.is_open else None,
        "ended_at": None if one.ended_at is None else iso(one.ended_at),
        "tries": one.tries,
        "sentence": one.words,
    }
