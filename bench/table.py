"""The bench's table, as text for a terminal and as JSON for a file."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from bench.measure import Measure, Reached

_HEADINGS = ("measure", "ours", "baseline", "ratio", "goal", "")


def rows(measures: Iterable[Measure]) -> list[tuple[str, ...]]:
    """Give each measure as the cells of a row."""
    return [
        (
            one.name,
            _figure(one.ours, one.unit),
            ""
            if one.baseline is None
            else f"{_figure(one.baseline.value, one.unit)} {one.baseline.name}",
            "" if one.ratio is None else f"{one.ratio:.3g} x",
            one.goal,
            one.reached.value,
        )
        for one in measures
    ]


def printed(group: str, measures: Sequence[Measure]) -> str:
    """Give a group's table, notes below it."""
    cells = [_HEADINGS, *rows(measures)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(_HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    lines.insert(1, "-" * max(map(len, lines)))
    notes = [f"  {one.name}: {one.note}" for one in measures if one.note]
    return "\n".join([f"== {group}", *lines, *notes, ""])


def summed_up(measures: Sequence[Measure]) -> str:
    """Give one sentence: how many goals are reached, and which are missed."""
    judged = [one for one in measures if one.reached is not Reached.NO_GOAL]
    missed = [one.name for one in judged if one.reached is Reached.NO]
    sentence = f"{len(judged) - len(missed)} of {len(judged)} goals are reached"
    return f"{sentence}; missed: {'; '.join(missed)}." if missed else f"{sentence}."


def write_json(path: Path, at: datetime, machine: str, groups: dict[str, list[Measure]]) -> None:
    """Write every measure of a run into a file."""
    content = {
        "at": at.isoformat(),
        "machine": machine,
        "measures": [
            {
                "group": group,
                "name": one.name,
                "unit": one.unit,
                "ours": one.ours,
                "baseline": None if one.baseline is None else one.baseline.value,
                "baseline_name": None if one.baseline is None else one.baseline.name,
                "ratio": one.ratio,
                "goal": one.goal,
                "reached": one.reached.value,
                "note": one.note,
            }
            for group, measures in groups.items()
            for one in measures
        ],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _figure(value: float, unit: str) -> str:
    figure = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{figure} {unit}".rstrip()
