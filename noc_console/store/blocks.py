"""History blocks: columns of figures over one span of time, compressed. Pure: no I/O, no clock.

A column is rounded to its unit's quantum, written as differences, zigzagged, its bytes regrouped
(all lowest bytes first) and the whole deflated: about one byte a figure on real servers.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_VERSION = 1
_HEAD = struct.Struct("<BBHI")
"""version, kinds of column (1 raw, 3 for least, average, most), metrics, times"""
_COLUMN = struct.Struct("<BIQq")
"""width in bytes, present figures, greatest common divisor of the differences, first figure"""

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
    parts = [_encode_integers(block.times_ms)]
    for metric_id in ids:
        parts.extend(_encode_column(line, names[metric_id]) for line in block.columns[metric_id])
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
    times_ms, place = _decode_integers(content, 0)
    columns: dict[int, Floats] = {}
    for metric_id in ids:
        if wanted is not None and metric_id not in wanted:
            for _ in range(kinds):
                place = _skip_column(content, place, times)
            continue
        lines = np.empty((kinds, times))
        for kind in range(kinds):
            lines[kind], place = _decode_column(content, place, times, names[metric_id])
        columns[metric_id] = lines
    return Block(times_ms, columns)


def merge(older: Block, newer: Block) -> Block:
    """Give both blocks as one, in order of time; of equal times the newer figure is kept."""
    times_ms = np.union1d(older.times_ms, newer.times_ms)
    columns: dict[int, Floats] = {}
    for block in (older, newer):
        places = np.searchsorted(times_ms, block.times_ms)
        for metric_id, lines in block.columns.items():
            if metric_id not in columns:
                columns[metric_id] = np.full((lines.shape[0], len(times_ms)), np.nan)
            present = ~np.isnan(lines[0])
            columns[metric_id][:, places[present]] = lines[:, present]
    return Block(times_ms, columns)


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
    columns: dict[int, Floats] = {}
    for metric_id, lines in raw.columns.items():
        least, average, most = lines[0], lines[lines.shape[0] // 2], lines[-1]
        counts = np.add.reduceat(~np.isnan(average), firsts, dtype=np.int64)
        sums = np.add.reduceat(np.nan_to_num(average), firsts)
        means = np.divide(sums, counts, out=np.full(len(firsts), np.nan), where=counts > 0)
        columns[metric_id] = np.stack(
            [np.fmin.reduceat(least, firsts), means, np.fmax.reduceat(most, firsts)]
        )
    return Block(steps[firsts] * step_ms, columns)


def quantum(name: str) -> float:
    """Give the step to which a metric is rounded by its name's ending; 0 for the curved scale."""
    family = name.partition(":")[0]
    if family.endswith(("_per_s", "_bytes")):
        return 0.0
    return 0.1 if family.endswith(("_percent", "_ms", "_s")) else 0.01


def _encode_column(line: Floats, name: str) -> bytes:
    present = np.isfinite(line)
    step = quantum(name)
    figures = line[present]
    if step:
        codes = np.rint(figures / step)
    else:
        codes = np.rint(_CURVE * np.sign(figures) * np.log1p(np.abs(figures) / _CURVE_FROM))
    encoded = _encode_integers(codes.astype(np.int64))
    return encoded if present.all() else encoded + np.packbits(present).tobytes()


def _decode_column(content: bytes, place: int, times: int, name: str) -> tuple[Floats, int]:
    codes, place = _decode_integers(content, place)
    step = quantum(name)
    if step:
        figures = np.asarray(codes * step, dtype=np.float64)
    else:
        curve = np.expm1(np.abs(codes) / _CURVE) * _CURVE_FROM
        figures = np.asarray(np.sign(codes) * curve, dtype=np.float64)
    if len(figures) == times:
        return figures, place
    size = (times + 7) // 8
    bits = np.frombuffer(content, dtype=np.uint8, count=size, offset=place)
    line = np.full(times, np.nan)
    line[np.unpackbits(bits, count=times).astype(bool)] = figures
    return line, place + size


def _skip_column(content: bytes, place: int, times: int) -> int:
    width, count, _, _ = _COLUMN.unpack_from(content, place)
    place += _COLUMN.size + width * max(0, count - 1)
    return place if count == times else place + (times + 7) // 8


def _encode_integers(values: Integers) -> bytes:
    differences = np.diff(values)
    divisor = int(np.gcd.reduce(differences)) if len(differences) else 0
    small = differences // divisor if divisor else differences
    zigzag = ((small << 1) ^ (small >> 63)).view(np.uint64)
    highest = int(zigzag.max()) if len(zigzag) else 0
    width = next(size for size in (0, 1, 2, 4, 8) if highest < 1 << (8 * size))
    first = int(values[0]) if len(values) else 0
    head = _COLUMN.pack(width, len(values), divisor, first)
    planes = zigzag.astype("<u8").view(np.uint8).reshape(-1, 8).T[:width]
    return head + np.ascontiguousarray(planes).tobytes()


def _decode_integers(content: bytes, place: int) -> tuple[Integers, int]:
    width, count, divisor, first = _COLUMN.unpack_from(content, place)
    place += _COLUMN.size
    if not count:
        return np.empty(0, dtype=np.int64), place
    size = width * (count - 1)
    planes = np.frombuffer(content, dtype=np.uint8, count=size, offset=place)
    values = np.empty(count, dtype=np.int64)
    values[0] = first
    if not width:
        values[1:] = 0
    else:
        whole = np.zeros((count - 1, 8), dtype=np.uint8)
        whole[:, :width] = planes.reshape(width, count - 1).T
        zigzag = whole.view("<u8").reshape(-1)
        values[1:] = (zigzag >> np.uint64(1)).astype(np.int64) ^ -(zigzag & np.uint64(1)).astype(
            np.int64
        )
        values[1:] *= divisor
    return np.cumsum(values), place + size
