"""An availability report as lines for a terminal. Pure: no I/O, no clock."""

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.incidents.availability.availability import FORMULAS
from noc_console.incidents.availability.availability_report import Kind, Report, Row
from noc_console.incidents.availability.availability_words import (
    burn_text,
    left_text,
    mark_text,
    mean_text,
    percent_text,
    recorded_text,
    target_text,
)
from noc_console.incidents.times import exact_text
from noc_console.store.schema.metadata import from_ms

_COLUMNS = (
    Column(title="NAME", shrinks_to=16),
    Column(title="MAINT. AS UP", is_number=True),
    Column(title="AS DOWN", is_number=True),
    Column(title="BY PLAN", is_number=True, drop_at=3),
    Column(title="WITHOUT PLAN", is_number=True),
    Column(title="NOT WATCHED", is_number=True, drop_at=4),
    Column(title="OUTAGES", is_number=True, drop_at=5),
    Column(title="BETWEEN", is_number=True, drop_at=1),
    Column(title="REPAIR", is_number=True, drop_at=2),
    Column(title="TARGET", is_number=True, drop_at=6),
    Column(title="BUDGET", is_number=True),
    Column(title="BURN", is_number=True, drop_at=0),
)


def as_lines(report: Report, width: int) -> list[str]:
    """Give the report: a table a kind, the outages of a single server, and the rules."""
    lines = [f"Availability {inert(report.range.title)}: {report.range.words()}"]
    if report.ends_at < report.range.end:
        lines.append(f"Measured until {iso(report.ends_at)}.")
    for kind in Kind:
        rows = report.of(kind)
        if rows:
            lines += [
                "",
                kind.value.upper(),
                *table(_COLUMNS, [_cells(row) for row in rows], width),
            ]
    if len(report.of(Kind.SERVER)) == 1:
        lines += _outages(report)
    if report.marks:
        lines += _marks(report)
    lines += ["", *FORMULAS]
    return lines


def _cells(row: Row) -> list[str]:
    measure, budget = row.measure, row.budget
    return [
        inert(row.name),
        percent_text(measure.percent_as_up),
        percent_text(measure.percent_as_down),
        exact_text(measure.scheduled_ms),
        exact_text(measure.unscheduled_ms),
        exact_text(measure.not_watched_ms),
        str(measure.outages),
        mean_text(measure.between_failures_ms),
        mean_text(measure.to_repair_ms),
        target_text(budget.target_percent),
        left_text(budget),
        burn_text(budget),
    ]


def _outages(report: Report) -> list[str]:
    lines = ["", "OUTAGES WITHOUT PLAN"]
    for row in report.of(Kind.SERVER, Kind.SERVICE):
        for outage in row.outages:
            ends = "goes on" if outage.is_open else iso(from_ms(outage.end_ms))
            lines.append(
                f"{inert(row.name)}: {iso(from_ms(outage.start_ms))} to {ends}, seen down"
                f" {exact_text(outage.down_ms)}"
            )
    return lines if len(lines) > 2 else [*lines, "none while we watched"]


def _marks(report: Report) -> list[str]:
    """Give what was marked as seen wrongly, and what the sums are without it."""
    lines = ["", "MARKED AS SEEN WRONGLY"]
    for mark in report.marks:
        server = inert(report.names.get(mark.server_id, ""))
        name = f"{inert(mark.service)} on {server}" if mark.service else server
        lines.append(
            f"{mark.id}: {name}, {iso(mark.started_at)} to {iso(mark.ended_at)}:"
            f" {inert(mark_text(mark))}"
        )
    lines += [
        f"{inert(row.name)}, {recorded_text(row.as_recorded)}"
        for kind in Kind
        for row in report.of(kind)
        if row.as_recorded is not None
    ]
    return lines
