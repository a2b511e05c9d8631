"""How bad a single figure of a row is, by what an engine said of it.

Pure: no Qt, no I/O, no clock.
"""

from noc_console.desk.fleet.fleet_cells import SOON_S, Column, verdict_of
from noc_console.desk.fleet.fleet_columns import FleetColumns
from noc_console.health.records import ServerState
from noc_console.health.verdict import Verdict

_OF_COLUMN = {
    Column.LOAD: ("load",),
    Column.CPU: ("cpu_", "pressure_cpu_"),
    Column.MEMORY: ("mem_", "swap_", "pressure_memory_"),
    Column.DISK: ("mount_",),
}
"""How the keys of reasons begin that are about a column's figure."""

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
        case Column.LOAD | Column.CPU | Column.MEMORY | Column.DISK:
            return _of_reasons(columns.states[row], _OF_COLUMN[column])
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


def _of_reasons(state: ServerState | None, beginnings: tuple[str, ...]) -> Verdict:
    """Give the worst that an engine said of a figure: by the server's own lines and minutes."""
    if state is None:
        return Verdict.OK
    return next(  # reasons stand worst first
        (one.verdict for one in state.judgement.reasons if one.key.startswith(beginnings)),
        Verdict.OK,
    )
