"""History blocks: columns of figures over one span of time, compressed. Pure: no I/O, no clock.

A column is rounded to its unit's quantum, packed as `columns` does, and the whole deflated: about
one byte a figure on real servers.
"""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from noc_console.store.columns import LARGEST, Integers, PackedRows, pack, unpack

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_VERSION = 1
_HEAD = struct.Struct("<BBHI")
"""version, kinds of column (1 raw, 3 for least, average, most), metrics, times"""

_CURVE = 1000.0
"""Rates and byte counts are kept on a logarithmic scale, 0.05 % apart; zero stays zero."""
_CURVE_FROM = 64.0


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


def encode(block: Block, names: Mapping[int, str]) -> bytes:
    """Give a block as bytes; `names` tells each metric's name, whose ending is its unit."""
    ids = sorted(block.columns)
    kinds = next(iter(block.columns.values())).shape[0] if ids else 1
    lines = np.concatenate(
        [np.empty((0, len(block.times_ms))), *(block.columns[one] for one in ids)]
    )
    present = np.isfinite(lines)
    has_gaps = ~present.all(axis=1)
    parts = (
        pack(block.times_ms[None]),
        pack(_codes(_without_gaps(lines, present), _steps(ids, names, kinds))),
        has_gaps.astype(np.uint8).tobytes(),
        np.packbits(present[has_gaps], axis=1).tobytes(),
    )
    head = _HEAD.pack(_VERSION, kinds, len(ids), len(block.times_ms))
    return head + np.array(ids, dtype="<u4").tobytes() + zlib.compress(b"".join(parts), 6)


def metric_ids(body: bytes) -> list[int]:
    """Give the metrics a block holds without unpacking it."""
    _, _, count, _ = _HEAD.unpack_from(body)
    return [int(one) for one in np.frombuffer(body, dtype="<u4", count=count, offset=_HEAD.size)]


def decode(body: bytes, names: Mapping[int, str], wanted: frozenset[int] | None = None) -> Block:
    """Give the block that `encode` made of these bytes; only the `wanted` metrics when given.

    Raises:
        ValueError: the bytes are no block of a version this program knows.
    """
    version, kinds, count, times = _HEAD.unpack_from(body)
    if version != _VERSION:
        raise ValueError(f"a history block of unknown version {version}")
    ids = metric_ids(body)
    content = zlib.decompress(body[_HEAD.size + 4 * count :])
    chosen = [place for place, one in enumerate(ids) if wanted is None or one in wanted]
    found = [ids[place] for place in chosen]
    rows = np.add.outer(np.array(chosen, dtype=np.int64) * kinds, np.arange(kinds)).ravel()
    times_ms, place = unpack(content, 0, 1, times, np.zeros(1, dtype=np.int64))
    codes, place = unpack(content, place, kinds * count, times, rows)
    lines = _figures(codes, _steps(found, names, kinds))
    _leave_gaps(lines, content, place, kinds * count, rows)
    by_metric = lines.reshape(len(found), kinds, times)
    return Block(times_ms[0], dict(zip(found, by_metric, strict=True)))


def figures_at(
    body: bytes, names: Mapping[int, str], wanted: frozenset[int], at_ms: int, oldest_ms: int
) -> tuple[int, dict[int, float]] | None:
    """Give the time of the newest figures at or before `at_ms`, and those of the wanted metrics.

    A metric that was not told at that time is given as told last, where that is not before
    `oldest_ms`. None where the block begins later. Of summed-up steps the average is given.

    Raises:
        ValueError: as `decode`.
    """
    version, kinds, count, times = _HEAD.unpack_from(body)
    if version != _VERSION:
        raise ValueError(f"a history block of unknown version {version}")
    ids = metric_ids(body)
    content = zlib.decompress(body[_HEAD.size + 4 * count :])
    times_ms, place = unpack(content, 0, 1, times, np.zeros(1, dtype=np.int64))
    last = int(np.searchsorted(times_ms[0], at_ms, side="right")) - 1
    if last < 0 or int(times_ms[0, last]) < oldest_ms:
        return None
    span = int(np.searchsorted(times_ms[0], oldest_ms)), last
    rows = PackedRows(content, place, kinds * count, times)
    gaps = _Gaps(content, rows.end, kinds * count, times)
    found: list[int] = []
    codes: list[int] = []
    for number, one in enumerate(ids):
        row = number * kinds + kinds // 2
        position = gaps.last_told(row, *span) if one in wanted else -1
        if position >= 0:
            found.append(one)
            codes.append(rows.number(row, position))
    lines = _figures(np.array(codes, dtype=np.int64)[:, None], _steps(found, names, 1))
    return int(times_ms[0, last]), dict(zip(found, lines[:, 0].tolist(), strict=True))


class _Gaps:
    """Where the lines of a block have figures: a flag a line, then bits of the lines with gaps."""

    def __init__(self, content: bytes, place: int, count: int, times: int) -> None:
        """Read the flags of `count` lines of so many times."""
        self._content, self._times = content, times
        self._has_gaps = np.frombuffer(content, np.uint8, count, place).astype(bool)
        self._bits = place + count
        self._of_row = np.cumsum(self._has_gaps) - 1

    def last_told(self, row: int, first: int, last: int) -> int:
        """Give the last position in [first, last] with a figure, or -1."""
        if not self._has_gaps[row]:
            return last
        size = (self._times + 7) // 8
        start = self._bits + int(self._of_row[row]) * size
        bits = np.frombuffer(self._content, np.uint8, size, start)
        told = np.flatnonzero(np.unpackbits(bits, count=self._times)[first : last + 1])
        return first + int(told[-1]) if len(told) else -1


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
        lines = _stacked(block)
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
    lines = _stacked(raw)
    least, average, most = lines[:, 0], lines[:, lines.shape[1] // 2], lines[:, -1]
    missing = np.isnan(average)
    counts = np.add.reduceat(~missing, firsts, axis=1, dtype=np.int64)
    sums = np.add.reduceat(np.where(missing, 0.0, average), firsts, axis=1)
    means = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    kinds = (np.fmin.reduceat(least, firsts, axis=1), means, np.fmax.reduceat(most, firsts, axis=1))
    summed = np.stack(kinds, axis=1)
    return Block(steps[firsts] * step_ms, dict(zip(raw.columns, summed, strict=True)))


def _stacked(block: Block) -> Floats:
    """Give a block's lines as one array: (metrics, kinds, times)."""
    if not block.columns:
        return np.empty((0, 1, len(block.times_ms)))
    return np.stack(list(block.columns.values()))


@lru_cache(maxsize=4096)
def quantum(name: str) -> float:
    """Give the step to which a metric is rounded by its name's ending; 0 for the curved scale."""
    family = name.partition(":")[0]
    if family.endswith(("_per_s", "_bytes")):
        return 0.0
    return 0.1 if family.endswith(("_percent", "_ms", "_s")) else 0.01


def _steps(ids: Sequence[int], names: Mapping[int, str], kinds: int) -> Floats:
    """Give the quantum of each line: of each metric as often as it has kinds."""
    return np.repeat([quantum(names[one]) for one in ids] or np.empty(0), kinds)


def _without_gaps(lines: Floats, present: Flags) -> Floats:
    """Give lines where each gap repeats the figure before it (the first one's: after it)."""
    places = np.where(present, np.arange(lines.shape[1]), present.argmax(axis=1)[:, None])
    latest = np.maximum.accumulate(places, axis=1)
    return np.nan_to_num(np.take_along_axis(lines, latest, axis=1), nan=0.0, posinf=0.0, neginf=0.0)


def _codes(lines: Floats, steps: Floats) -> Integers:
    curved = steps == 0.0
    codes = lines / np.where(curved, 1.0, steps)[:, None]
    figures = lines[curved]
    codes[curved] = _CURVE * np.sign(figures) * np.log1p(np.abs(figures) / _CURVE_FROM)
    return np.rint(np.clip(codes, -LARGEST, LARGEST)).astype(np.int64)


def _figures(codes: Integers, steps: Floats) -> Floats:
    lines = codes * steps[:, None]
    curved = steps == 0.0
    figures = codes[curved]
    lines[curved] = np.sign(figures) * np.expm1(np.abs(figures) / _CURVE) * _CURVE_FROM
    return lines


def _leave_gaps(lines: Floats, content: bytes, place: int, count: int, rows: Integers) -> None:
    """Put nan where a line had no figure; the lines are the `rows` of `count`."""
    has_gaps = np.frombuffer(content, np.uint8, count, place).astype(bool)
    size = (lines.shape[1] + 7) // 8
    bits = np.frombuffer(content, np.uint8, int(has_gaps.sum()) * size, place + count)
    present = np.unpackbits(bits.reshape(-1, size), axis=1, count=lines.shape[1]).astype(bool)
    of_row = np.cumsum(has_gaps) - 1
    for line, row in zip(lines, rows.tolist(), strict=True):
        if has_gaps[row]:
            line[~present[of_row[row]]] = np.nan
