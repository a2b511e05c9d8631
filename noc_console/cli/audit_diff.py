"""`noc-console audit diff MONTH MONTH`: what is new, gone, changed, and the same since when."""

import argparse
import json
import shutil
from collections import Counter
from contextlib import closing
from typing import Any

from noc_console.audit.audit_records import servers_of
from noc_console.audit.finding import Finding, Result
from noc_console.audit.month import Change, Compared, compare
from noc_console.audit.month_records import audit_of_month, audits_before, read_month
from noc_console.cli.audit_words import finding_as_json
from noc_console.cli.near_names import known_or_near
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_COLUMNS = (
    Column(title="CHANGE"),
    Column(title="RESULT"),
    Column(title="CHECK"),
    Column(title="SERVER", shrinks_to=8),
    Column(title="SINCE", drop_at=0),
    Column(title="WHAT", is_sentence=True, shrinks_to=30),
)
_QUIET = frozenset({Result.PASS, Result.NOT_APPLICABLE, Result.INFO})
_OLDER = 24
"""Months that are read to say since when something is so."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the months."""
    parser.add_argument("earlier", metavar="MONTH", help="the earlier month, such as 2026-10")
    parser.add_argument("later", metavar="MONTH", help="the later one, such as 2026-11")
    parser.add_argument("--server", metavar="NAME", help="only this server")
    parser.add_argument(
        "--all", action="store_true", help="what stayed the same, passed or is for information, too"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the differences; exits 0, whether there are any or not.

    Raises:
        ConsoleError: a month has no audit, or there is no such server.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        found, names = _compared(store, arguments.earlier, arguments.later)
    if arguments.server:
        known_or_near(arguments.server, set(names.values()), "These audits have no server")
        found = [one for one in found if names.get(one.server_id) == arguments.server]
    counts = Counter(one.change for one in found)
    if arguments.json:
        told = {
            "earlier": arguments.earlier,
            "later": arguments.later,
            "counts": {one.value: counts[one] for one in Change},
            "findings": [_as_json(one, names) for one in found],
        }
        print(json.dumps(told))
        return 0
    said = ", ".join(f"{counts[one]} {one.value}" for one in Change if counts[one])
    print(
        f"From {arguments.earlier} to {arguments.later}: {said or 'nothing was found in either'}."
    )
    shown = [one for one in found if arguments.all or _asks_for_a_look(one)]
    if shown:
        rows = [_row(one, names) for one in shown]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    return 0


def _compared(store: Store, earlier: str, later: str) -> tuple[list[Compared], dict[int, str]]:
    first, second = audit_of_month(store, earlier), audit_of_month(store, later)
    older = [read_month(store, one) for one in audits_before(store, first)[:_OLDER]]
    names = {
        row.server_id: row.server_name
        for one in (first, second)
        for row in servers_of(store, one.id)
    }
    return compare(read_month(store, first), read_month(store, second), older), names


def _asks_for_a_look(one: Compared) -> bool:
    return one.change is not Change.SAME and one.worst not in _QUIET


def _row(one: Compared, names: dict[int, str]) -> list[str]:
    shown = one.after or one.before
    return [
        one.change.value,
        _results(one.before, one.after),
        inert(one.check_id),
        inert(names.get(one.server_id, "?")),
        one.since,
        inert(shown.sentence) if shown is not None else "",
    ]


def _results(before: Finding | None, after: Finding | None) -> str:
    words = [one.result.value for one in (before, after) if one is not None]
    return " -> ".join(dict.fromkeys(words))


def _as_json(one: Compared, names: dict[int, str]) -> dict[str, Any]:
    return {
        "change": one.change.value,
        "server": names.get(one.server_id),
        "check": one.check_id,
        "item": one.item,
        "since": one.since,
        "before": None if one.before is None else finding_as_json(one.before),
        "after": None if one.after is None else finding_as_json(one.after),
    }
