"""History blocks as values: columns of figures over one span of time. Pure: no I/O, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from noc_console.store.columns import Integers
from noc_console.store.scale import Floats


@dataclass(frozen=True, slots=True)
class Block:
    """Figures at `times_ms` (rising). `columns[metric_id]` has shape (kinds, times), nan = none.

    Kinds is 1 for raw samples and 3 (minimum, average, maximum) for summed-up ones.
    """

    times_ms: Integers
    columns: Mapping[int, Floats]

    @classmethod
    def empty(cls) -> "Block":
        """Give a block without times."""
        return cls(np.empty(0, dtype=np.int64), {})


def merge(older: Block, newer: Block) -> Block:
    """Give both blocks as one, in order of time; of equal times the newer figure is kept."""
    if not len(older.times_ms) or not len(newer.times_ms):
        return newer if not len(older.times_ms) else older
    times_ms = np.union1d(older.times_ms, newer.times_ms)
    ids = sorted({*older.columns, *newer.columns})
    kinds = max((lines.shape[0] for lines in newer.columns.values()), default=1)
    merged = np.full((len(ids), kinds, len(times_ms)), np.nan)
    for block in (older, newer):
        at = np.ix_(
            np.searchsorted(ids, list(block.columns)),
            np.arange(kinds),
            np.searchsorted(times_ms, block.times_ms),
        )
        lines = stacked(block)
        merged[at] = np.where(np.isnan(lines[:, :1]), merged[at], lines)
    return Block(times_ms, dict(zip(ids, merged, strict=True)))


def between(block: Block, start_ms: int, end_ms: int) -> Block:
    """Give the part of a block in [start, end)."""
    first, last = np.searchsorted(block.times_ms, [start_ms, end_ms])
    if first == 0 and last == len(block.times_ms):
        return block
    return Block(
        block.times_ms[first:last],
        {metric_id: lines[:, first:last] for metric_id, lines in block.columns.items()},
    )


def sum_up(raw: Block, step_ms: int) -> Block:
    """Give minimum, average and maximum over each whole step of `step_ms` that has a sample.

    A step is named by its start. A metric without figures in a step stays without.
    """
    if not len(raw.times_ms):
        return raw
    steps = raw.times_ms // step_ms
    firsts = np.flatnonzero(np.diff(steps, prepend=steps[0] - 1))
    lines = stacked(raw)
    least, average, most = lines[:, 0], lines[:, lines.shape[1] // 2], lines[:, -1]
    missing = np.isnan(average)
    counts = np.add.reduceat(~missing, firsts, axis=1, dtype=np.int64)
    sums = np.add.reduceat(np.where(missing, 0.0, average), firsts, axis=1)
    means = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    kinds = (np.fmin.reduceat(least, firsts, axis=1), means, np.fmax.reduceat(most, firsts, axis=1))
    summed = np.stack(kinds, axis=1)
    return Block(steps[firsts] * step_ms, dict(zip(raw.columns, summed, strict=True)))


def stacked(block: Block) -> Floats:
    """Give a block's figures as one array (metrics, kinds, times)."""
    if not block.columns:
        return np.empty((0, 1, len(block.times_ms)))
    return np.stack(list(block.columns.values()))
