"""Lines of whole numbers as bytes and back, many at once. Pure: no I/O, no clock.

A metric has one line or three (least, average, most). The middle one is written as its numbers
above its least, divided by their greatest common divisor, or as zigzagged differences where these
are smaller; the others as what they lie apart from it. All lines of a metric are as narrow as the
widest needs: whole bytes, all lowest bytes of a line first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Bytes = NDArray[np.uint8]

LARGEST = 1 << 50
"""Numbers between -LARGEST and LARGEST come back exactly, though the way back is in floats."""

_WIDTHS = (1, 2, 4, 8)
_WIDTH_BITS = 0x0F
_AS_DIFFERENCES = 0x10


@dataclass(frozen=True, slots=True)
class Heads:
    """How the lines of some metrics are written: a form (width and flags) and a divisor of each,
    and the number (metrics, kinds) from which each line counts.
    """

    forms: Bytes
    divisors: Integers
    firsts: Integers

    def of(self, places: Integers) -> "Heads":
        """Give the heads of some of the metrics."""
        return Heads(self.forms[places], self.divisors[places], self.firsts[places])

    @property
    def widths(self) -> Integers:
        """The bytes that a number takes, of each metric."""
        return (self.forms & _WIDTH_BITS).astype(np.int64)

    def to_bytes(self) -> bytes:
        """Give the heads as bytes."""
        wide = np.concatenate((self.divisors, self.firsts.ravel()))
        return self.forms.tobytes() + _planes(wide, 8).tobytes()

    @classmethod
    def read(cls, content: bytes, place: int, count: int, kinds: int) -> tuple["Heads", int]:
        """Give the heads of `count` metrics that stand at a place, and the place after them."""
        forms = np.frombuffer(content, np.uint8, count, place)
        wide = count * (1 + kinds)
        planes = np.frombuffer(content, np.uint8, 8 * wide, place + count).reshape(8, wide)
        numbers = np.ascontiguousarray(planes.T).view("<i8")[:, 0]
        firsts = numbers[count:].reshape(count, kinds)
        return cls(forms, numbers[:count], firsts), place + count + 8 * wide


def pack(lines: Integers) -> tuple[Heads, list[bytes]]:
    """Give the heads and the bytes of metrics (metrics, kinds, length); length is at least 1."""
    middle = lines.shape[1] // 2
    apart = lines - lines[:, middle, None]
    apart[:, middle] = lines[:, middle]
    firsts = apart.min(axis=2)
    apart -= firsts[:, :, None]
    divisors = np.maximum(np.gcd.reduce(apart[:, middle], axis=1), 1)
    apart[:, middle] //= divisors[:, None]
    as_differences = _write_differences(apart[:, middle])
    firsts[as_differences, middle] = lines[as_differences, middle, 0]
    widths = _widths(apart.max(axis=(1, 2), initial=0))
    forms = (widths | np.where(as_differences, _AS_DIFFERENCES, 0)).astype(np.uint8)
    packed = [b""] * len(lines)
    for width in _WIDTHS:
        here = np.flatnonzero(widths == width)
        for place, planes in zip(here.tolist(), _planes(apart[here], width), strict=True):
            packed[place] = planes.tobytes()
    return Heads(forms, divisors, firsts), packed


def unpack(heads: Heads, packed: Sequence[bytes], out: NDArray[np.float64]) -> None:
    """Put the numbers of metrics into `out` (metrics, kinds, length), from what `pack` gave."""
    kinds, length = out.shape[1:]
    middle = kinds // 2
    for form in set(heads.forms.tolist()):
        (here,) = (heads.forms == form).nonzero()
        width = form & _WIDTH_BITS
        if not width:
            out[here] = 0.0
            continue
        joined = b"".join([packed[place] for place in here.tolist()])
        planes = np.frombuffer(joined, np.uint8).reshape(len(here), kinds, width, length)
        numbers = _whole(planes)
        out[here] = numbers
        if form & _AS_DIFFERENCES:
            signed = _signed(numbers[:, middle])
            out[here, middle] = np.add.accumulate(signed, axis=1, dtype=np.float64)
    (divided,) = (heads.divisors != 1).nonzero()
    if len(divided):
        out[divided, middle] *= heads.divisors[divided, None]
    out += heads.firsts[:, :, None]
    for kind in range(kinds):
        if kind != middle:
            out[:, kind] += out[:, middle]


def _write_differences(rows: Integers) -> NDArray[np.bool_]:
    """Put differences into the rows where they are narrower, or vary less; gives which."""
    steps = np.diff(rows, axis=1, prepend=rows[:, :1])
    zigzag = (steps << 1) ^ (steps >> 63)
    widths, theirs = _widths(rows.max(axis=1)), _widths(zigzag.max(axis=1))
    spread = np.abs(rows - rows.mean(axis=1, keepdims=True)).sum(axis=1)
    vary_less = np.abs(steps).sum(axis=1) < spread
    chosen: NDArray[np.bool_] = (theirs < widths) | ((theirs == widths) & vary_less)
    rows[chosen] = zigzag[chosen]
    return chosen


def _widths(largest: Integers) -> Integers:
    """Give how many bytes numbers up to these take."""
    limits = [largest == 0, *(largest < 1 << (8 * width) for width in _WIDTHS[:-1])]
    return np.select(limits, [0, *_WIDTHS[:-1]], _WIDTHS[-1])


def _planes(rows: Integers, width: int) -> Bytes:
    """Give each row's lowest bytes, then its next ones; `width` bytes of each number."""
    each = np.ascontiguousarray(rows).view(np.uint8).reshape(*rows.shape, 8)
    return np.ascontiguousarray(np.moveaxis(each[..., :width], -1, -2))


def _whole(planes: Bytes) -> NDArray[np.unsignedinteger]:
    """Give the unsigned numbers whose bytes these are: (..., width, length) to (..., length)."""
    width = planes.shape[-2]
    if width == 1:
        return planes[..., 0, :]
    if width == 2:  # the most usual; four times as quick as below
        numbers = planes[..., 1, :].astype(np.uint16)
        numbers <<= 8
        numbers |= planes[..., 0, :]
        return numbers
    regrouped = np.ascontiguousarray(np.moveaxis(planes, -2, -1))
    return regrouped.view(f"<u{width}")[..., 0]


def _signed(zigzag: NDArray[np.unsignedinteger]) -> NDArray[np.signedinteger]:
    """Give the differences that were zigzagged."""
    return ((zigzag >> 1) ^ -(zigzag & 1)).view(f"<i{zigzag.itemsize}")
