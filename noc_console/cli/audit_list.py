"""`noc-console audit list`: the audits, the newest month first."""

import argparse
import json
import shutil
from contextlib import closing

from noc_console.audit.audit import Audit, AuditServer
from noc_console.audit.audit_records import list_audits, results_of, servers_of
from noc_console.audit.finding import Result
from noc_console.cli.audit_words import audit_as_json, collected_words, counted, result_counts
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="MONTH"),
    Column(title="REVISION", is_number=True, drop_at=2),
    Column(title="STATE"),
    Column(title="SCOPE", shrinks_to=10, drop_at=1),
    Column(title="COLLECTED", shrinks_to=12),
    Column(title="FAIL", is_number=True),
    Column(title="WARN", is_number=True),
    Column(title="NOT MEASURED", is_number=True, drop_at=0),
)

_Line = tuple[Audit, list[AuditServer], dict[Result, int]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the audits; exits 0, whether there are any or not.

    Raises:
        ConsoleError: the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        lines: list[_Line] = [
            (one, servers_of(store, one.id), counted(results_of(store, one.id).values()))
            for one in list_audits(store)
        ]
    if arguments.json:
        print(json.dumps({"audits": [_as_json(*line) for line in lines]}))
    elif lines:
        rows = [_row(*line) for line in lines]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    else:
        print("There is no audit yet; `noc-console audit run` begins this month's.")
    return 0


def _as_json(
    one: Audit, servers: list[AuditServer], counts: dict[Result, int]
) -> dict[str, object]:
    return audit_as_json(one, servers) | {"results": result_counts(counts)}


def _row(one: Audit, servers: list[AuditServer], counts: dict[Result, int]) -> list[str]:
    return [
        str(one.id),
        one.month,
        str(one.revision),
        one.state.value,
        inert(one.scope),
        collected_words(servers),
        str(counts.get(Result.FAIL, 0)),
        str(counts.get(Result.WARN, 0)),
        str(counts.get(Result.NOT_MEASURED, 0)),
    ]
