"""History blocks as the first format has them, read only. Pure: no I/O, no clock.

All columns of a block are deflated together: a row is its first number and the zigzagged
differences after it, divided by their greatest common divisor; rows of one width lie together.
"""

import struct
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from noc_console.store.blocks import Block
from noc_console.store.columns import Integers
from noc_console.store.scale import Floats, quanta

_HEAD = struct.Struct("<BBHI")
"""version, kinds of column (1 raw, 3 for least, average, most), metrics, times"""

_WIDTHS = (1, 2, 4, 8)
_ROW_HEAD_BYTES = 1 + 8 + 8
"""width, divisor, first number"""

_CURVE = 1000.0
_CURVE_FROM = 64.0


def metric_ids(body: bytes) -> list[int]:
    """Give the metrics a block holds without unpacking it."""
    _, _, count, _ = _HEAD.unpack_from(body)
    return [int(one) for one in np.frombuffer(body, dtype="<u4", count=count, offset=_HEAD.size)]


def decode(body: bytes, names: Mapping[int, str], wanted: frozenset[int] | None) -> Block:
    """Give a block; only the `wanted` metrics when given. All of it is unpacked all the same."""
    _, kinds, count, times = _HEAD.unpack_from(body)
    ids = metric_ids(body)
    content = zlib.decompress(body[_HEAD.size + 4 * count :])
    chosen = [place for place, one in enumerate(ids) if wanted is None or one in wanted]
    found = [ids[place] for place in chosen]
    rows = np.add.outer(np.array(chosen, dtype=np.int64) * kinds, np.arange(kinds)).ravel()
    times_ms, place = _unpack(content, 0, 1, times, np.zeros(1, dtype=np.int64))
    codes, place = _unpack(content, place, kinds * count, times, rows)
    lines = _figures(codes, np.repeat(quanta([names[one] for one in found]), kinds))
    _leave_gaps(lines, content, place, kinds * count, rows)
    by_metric = lines.reshape(len(found), kinds, times)
    return Block(times_ms[0], dict(zip(found, by_metric, strict=True)))


def _unpack(
    content: bytes, place: int, count: int, length: int, wanted: Integers
) -> tuple[Integers, int]:
    """Give the `wanted` of `count` rows packed at `place`, and the place after them."""
    widths = np.frombuffer(content, np.uint8, count, place)
    divisors = _whole(_bytes(content, place + count, 1, 8 * count), 1, 8)[0]
    firsts = _whole(_bytes(content, place + 9 * count, 1, 8 * count), 1, 8)[0]
    place += _ROW_HEAD_BYTES * count
    rows = np.zeros((len(wanted), length), dtype=np.int64)
    targets = np.full(count, -1)
    targets[wanted] = np.arange(len(wanted))
    for width in _WIDTHS:
        here = np.flatnonzero(widths == width)
        packed = _bytes(content, place, len(here), width * (length - 1))
        place += packed.size
        chosen = targets[here] >= 0
        if chosen.any():
            zigzag = _whole(packed[chosen], int(chosen.sum()), width)
            rows[targets[here[chosen]], 1:] = ((zigzag >> 1) ^ -(zigzag & 1)).view(f"<i{width}")
    rows[:, 1:] *= divisors[wanted, None].astype(np.int64)
    rows[:, 0] = firsts[wanted].astype(np.int64)
    return np.cumsum(rows, axis=1, out=rows), place


def _bytes(content: bytes, place: int, count: int, size: int) -> NDArray[np.uint8]:
    """Give `count` rows of `size` bytes; there may be none at the very end."""
    return np.frombuffer(content[place : place + count * size], np.uint8).reshape(count, size)


def _whole(planes: NDArray[np.uint8], count: int, width: int) -> NDArray[np.unsignedinteger]:
    """Give the unsigned numbers of `count` rows whose byte planes these are."""
    regrouped = np.ascontiguousarray(planes.reshape(count, width, -1).transpose(0, 2, 1))
    return regrouped.view(f"<u{width}")[..., 0]


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
