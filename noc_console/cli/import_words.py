"""What every import from a file takes, asks and tells on the command line."""

import argparse
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from noc_console.cli.command_module import UsageError
from noc_console.cli.confirm import agrees
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.errors import ConsoleError
from noc_console.fleet.importing.preview import Action, Line

_INDENT = " " * 8


class NotImported(ConsoleError):
    """A person did not agree."""


class _Row(Protocol):
    @property
    def action(self) -> Action: ...
    @property
    def notes(self) -> Sequence[str]: ...


class _Preview(Protocol):
    @property
    def not_understood(self) -> Sequence[Line]: ...
    def count(self, action: Action) -> int: ...


def add_import_arguments(
    parser: argparse.ArgumentParser, *, file: str, column: str, fields: Iterable[str]
) -> None:
    """Declare the file, its columns, and how sure a person is."""
    parser.add_argument("file", metavar="FILE", type=Path, help=file)
    parser.add_argument(
        "--map",
        dest="columns",
        metavar="FIELD=COLUMN",
        action="append",
        default=[],
        help=f"{column}; fields: {', '.join(fields)}",
    )
    sure = parser.add_mutually_exclusive_group()
    sure.add_argument("--dry-run", action="store_true", help="only show what would come of it")
    sure.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="print JSON; imports only with --yes")


def named_columns(pairs: Iterable[str]) -> dict[str, str]:
    """Give the columns that were named, by field.

    Raises:
        UsageError: one is no pair.
    """
    return dict(_pair(one) for one in pairs)


def _pair(text: str) -> tuple[str, str]:
    field, is_pair, column = text.partition("=")
    if not is_pair:
        raise UsageError(f"--map {text} names no column; write --map FIELD=COLUMN")
    return field.strip(), column


def ask_to_import(what: str) -> None:
    """Ask on the terminal.

    Raises:
        NotImported: a person did not agree.
        UsageError: there is nobody to ask.
    """
    if not agrees(
        f"Import {what}?", answer="yes", instead="give --yes to import without being asked"
    ):
        raise NotImported("Nothing was imported.")


def preview_lines(
    columns: Sequence[Column], rows: Iterable[tuple[_Row, Sequence[str]]], width: int
) -> Iterator[str]:
    """Give a table of rows and their cells, those that change something first, with their notes."""
    order = list(Action)
    shown = sorted(rows, key=lambda one: order.index(one[0].action))
    if not shown:
        return
    title, *lines = table(columns, [[row.action.word, *cells] for row, cells in shown], width)
    yield title
    for (row, _), line in zip(shown, lines, strict=True):
        yield line
        yield from _wrapped(row.notes, width)


def outcome_lines(preview: _Preview, noun: str, width: int) -> Iterator[str]:
    """Give each line that was not understood, and the sums."""
    for line in preview.not_understood:
        where = f"{line.file}:{line.number}" if line.number else line.file
        told = inert(f"{where}: {line.text}" if line.text else where)
        yield from textwrap.wrap(told, max(width, 20), subsequent_indent=_INDENT)
        yield from _wrapped([line.why], width)
    parts = [f"{count} {one.words}" for one in Action if (count := preview.count(one))]
    left = len(preview.not_understood)
    if left:
        parts.append(f"{left} {'line' if left == 1 else 'lines'} not understood")
    yield f"{', '.join(parts)}." if parts else f"No {noun} is in this file."


def _wrapped(notes: Sequence[str], width: int) -> Iterator[str]:
    for note in notes:
        yield from textwrap.wrap(
            inert(note), max(width, 20), initial_indent=_INDENT, subsequent_indent=_INDENT
        )


def strange_as_json(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Give the lines that were not understood, as JSON has them."""
    return [
        {"file": line.file, "line": line.number or None, "text": line.text, "why": line.why}
        for line in lines
    ]
