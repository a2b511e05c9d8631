"""A slice of the history as the series that graphs show. Pure: no Qt, no I/O, no clock."""

import numpy as np

from noc_console.desk.widgets.graph_series import GraphSeries, Values
from noc_console.store.history import HistorySlice

_STEPS_JOINED = 2.5
"""Rolled up samples further apart than this many steps have a gap between them."""


def series_of(found: HistorySlice, raw_gap_s: float) -> GraphSeries:
    """Give the graphs' series; `raw_gap_s` is how long raw samples are joined.

    Metrics without a single figure are left out. Raw samples have no minimum and maximum.
    """
    known = [name for name, values in found.average.items() if np.isfinite(values).any()]
    rolled_up = found.step_s > 0
    return GraphSeries(
        times_s=found.times_ms / 1000.0,
        average={name: _plain(found.average[name]) for name in known},
        minimum={name: _plain(found.minimum[name]) for name in known if rolled_up},
        maximum={name: _plain(found.maximum[name]) for name in known if rolled_up},
        longest_gap_s=_STEPS_JOINED * found.step_s if rolled_up else raw_gap_s,
        not_watched=tuple((start / 1000, end / 1000) for start, end in found.not_watched),
    )


def _plain(values: Values) -> Values:
    return np.asarray(values, dtype=np.float64)
