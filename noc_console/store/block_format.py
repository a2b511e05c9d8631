"""History blocks as bytes and back, about one byte a figure. Pure: no I/O, no clock.

The metrics' numbers (see `scale`) are packed as `columns` does and each metric's are deflated for
themselves, so that a reader unpacks only what it asks for; where deflating saves little they stay
as they are, which is quicker to read. Before them stands an index: times, gaps, how each metric is
packed; after them a checksum of it all. Blocks of the first format are still read.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from noc_console.store import first_format
from noc_console.store.blocks import Block, stacked
from noc_console.store.columns import Bytes, Heads, Integers, pack, unpack
from noc_console.store.scale import Flags, Floats, needs_curve, quanta, to_figures, to_numbers
from noc_console.store.unreadable import UnreadableRow

_FIRST, _VERSION = 1, 2
_HEAD = struct.Struct("<BBHHII")
"""version, kinds (1 raw, 3 for least, average, most), metrics, of which so many first are not on
the curved scale, times, bytes of the index; then the metrics' ids"""

_TIMES = struct.Struct("<qqB")
"""first time, least distance, bytes that each distance takes above it"""

_FAR = 1 << 60

_DEFLATED_AT_MOST = 0.7
"""What deflating leaves more of than this stays as it is."""

_BARE = -zlib.MAX_WBITS
"""Deflated metrics have neither head nor checksum of their own: they are small, and many."""

_CHECKSUM = struct.Struct("<I")
"""CRC-32 of all that stands before it: a disk that errs must not make a figure."""


class UnknownFormat(UnreadableRow):
    """A newer program wrote this block."""


class DamagedBlock(UnreadableRow):
    """The bytes of a block are not those that were written."""


@contextmanager
def _naming_damage() -> Iterator[None]:
    try:
        yield
    except (UnknownFormat, DamagedBlock):
        raise
    except (ValueError, LookupError, OverflowError, MemoryError, struct.error, zlib.error) as error:
        raise DamagedBlock("a block of the history is damaged") from error


def encode(block: Block, names: Mapping[int, str]) -> bytes:
    """Give a block of at least one time as bytes; `names` tells each metric's name, whose ending
    is its unit.
    """
    ids = np.array(list(block.columns), dtype="<u4")
    figures = stacked(block)
    present: Flags = np.logical_and.reduce(np.isfinite(figures), axis=1)
    if not present.all():
        figures = _without_gaps(figures, present)
    steps = quanta([names[one] for one in block.columns])
    curved = needs_curve(figures, steps)
    order = np.lexsort((ids, curved))
    straight = len(ids) - int(curved.sum())
    heads, packed = pack(to_numbers(figures[order], steps[order], straight))
    content, spans = _laid_out([_deflated(one) for one in packed])
    index = zlib.compress(_index(block.times_ms, heads, spans, present[order]))
    kinds = figures.shape[1]
    head = _HEAD.pack(_VERSION, kinds, len(ids), straight, len(block.times_ms), len(index))
    body = b"".join((head, ids[order].tobytes(), index, content))
    return body + _CHECKSUM.pack(zlib.crc32(body))


@_naming_damage()
def metric_ids(body: bytes) -> list[int]:
    """Give the metrics a block holds without unpacking it.

    Raises:
        UnknownFormat, DamagedBlock: as `decode`.
    """
    if _version(body) == _FIRST:
        return first_format.metric_ids(body)
    _, _, count, *_ = _HEAD.unpack_from(body)
    return [int(one) for one in np.frombuffer(body, "<u4", count, _HEAD.size)]


def is_whole(body: bytes) -> bool:
    """Say whether a block is as it was written; one of the first format, which has no checksum,
    whether it can be read.
    """
    try:
        with _naming_damage():
            if _version(body) != _FIRST:
                _hold_to_checksum(body)
            elif ids := first_format.metric_ids(body):
                first_format.decode(body, dict.fromkeys(ids, ""), None)
    except UnreadableRow:
        return False
    return True


@_naming_damage()
def decode(
    bodies: Sequence[bytes],
    names: Mapping[int, str],
    wanted: frozenset[int] | None = None,
    *,
    then: Block | None = None,
) -> Block:
    """Give the blocks that `encode` made of these bytes as one, with `then` after them; only the
    `wanted` metrics when given. Each must begin when the one before it is over.

    Raises:
        UnknownFormat: this program does not know the version.
        DamagedBlock: the bytes cannot be read.
    """
    chooser = _Chooser(names, wanted)
    parts = [_opened(body, chooser) for body in bodies]
    if then is not None and len(then.times_ms):
        parts.append(_Known(then))
    if not parts:
        return Block.empty()
    ids = list(dict.fromkeys(one for part in parts for one in part.ids))
    times_ms = np.concatenate([part.times_ms for part in parts])
    kinds = max(part.kinds for part in parts)
    figures = np.empty((len(ids), kinds, len(times_ms)))
    room = np.empty(len(ids) * kinds * max(len(part.times_ms) for part in parts))
    end = 0
    for part in parts:
        start, end = end, end + len(part.times_ms)
        _put(part, ids, figures[:, :, start:end], room)
    return Block(times_ms, dict(zip(ids, figures, strict=True)))


@_naming_damage()
def figures_at(
    body: bytes, names: Mapping[int, str], wanted: frozenset[int], at_ms: int, oldest_ms: int
) -> tuple[int, dict[int, float]] | None:
    """Give the time of the newest figures at or before `at_ms`, and those of the wanted metrics.

    A metric that was not told at that time is given as told last, where that is not before
    `oldest_ms`. None where the block begins later. Of summed-up steps the average is given.

    Raises:
        UnknownFormat, DamagedBlock: as `decode`.
    """
    part = _opened(body, _Chooser(names, wanted))
    last = int(np.searchsorted(part.times_ms, at_ms, side="right")) - 1
    if last < 0 or int(part.times_ms[last]) < oldest_ms:
        return None
    first = int(np.searchsorted(part.times_ms, oldest_ms))
    figures = np.empty((len(part.ids), part.kinds, len(part.times_ms)))
    part.put(figures, np.empty(figures.size))
    lines = figures[:, part.kinds // 2]
    is_told = ~np.isnan(lines[:, first : last + 1])
    places = last - is_told[:, ::-1].argmax(axis=1)
    found = lines[np.arange(len(places)), places].tolist()
    told = {one: figure for one, figure in zip(part.ids, found, strict=True) if figure == figure}
    return int(part.times_ms[last]), told


class _Part(Protocol):
    """A block that is to be joined with others: what it holds is known, its figures are not yet."""

    ids: list[int]
    kinds: int
    times_ms: Integers

    def put(self, out: Floats, room: Floats) -> None:
        """Put the figures into `out` (metrics, kinds, times); `room` is as large and may be used"""


class _Known:
    """A block whose figures are there already."""

    def __init__(self, block: Block) -> None:
        """Hold the block."""
        self._figures = stacked(block)
        self.ids = list(block.columns)
        self.kinds = self._figures.shape[1]
        self.times_ms = block.times_ms

    def put(self, out: Floats, room: Floats) -> None:  # noqa: ARG002
        """Put the figures into `out`."""
        out[:] = self._figures


class _Chooser:
    """Which of the metrics of some blocks are wanted; blocks of one server mostly hold the same."""

    def __init__(self, names: Mapping[int, str], wanted: frozenset[int] | None) -> None:
        """Choose the `wanted`, or all."""
        self.names = names
        self.wanted = wanted
        self._known: dict[bytes, _Chosen] = {}

    def among(self, ids: bytes) -> "_Chosen":
        """Give the wanted of the metrics whose ids stand in a block so."""
        if ids not in self._known:
            all_ids = np.frombuffer(ids, "<u4").tolist()
            places = [
                at for at, one in enumerate(all_ids) if self.wanted is None or one in self.wanted
            ]
            found = [all_ids[at] for at in places]
            steps = quanta([self.names[one] for one in found])
            self._known[ids] = _Chosen(found, np.array(places, dtype=np.int64), steps)
        return self._known[ids]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Some of the metrics of a block: their ids, their places among all, their quanta."""

    ids: list[int]
    places: Integers
    steps: Floats


class _Opened:
    """A block in bytes whose index is read."""

    def __init__(self, body: bytes, chooser: _Chooser) -> None:
        """Read the index; of metrics only the wanted ones."""
        _, self.kinds, count, straight, times, size = _HEAD.unpack_from(body)
        place = _HEAD.size + 4 * count
        self._chosen = chooser.among(body[_HEAD.size : place])
        self.ids = self._chosen.ids
        places = self._chosen.places
        index = zlib.decompress(body[place : place + size])
        self.times_ms, heads, spans, self._gaps = _read_index(index, count, self.kinds, times)
        self._heads = heads.of(places)
        self._straight = int(places.searchsorted(straight))
        starts, ends = (spans[:, places] + (place + size)).tolist()
        whole = (self._heads.widths * (self.kinds * times)).tolist()
        self._pieces = [
            (body[start:end], plain) for start, end, plain in zip(starts, ends, whole, strict=True)
        ]

    def put(self, out: Floats, room: Floats) -> None:
        """Put the figures into `out`; `room` is as large and is used."""
        packed = [
            piece if len(piece) == plain else zlib.decompress(piece, wbits=_BARE, bufsize=plain)
            for piece, plain in self._pieces
        ]
        numbers = room[: out.size].reshape(out.shape)
        unpack(self._heads, packed, numbers)
        to_figures(numbers, self._chosen.steps, self._straight, out)
        self._leave_gaps(out)

    def _leave_gaps(self, out: Floats) -> None:
        """Put nan where a metric had no figure."""
        has_gaps, bits = self._gaps
        if not len(bits):
            return
        of_metric = np.cumsum(has_gaps) - 1
        for line, place in enumerate(self._chosen.places.tolist()):
            if has_gaps[place]:
                present = np.unpackbits(bits[of_metric[place]], count=out.shape[2]).astype(bool)
                out[line][:, ~present] = np.nan


def _opened(body: bytes, chooser: _Chooser) -> _Part:
    if _version(body) == _FIRST:
        return _Known(first_format.decode(body, chooser.names, chooser.wanted))
    _hold_to_checksum(body)
    return _Opened(body, chooser)


def _hold_to_checksum(body: bytes) -> None:
    end = len(body) - _CHECKSUM.size
    if zlib.crc32(memoryview(body)[:end]) != _CHECKSUM.unpack_from(body, end)[0]:
        raise DamagedBlock("a block of the history is not as it was written")


def _version(body: bytes) -> int:
    version = body[0]
    if version not in (_FIRST, _VERSION):
        _hold_to_checksum(body)  # a byte that the disk changed is no newer program's
        raise UnknownFormat(f"a history block of unknown version {version}")
    return version


def _put(part: _Part, ids: Sequence[int], out: Floats, room: Floats) -> None:
    """Put a part's figures into `out`, whose metrics are the `ids`; nan where it has none."""
    if part.ids == ids:
        part.put(out, room)
        return
    figures = np.empty((len(part.ids), *out.shape[1:]))
    part.put(figures, room)
    out[:] = np.nan
    out[[ids.index(one) for one in part.ids]] = figures


def _without_gaps(figures: Floats, present: Flags) -> Floats:
    """Give figures where each gap repeats those before it (the first one's: after it)."""
    places = np.where(present, np.arange(present.shape[1]), present.argmax(axis=1)[:, None])
    latest = np.maximum.accumulate(places, axis=1)
    filled = np.take_along_axis(figures, latest[:, None], axis=2)
    return np.nan_to_num(filled, nan=0.0, posinf=0.0, neginf=0.0)


def _deflated(packed: bytes) -> bytes:
    if not packed:
        return packed
    deflated = zlib.compress(packed, wbits=_BARE)
    return deflated if len(deflated) < _DEFLATED_AT_MOST * len(packed) else packed


def _laid_out(pieces: Sequence[bytes]) -> tuple[bytes, Integers]:
    """Give pieces one after the other, and where each begins and ends.

    Of equal ones there is one: a server with one disk tells the same of it as of all disks.
    """
    starts: dict[bytes, int] = {}
    end = 0
    for piece in pieces:
        if piece not in starts:
            starts[piece] = end
            end += len(piece)
    spans = [(starts[piece], starts[piece] + len(piece)) for piece in pieces]
    return b"".join(starts), np.array(spans, dtype=np.int64).reshape(-1, 2).T


def _index(times_ms: Integers, heads: Heads, spans: Integers, present: Flags) -> bytes:
    has_gaps = ~present.all(axis=1)
    return b"".join(
        (
            _times_to_bytes(times_ms),
            heads.to_bytes(),
            spans.astype("<u4").tobytes(),
            has_gaps.tobytes(),
            np.packbits(present[has_gaps], axis=1).tobytes(),
        )
    )


def _read_index(
    index: bytes, count: int, kinds: int, times: int
) -> tuple[Integers, Heads, Integers, tuple[Flags, Bytes]]:
    """Give the times, how the metrics are packed, where each begins and ends, and where they have
    gaps: a flag a metric, and bits of those that have.
    """
    times_ms, place = _read_times(index, times)
    heads, place = Heads.read(index, place, count, kinds)
    spans = np.frombuffer(index, "<u4", 2 * count, place).astype(np.int64).reshape(2, count)
    has_gaps = np.frombuffer(index, np.bool_, count, place + 8 * count)
    bits = np.frombuffer(index, np.uint8, -1, place + 9 * count)
    return times_ms, heads, spans, (has_gaps, bits.reshape(-1, (times + 7) // 8))


def _times_to_bytes(times_ms: Integers) -> bytes:
    """Give rising times as the first, the least distance, and what the others are above it."""
    distances = np.diff(times_ms)
    least, largest = int(distances.min(initial=_FAR)), int(distances.max(initial=0))
    width = next(one for one in (1, 2, 4, 8) if largest - least < 1 << (8 * one))
    head = _TIMES.pack(int(times_ms[0]), least, width)
    return head + (distances - least).astype(f"<u{width}").tobytes()


def _read_times(index: bytes, count: int) -> tuple[Integers, int]:
    """Give the times at the beginning of an index, and the place after them."""
    first, least, width = _TIMES.unpack_from(index)
    times_ms = np.empty(count, dtype=np.int64)
    times_ms[0] = first
    times_ms[1:] = np.frombuffer(index, f"<u{width}", count - 1, _TIMES.size)
    times_ms[1:] += least
    return np.add.accumulate(times_ms, out=times_ms), _TIMES.size + width * (count - 1)
