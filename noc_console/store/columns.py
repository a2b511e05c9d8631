"""Rows of whole numbers as bytes and back, many rows at once. Pure: no I/O, no clock.

A row is written as its first number and the differences after it: divided by their greatest
common divisor, zigzagged, as narrow as the row allows, all lowest bytes first. Rows of one width
lie together, so that unpacking is one step for all of them.
"""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

_WIDTHS = (1, 2, 4, 8)
_HEAD_BYTES = 1 + 8 + 8
"""width, divisor, first number"""

LARGEST = 1 << 61
"""Numbers between -LARGEST and LARGEST have differences that fit."""


def pack(rows: Integers) -> bytes:
    """Give rows (count, length) as bytes; length is at least 1."""
    differences = np.diff(rows, axis=1)
    divisors = np.maximum(np.gcd.reduce(differences, axis=1), 1)
    small = differences // divisors[:, None]
    zigzag = ((small << 1) ^ (small >> 63)).view(np.uint64)
    highest = zigzag.max(axis=1, initial=0)
    widths = np.select(
        [highest == 0, *(highest < 1 << (8 * width) for width in _WIDTHS[:-1])],
        [0, *_WIDTHS[:-1]],
        _WIDTHS[-1],
    ).astype(np.uint8)
    parts = [widths, _planes(divisors[None], 8), _planes(rows[None, :, 0], 8)]
    parts.extend(_planes(zigzag[widths == width], width) for width in _WIDTHS)
    return b"".join(part.tobytes() for part in parts)


def unpack(
    content: bytes, place: int, count: int, length: int, wanted: Integers
) -> tuple[Integers, int]:
    """Give the `wanted` of `count` rows packed at `place`, and the place after them."""
    widths = np.frombuffer(content, np.uint8, count, place)
    divisors = _whole(_bytes(content, place + count, 1, 8 * count), 1, 8)[0]
    firsts = _whole(_bytes(content, place + 9 * count, 1, 8 * count), 1, 8)[0]
    place += _HEAD_BYTES * count
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


class PackedRows:
    """Rows packed at a place of some bytes, of which single numbers are read: far less work."""

    def __init__(self, content: bytes, place: int, count: int, length: int) -> None:
        """Find where each of `count` rows of `length` numbers stands; `end` is after them."""
        self._content, self._length = content, length
        self._widths = np.frombuffer(content, np.uint8, count, place)
        self._divisors = _whole(_bytes(content, place + count, 1, 8 * count), 1, 8)[0]
        firsts = _whole(_bytes(content, place + 9 * count, 1, 8 * count), 1, 8)[0]
        self._firsts = firsts.astype(np.int64)
        self._starts = np.zeros(count, dtype=np.int64)
        self.end = place + _HEAD_BYTES * count
        for width in _WIDTHS:
            here = np.flatnonzero(self._widths == width)
            size = width * (length - 1)
            self._starts[here] = self.end + np.arange(len(here)) * size
            self.end += len(here) * size

    def number(self, row: int, position: int) -> int:
        """Give one number."""
        width, first = int(self._widths[row]), int(self._firsts[row])
        if not width or not position:
            return first
        line = self._length - 1
        zigzag = np.zeros(position, dtype=np.uint64)
        for plane in range(width):
            start = int(self._starts[row]) + plane * line
            part = np.frombuffer(self._content, np.uint8, position, start)
            zigzag += part.astype(np.uint64) << np.uint64(8 * plane)
        steps = (zigzag >> np.uint64(1)).view(np.int64) ^ -(zigzag & np.uint64(1)).view(np.int64)
        return first + int(steps.sum()) * int(self._divisors[row])


def _bytes(content: bytes, place: int, count: int, size: int) -> NDArray[np.uint8]:
    """Give `count` rows of `size` bytes; there may be none at the very end."""
    return np.frombuffer(content[place : place + count * size], np.uint8).reshape(count, size)


def _planes(rows: NDArray[np.generic], width: int) -> NDArray[np.uint8]:
    """Give each row's lowest bytes, then its next ones; `width` bytes of each number."""
    whole = np.ascontiguousarray(rows).view(np.uint8).reshape(*rows.shape, 8)
    return np.ascontiguousarray(whole[..., :width].transpose(0, 2, 1))


def _whole(planes: NDArray[np.uint8], count: int, width: int) -> NDArray[np.unsignedinteger]:
    """Give the unsigned numbers of `count` rows whose byte planes these are."""
    regrouped = np.ascontiguousarray(planes.reshape(count, width, -1).transpose(0, 2, 1))
    return regrouped.view(f"<u{width}")[..., 0]
