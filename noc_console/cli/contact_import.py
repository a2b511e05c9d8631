"""`noc-console contact import`: contacts from a table, after a look at what would come of it."""

import argparse
import json
import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from noc_console.cli.command_module import UsageError
from noc_console.cli.confirm import agrees
from noc_console.cli.contact_words import as_json, standing
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.fleet.importing.preview import Action, Line
from noc_console.fleet.importing.read import told_text
from noc_console.fleet.records import list_servers
from noc_console.notices.contact_import import (
    FIELDS,
    ContactPreview,
    ContactRow,
    ContactTable,
    compare,
    read_contacts,
)
from noc_console.notices.contact_records import add_and_edit, list_contacts, list_removed
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_COLUMNS = (
    Column(title="ACTION"),
    Column(title="ADDRESS", shrinks_to=20),
    Column(title="NAME", shrinks_to=10),
    Column(title="CUSTOMERS", shrinks_to=12),
    Column(title="NOTICES", drop_at=1),
)
_WORDS = {
    Action.ADD: "to add",
    Action.UPDATE: "to update",
    Action.SKIP: "left out",
    Action.SAME: "already as in the file",
}
_INDENT = " " * 8


class NotImported(ConsoleError):
    """A person did not agree."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file and how it is read."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the table, as CSV")
    parser.add_argument(
        "--map",
        dest="columns",
        metavar="FIELD=COLUMN",
        action="append",
        default=[],
        help=f"the column that a field is read from; fields: {', '.join(FIELDS)}",
    )
    parser.add_argument(
        "--group",
        metavar="GROUP",
        action="append",
        default=[],
        help="put all of them in this group too; again",
    )
    sure = parser.add_mutually_exclusive_group()
    sure.add_argument("--dry-run", action="store_true", help="only show what would come of it")
    sure.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="print JSON; imports only with --yes")


def run(arguments: argparse.Namespace) -> int:
    """Show what would come of it, ask, and take the contacts in, all of them or none.

    Raises:
        ConsoleError: the file cannot be read, or a person did not agree; nothing was imported.
    """
    found = _read(arguments.file.expanduser(), arguments.columns)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        preview = _preview(store, found, arguments.group)
        if arguments.json:
            is_done = arguments.yes and _take_in(store, preview)
            print(json.dumps(_as_json(found, preview, is_done=bool(is_done))))
            return 0
        print(*_as_lines(preview, shutil.get_terminal_size().columns), sep="\n")
        count = preview.count(Action.ADD) + preview.count(Action.UPDATE)
        if arguments.dry_run or not count:
            return 0
        if not arguments.yes and not agrees(
            f"Import {_contacts(count)}?",
            answer="yes",
            instead="give --yes to import without being asked",
        ):
            raise NotImported("Nothing was imported.")
        _take_in(store, preview)
    print(f"Imported {_contacts(count)}.")
    return 0


def _read(path: Path, columns: Sequence[str]) -> ContactTable:
    """Read the file; columns that are named count over those that are guessed."""
    return read_contacts(told_text(path), path.name, named=dict(_pair(one) for one in columns))


def _pair(text: str) -> tuple[str, str]:
    field, is_pair, column = text.partition("=")
    if not is_pair:
        raise UsageError(f"--map {text} names no column; write --map FIELD=COLUMN")
    return field.strip(), column


def _preview(store: Store, found: ContactTable, groups: Sequence[str]) -> ContactPreview:
    customers = {site.customer for server in list_servers(store) for site in server.sites}
    return compare(found.in_groups(groups), list_contacts(store), list_removed(store), customers)


def _take_in(store: Store, preview: ContactPreview) -> bool:
    added = [row.contact for row in preview.rows if row.action is Action.ADD]
    edited = [
        (row.before, row.contact)
        for row in preview.rows
        if row.action is Action.UPDATE and row.before is not None
    ]
    if added or edited:
        add_and_edit(store, added, edited, own_name(), datetime.now(UTC))
    return True


def _contacts(count: int) -> str:
    return "1 contact" if count == 1 else f"{count} contacts"


def _as_lines(preview: ContactPreview, width: int) -> Iterator[str]:
    rows = sorted(preview.rows, key=lambda row: list(_WORDS).index(row.action))
    if rows:
        title, *lines = table(_COLUMNS, [_cells(row) for row in rows], width)
        yield title
        for row, line in zip(rows, lines, strict=True):
            yield line
            yield from _wrapped(row.notes, width)
    for strange in preview.not_understood:
        yield from _not_understood(strange, width)
    yield _summary(preview)


def _cells(row: ContactRow) -> list[str]:
    one = row.contact
    return [
        row.action.value,
        inert(one.address),
        inert(one.name),
        inert("; ".join(one.customers)),
        standing(one),
    ]


def _not_understood(line: Line, width: int) -> Iterator[str]:
    where = f"{line.file}:{line.number}" if line.number else line.file
    told = inert(f"{where}: {line.text}" if line.text else where)
    yield from textwrap.wrap(told, max(width, 20), subsequent_indent=_INDENT)
    yield from _wrapped([line.why], width)


def _wrapped(notes: Sequence[str], width: int) -> Iterator[str]:
    for note in notes:
        yield from textwrap.wrap(
            inert(note), max(width, 20), initial_indent=_INDENT, subsequent_indent=_INDENT
        )


def _summary(preview: ContactPreview) -> str:
    parts = [f"{count} {words}" for one, words in _WORDS.items() if (count := preview.count(one))]
    left = len(preview.not_understood)
    if left:
        parts.append(f"{left} {'line' if left == 1 else 'lines'} not understood")
    return f"{', '.join(parts)}." if parts else "No contact is in this file."


def _as_json(found: ContactTable, preview: ContactPreview, *, is_done: bool) -> Mapping[str, Any]:
    return {
        "columns": dict(found.mapping),
        "imported": is_done,
        "contacts": [
            {"action": row.action.value, "notes": list(row.notes), "contact": as_json(row.contact)}
            for row in preview.rows
        ],
        "not_understood": [
            {"file": line.file, "line": line.number or None, "text": line.text, "why": line.why}
            for line in preview.not_understood
        ],
    }
