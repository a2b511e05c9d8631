"""`noc-console server import`: servers from a file, after a look at what would come of it."""

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
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.errors import ConsoleError
from noc_console.fleet.importing.apply import Imported, apply
from noc_console.fleet.importing.columns import FIELDS
from noc_console.fleet.importing.compare import compare
from noc_console.fleet.importing.file_kind import FileKind
from noc_console.fleet.importing.preview import Action, ImportPreview, ImportRow, Line, place_of
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
_ORDER = (Action.ADD, Action.UPDATE, Action.SKIP, Action.SAME)
_INDENT = " " * 8


class NotImported(ConsoleError):
    """A person did not agree."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file and how it is read."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file with servers")
    parser.add_argument("--kind", choices=_KINDS, help="what it is (default: guessed)")
    parser.add_argument(
        "--map",
        dest="columns",
        metavar="FIELD=COLUMN",
        action="append",
        default=[],
        help=f"the column of a CSV table that a field is read from; fields: {', '.join(FIELDS)}",
    )
    sure = parser.add_mutually_exclusive_group()
    sure.add_argument("--dry-run", action="store_true", help="only show what would come of it")
    sure.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="print JSON; imports only with --yes")


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
        if _changes(preview) and not arguments.yes and not _agrees(preview):
            raise NotImported("Nothing was imported.")
        print(_take_in(store, preview).sentence)
    return 0


def _read(path: Path, kind: FileKind | None, columns: Sequence[str]) -> ReadFile:
    """Read the file; columns that are named count over those that are guessed."""
    chosen = dict(_pair(text) for text in columns)
    told = read_servers(path, kind)
    if not chosen:
        return told
    if told.kind is not FileKind.CSV:
        raise UsageError(f"--map is for a CSV table, and this is an {told.kind.value}")
    guessed = {
        field: column for field, column in told.mapping.items() if column not in chosen.values()
    }
    return read_servers(path, FileKind.CSV, guessed | chosen)


def _pair(text: str) -> tuple[str, str]:
    field, is_pair, column = text.partition("=")
    if not is_pair:
        raise UsageError(f"--map {text} names no column; write --map FIELD=COLUMN")
    return field.strip(), column


def _take_in(store: Store, preview: ImportPreview) -> Imported:
    return apply(store, preview, datetime.now(UTC))


def _changes(preview: ImportPreview) -> int:
    return preview.count(Action.ADD) + preview.count(Action.UPDATE)


def _agrees(preview: ImportPreview) -> bool:
    return agrees(
        f"Import {_servers(_changes(preview))}?",
        answer="yes",
        instead="give --yes to import without being asked",
    )


def _servers(count: int) -> str:
    return "1 server" if count == 1 else f"{count} servers"


def _as_lines(preview: ImportPreview, width: int) -> Iterator[str]:
    rows = sorted(preview.rows, key=lambda row: _ORDER.index(row.action))
    if rows:
        title, *lines = table(_COLUMNS, [_cells(row) for row in rows], width)
        yield title
        for row, line in zip(rows, lines, strict=True):
            yield line
            yield from _wrapped(row.notes, width)
    for strange in preview.not_understood:
        yield from _not_understood(strange, width)
    yield _summary(preview)


def _cells(row: ImportRow) -> list[str]:
    return [
        row.action.value,
        inert(row.server.name),
        inert(place_of(row.server)),
        inert(", ".join(row.server.groups)),
    ]


def _not_understood(line: Line, width: int) -> Iterator[str]:
    where = f"{line.file}:{line.number}" if line.number else line.file
    yield from textwrap.wrap(
        inert(f"{where}: {line.text}" if line.text else where),
        max(width, 20),
        subsequent_indent=_INDENT,
    )
    yield from _wrapped([line.why], width)


def _wrapped(notes: Sequence[str], width: int) -> Iterator[str]:
    for note in notes:
        yield from textwrap.wrap(
            inert(note), max(width, 20), initial_indent=_INDENT, subsequent_indent=_INDENT
        )


def _summary(preview: ImportPreview) -> str:
    words = {
        Action.ADD: "to add",
        Action.UPDATE: "to update",
        Action.SKIP: "left out",
        Action.SAME: "already as in the file",
    }
    parts = [f"{preview.count(one)} {words[one]}" for one in _ORDER if preview.count(one)]
    left = len(preview.not_understood)
    if left:
        parts.append(f"{left} {'line' if left == 1 else 'lines'} not understood")
    return f"{', '.join(parts)}." if parts else "No server is in this file."


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
        "not_understood": [
            {"file": line.file, "line": line.number or None, "text": line.text, "why": line.why}
            for line in preview.not_understood
        ],
    }
