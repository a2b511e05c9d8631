"""`noc-console contact import`: contacts from a table, after a look at what would come of it."""

import argparse
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.contact_words import as_json, standing
from noc_console.cli.import_words import (
    add_import_arguments,
    ask_to_import,
    named_columns,
    outcome_lines,
    preview_lines,
    strange_as_json,
)
from noc_console.cli.terminal_text import Column, inert
from noc_console.cli.who import own_name
from noc_console.fleet.importing.preview import Action
from noc_console.fleet.importing.read import told_text
from noc_console.notices.contact_import import (
    FIELDS,
    ContactPreview,
    ContactRow,
    ContactTable,
    read_contacts,
)
from noc_console.notices.contact_taking import compare_with_known, take_in
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ACTION"),
    Column(title="ADDRESS", shrinks_to=20),
    Column(title="NAME", shrinks_to=10),
    Column(title="CUSTOMERS", shrinks_to=12),
    Column(title="NOTICES", drop_at=1),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file and how it is read."""
    add_import_arguments(
        parser,
        file="the table, as CSV",
        column="the column that a field is read from",
        fields=FIELDS,
    )
    parser.add_argument(
        "--group",
        metavar="GROUP",
        action="append",
        default=[],
        help="put all of them in this group too; again",
    )


def run(arguments: argparse.Namespace) -> int:
    """Show what would come of it, ask, and take the contacts in, all of them or none.

    Raises:
        ConsoleError: the file cannot be read, or a person did not agree; nothing was imported.
    """
    path, named = arguments.file.expanduser(), named_columns(arguments.columns)
    found = read_contacts(told_text(path), path.name, named=named)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        preview = compare_with_known(store, found, arguments.group)
        if arguments.json:
            if arguments.yes:
                take_in(store, preview, own_name(), datetime.now(UTC))
            print(json.dumps(_as_json(found, preview, is_done=arguments.yes)))
            return 0
        print(*_as_lines(preview, shutil.get_terminal_size().columns), sep="\n")
        count = preview.count(Action.ADD) + preview.count(Action.UPDATE)
        if arguments.dry_run or not count:
            return 0
        if not arguments.yes:
            ask_to_import(_contacts(count))
        take_in(store, preview, own_name(), datetime.now(UTC))
    print(f"Imported {_contacts(count)}.")
    return 0


def _contacts(count: int) -> str:
    return "1 contact" if count == 1 else f"{count} contacts"


def _as_lines(preview: ContactPreview, width: int) -> Iterator[str]:
    yield from preview_lines(_COLUMNS, [(row, _cells(row)) for row in preview.rows], width)
    yield from outcome_lines(preview, "contact", width)


def _cells(row: ContactRow) -> list[str]:
    one = row.contact
    return [inert(one.address), inert(one.name), inert("; ".join(one.customers)), standing(one)]


def _as_json(found: ContactTable, preview: ContactPreview, *, is_done: bool) -> Mapping[str, Any]:
    return {
        "columns": dict(found.mapping),
        "imported": is_done,
        "contacts": [
            {"action": row.action.value, "notes": list(row.notes), "contact": as_json(row.contact)}
            for row in preview.rows
        ],
        "not_understood": strange_as_json(preview.not_understood),
    }
