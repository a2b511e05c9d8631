"""How bad a single figure of a row is, against its early and cut-off lines.

Pure: no Qt, no I/O, no clock.
"""

from noc_console.desk.fleet.fleet_cells import Column, verdict_of
from noc_console.desk.fleet.fleet_columns import FleetColumns
from noc_console.health.profiles import usual_lines
from noc_console.health.records import ServerState
from noc_console.health.verdict import Verdict

_METRICS = {
    Column.LOAD: ("load", "load1"),
    Column.MEMORY: ("memory", "mem_used_percent"),
    Column.DISK: ("disk", "mount_used_percent"),
}
SOON_S = 900.0
FIGURES = frozenset(
    {Column.LOAD, Column.CURVE, Column.CPU, Column.MEMORY, Column.DISK, Column.SERVICES}
)
"""Columns that say nothing of now when no sample comes any more."""


def severity_of(columns: FleetColumns, row: int, column: Column) -> Verdict:
    """Give what a cell says by itself: OK where nobody need look at it."""
    one = columns.figures[row]
    match column:
        case Column.VERDICT:
            return verdict_of(columns, row)
        case Column.SERVICES if one["services_ok"] < one["services"]:
            return Verdict.CUT_OFF
        case Column.DANGER if columns.is_watched:
            return _of_danger(float(one["danger_s"]), columns.states[row])
        case Column.LOAD | Column.MEMORY | Column.DISK:
            field, metric = _METRICS[column]
            return _against_lines(metric, float(one[field]), float(one["cores"]))
        case _:
            return Verdict.OK


def _of_danger(danger_s: float, state: ServerState | None) -> Verdict:
    """Whoever falls within minutes is worth a look by that alone."""
    if state is None or danger_s != danger_s:
        return Verdict.OK
    if danger_s == 0.0:
        return Verdict.CUT_OFF
    danger = state.judgement.danger
    soon = danger is not None and danger.earliest_s <= SOON_S
    return Verdict.EARLY if soon else Verdict.OK


def _against_lines(metric: str, value: float, cores: float) -> Verdict:
    lines = usual_lines(metric, cores if cores == cores else 1.0)
    if lines is None or value != value:
        return Verdict.OK
    for verdict, line in ((Verdict.CUT_OFF, lines.cut_off), (Verdict.EARLY, lines.early)):
        if line is not None and value >= line:
            return verdict
    return Verdict.OK
