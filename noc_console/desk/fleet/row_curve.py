"""A row's load per core over the last ten minutes, as it is painted. No Qt, no I/O, no clock."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noc_console.desk.fleet.fleet_cells import MISSED_TICKS
from noc_console.desk.fleet.fleet_columns import SLOT_S, FleetColumns


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowCurve:
    """Load per core by slot, oldest first; figures at most `longest_gap` slots apart are joined."""

    per_core: NDArray[np.float32]
    longest_gap: int


def row_curve(columns: FleetColumns, row: int) -> RowCurve:
    """Give the curve of a row."""
    one = columns.figures[row]
    cores = float(one["cores"])
    slots = int(-(-float(one["tick_s"]) * MISSED_TICKS // SLOT_S))
    return RowCurve(
        per_core=columns.curve(row) / np.float32(max(cores, 1)),
        longest_gap=max(slots, 2),
    )
