"""Handovers as JSON and as lines for a terminal. Pure: no I/O, no clock."""

import argparse
from typing import Any

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.incidents.handover.handover import Cell, Handover, HandoverPage
from noc_console.incidents.times import local_text


def wants_json(arguments: argparse.Namespace) -> bool:
    """Whether JSON was asked for, before the act or behind it."""
    return bool(getattr(arguments, "json", False) or arguments.json_first)


def handover_to_json(one: Handover) -> dict[str, Any]:
    """Give a handover as plain values; `taken` is null while nobody took it."""
    return {
        "id": one.id,
        "given": {"at": iso(one.given_at), "by": one.given_by},
        "note": one.note or None,
        "taken": None if one.taken_at is None else {"at": iso(one.taken_at), "by": one.taken_by},
        "page": page_to_json(one.page),
    }


def page_to_json(page: HandoverPage) -> dict[str, Any]:
    """Give a page as plain values: each section a list of rows by column."""
    return {
        "at": iso(page.at),
        "sections": {
            section.key: [
                {
                    **{
                        column.lower(): cell if isinstance(cell, str) else iso(cell)
                        for column, cell in zip(section.columns, row.cells, strict=True)
                    },
                    "link": row.link or None,
                }
                for row in section.rows
            ]
            for section in page.sections
        },
        "left_out": {one.key: one.left_out for one in page.sections if one.left_out},
    }


def page_lines(page: HandoverPage, width: int) -> list[str]:
    """Give a page as lines that fit a terminal."""
    lines = [f"Handover, {local_text(page.at)}"]
    for section in page.sections:
        lines += ["", section.title]
        if not section.rows:
            lines.append(f"  {section.empty}")
            continue
        columns = [
            Column(title=title.upper(), shrinks_to=8, is_sentence=True) for title in section.columns
        ]
        rows = [[_cell(cell) for cell in row.cells] for row in section.rows]
        lines += [f"  {line}" for line in table(columns, rows, max(width - 2, 20))]
        if section.left_out:
            lines.append(f"  ... and {section.left_out} more")
    return lines


def head_lines(one: Handover) -> list[str]:
    """Give who gave a handover, who took it, and the note."""
    taken = (
        f"taken by {inert(one.taken_by)} {local_text(one.taken_at)}"
        if one.taken_at is not None
        else "nobody has taken it yet"
    )
    lines = [
        f"Handover {one.id}, given by {inert(one.given_by)} {local_text(one.given_at)}, {taken}"
    ]
    return lines + [f"  {inert(line)}" for line in one.note.splitlines()]


def _cell(cell: Cell) -> str:
    return inert(cell) if isinstance(cell, str) else local_text(cell)
