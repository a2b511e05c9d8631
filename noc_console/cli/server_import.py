"""`noc-console server import`: servers from a file, after a look at what would come of it."""

import argparse
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from noc_console.cli.command_module import UsageError
from noc_console.cli.import_words import (
    add_import_arguments,
    ask_to_import,
    named_columns,
    outcome_lines,
    preview_lines,
    strange_as_json,
)
from noc_console.cli.terminal_text import Column, inert
from noc_console.fleet.importing.apply import Imported, apply
from noc_console.fleet.importing.columns import FIELDS
from noc_console.fleet.importing.compare import compare
from noc_console.fleet.importing.file_kind import FileKind
from noc_console.fleet.importing.preview import Action, ImportPreview, ImportRow, place_of
from noc_console.fleet.importing.read import ReadFile, read_servers
from noc_console.fleet.records import list_servers
from noc_console.fleet.serial import server_to_json
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_KINDS = {"openssh": FileKind.OPENSSH, "ansible": FileKind.ANSIBLE, "csv": FileKind.CSV}
_COLUMNS = (
    Column(title="ACTION"),
    Column(title="NAME", shrinks_to=16),
    Column(title="WHERE", shrinks_to=16),
    Column(title="GROUPS", shrinks_to=8, drop_at=1),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file and how it is read."""
    add_import_arguments(
        parser,
        file="the file with servers",
        column="the column of a CSV table that a field is read from",
        fields=FIELDS,
    )
    parser.add_argument("--kind", choices=_KINDS, help="what it is (default: guessed)")


def run(arguments: argparse.Namespace) -> int:
    """Show what would come of it, ask, and take the servers in, all of them or none.

    Raises:
        ConsoleError: the file cannot be read, or a person did not agree; nothing was imported.
    """
    told = _read(arguments.file.expanduser(), _KINDS.get(arguments.kind), arguments.columns)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        preview = compare(told.found, list_servers(store))
        if arguments.json:
            done = _take_in(store, preview) if arguments.yes else None
            print(json.dumps(_as_json(told, preview, done)))
            return 0
        print(*_as_lines(preview, shutil.get_terminal_size().columns), sep="\n")
        if arguments.dry_run:
            return 0
        if _changes(preview) and not arguments.yes:
            ask_to_import(_servers(_changes(preview)))
        print(_take_in(store, preview).sentence)
    return 0


def _read(path: Path, kind: FileKind | None, columns: Sequence[str]) -> ReadFile:
    """Read the file; columns that are named count over those that are guessed."""
    chosen = named_columns(columns)
    told = read_servers(path, kind)
    if not chosen:
        return told
    if told.kind is not FileKind.CSV:
        raise UsageError(f"--map is for a CSV table, and this is an {told.kind.value}")
    guessed = {
        field: column for field, column in told.mapping.items() if column not in chosen.values()
    }
    return read_servers(path, FileKind.CSV, guessed | chosen)


def _take_in(store: Store, preview: ImportPreview) -> Imported:
    return apply(store, preview, datetime.now(UTC))


def _changes(preview: ImportPreview) -> int:
    return preview.count(Action.ADD) + preview.count(Action.UPDATE)


def _servers(count: int) -> str:
    return "1 server" if count == 1 else f"{count} servers"


def _as_lines(preview: ImportPreview, width: int) -> Iterator[str]:
    yield from preview_lines(_COLUMNS, [(row, _cells(row)) for row in preview.rows], width)
    yield from outcome_lines(preview, "server", width)


def _cells(row: ImportRow) -> list[str]:
    server = row.server
    return [inert(server.name), inert(place_of(server)), inert(", ".join(server.groups))]


def _as_json(told: ReadFile, preview: ImportPreview, done: Imported | None) -> Mapping[str, Any]:
    return {
        "kind": next(word for word, kind in _KINDS.items() if kind is told.kind),
        "columns": dict(told.mapping),
        "imported": done is not None,
        "servers": [
            {
                "action": row.action.value,
                "notes": list(row.notes),
                "server": server_to_json(row.server),
            }
            for row in preview.rows
        ],
        "not_understood": strange_as_json(preview.not_understood),
    }
