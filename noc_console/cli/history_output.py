"""A stretch of history as JSON, CSV or lines for a terminal. Pure: no I/O, no clock."""

import csv
import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from noc_console.cli.moments import iso, span_text
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.incidents.times import local_text
from noc_console.store.history import HistorySlice
from noc_console.store.schema.metadata import from_ms
from noc_console.telemetry.metrics import METRICS, family

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_json(
    name: str, metrics: Sequence[str], start: datetime, end: datetime, told: HistorySlice
) -> dict[str, Any]:
    """Give the slice as plain values: one list of times, and as long a list for each figure.

    `step_s` is 0 for raw readings; minimum and maximum are there where it is not.
    """
    return {
        "server": name,
        "since": iso(start),
        "until": iso(end),
        "step_s": told.step_s,
        "times": [iso(from_ms(int(at))) for at in told.times_ms],
        "metrics": {
            metric: {
                "unit": _unit(metric),
                **{
                    kind: [_known(value) for value in figures[metric]]
                    for kind, figures in _kinds(told).items()
                },
            }
            for metric in metrics
        },
        "not_watched": [
            {"from": iso(from_ms(left)), "to": iso(from_ms(right))}
            for left, right in told.not_watched
        ],
    }


def as_csv(metrics: Sequence[str], told: HistorySlice) -> str:
    """Give the slice as CSV (RFC 4180): a row a moment, empty cells for what is unknown.

    A text that a spreadsheet would take for a formula is written with a quote before it (OWASP).
    """
    out = io.StringIO()
    writer = csv.writer(out)
    kinds = _kinds(told)
    writer.writerow(
        ["time", *(_cell(_titled(metric, kind)) for metric in metrics for kind in kinds)]
    )
    for place, at in enumerate(told.times_ms):
        figures = (_known(kinds[kind][metric][place]) for metric in metrics for kind in kinds)
        writer.writerow(
            [iso(from_ms(int(at))), *("" if figure is None else figure for figure in figures)]
        )
    return out.getvalue()


def as_lines(metrics: Sequence[str], told: HistorySlice, width: int) -> list[str]:
    """Give the slice as a table, and after it the spans in which nobody watched."""
    kinds = _kinds(told)
    columns = [
        Column(title="TIME"),
        *(
            Column(title=inert(_titled(metric, kind)), is_number=True, drop_at=len(kinds) - place)
            for metric in metrics
            for place, kind in enumerate(kinds)
        ),
    ]
    rows = [
        [
            local_text(from_ms(int(at))),
            *(_shown(kinds[kind][metric][place]) for metric in metrics for kind in kinds),
        ]
        for place, at in enumerate(told.times_ms)
    ]
    return [*table(columns, rows, width), *not_watched_lines(told)]


def not_watched_lines(told: HistorySlice) -> list[str]:
    """Give one sentence for each span in which no engine watched."""
    return [
        f"Not watched from {local_text(from_ms(left))} to {local_text(from_ms(right))}"
        f" ({span_text((right - left) / 1000)})."
        for left, right in told.not_watched
    ]


def _kinds(told: HistorySlice) -> dict[str, Any]:
    kinds = {"average": told.average}
    if told.step_s:
        kinds |= {"minimum": told.minimum, "maximum": told.maximum}
    return kinds


def _titled(metric: str, kind: str) -> str:
    return metric if kind == "average" else f"{metric} {kind}"


def _unit(metric: str) -> str:
    known = METRICS.get(family(metric))
    return known.unit.value if known else ""


def _known(value: float) -> float | None:
    """Give a figure with the digits it has: it was kept as a 32-bit float."""
    return None if math.isnan(value) else float(f"{value:.7g}")


def _shown(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
