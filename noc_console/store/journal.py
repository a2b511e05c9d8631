"""One tick's readings as one blob, until they are sealed into blocks. Pure: no I/O, no clock.

Little-endian: version, count; then server ids (int64), times (int64), shape ids (uint32); then
every figure as float32, reading after reading. A shape is the row of metrics a reading holds.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

_VERSION = 1
_HEAD = struct.Struct("<BI")
_TIME = struct.Struct("<q")

HEAD_BYTES = _HEAD.size
SERVER_BYTES = 8
INDEX_BYTES = SERVER_BYTES + 8 + 4
"""The bytes of a blob's head, and of each reading in the index after it: first all servers."""

_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures of one server at one time; metric name -> figure."""

    server_id: int
    at_ms: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A reading as the journal holds it: its shape's id and its figures in the shape's order."""

    server_id: int
    at_ms: int
    shape_id: int
    figures: NDArray[np.float32]


def encode(readings: Sequence[Reading], shape_ids: Sequence[int]) -> bytes:
    """Give the blob of some readings, each with the id of its shape."""
    packed = []
    row = _row(0)
    for reading in readings:
        figures = reading.values.values()
        if row.size != 4 * len(figures):
            row = _row(len(figures))
        packed.append(row.pack(*figures))
    told = np.frombuffer(b"".join(packed), "f4")
    return b"".join(
        (
            _HEAD.pack(_VERSION, len(readings)),
            np.array([one.server_id for one in readings], "<i8").data,
            np.array([one.at_ms for one in readings], "<i8").data,
            np.array(shape_ids, "<u4").data,
            np.clip(told, -_LARGEST, _LARGEST).astype("<f4", copy=False).data,
        )
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where the figures of a reading stand in a blob, in bytes."""

    server_id: int
    at_ms: int
    shape_id: int
    start: int
    size: int

    def entry(self, part: bytes) -> Entry:
        """Give the reading, from the bytes that stand there."""
        return Entry(self.server_id, self.at_ms, self.shape_id, np.frombuffer(part, "<f4"))


@cache
def _row(length: int) -> struct.Struct:
    """Give the way figures are written, in this machine's own order of bytes: it does not mind
    one that is larger than a float32.
    """
    return struct.Struct(f"{length}f")


def decode(
    body: bytes, lengths: NDArray[np.int64], server_id: int | None = None
) -> Iterator[Entry]:
    """Give the readings of a blob, of one server when given; `lengths` are the shapes' lengths,
    by their ids.

    Raises:
        ValueError: the bytes are no blob of a version this program knows.
    """
    for place in places(body, lengths, server_id):
        figures = np.frombuffer(body, "<f4", place.size // 4, place.start)
        yield Entry(place.server_id, place.at_ms, place.shape_id, figures)


def count_of(head: bytes) -> int:
    """Give how many readings the index after these first bytes of a blob holds.

    Raises:
        ValueError: as `decode`.
    """
    version, count = _HEAD.unpack_from(head)
    if version != _VERSION:
        raise ValueError(f"a journal blob of unknown version {version}")
    return int(count)


def tells_of(beginning: bytes, server_id: int) -> bool:
    """Say whether a blob holds readings of a server, from its head and the servers after it.

    Most blobs hold none, and to find out where a reading stands takes ten times as long.
    """
    return next(_rows_of(beginning, server_id), None) is not None


def _rows_of(beginning: bytes, server_id: int) -> Iterator[int]:
    """Give which of a blob's readings are of a server, in order."""
    sought, end = bytes_of(server_id), HEAD_BYTES + SERVER_BYTES * count_of(beginning)
    at = beginning.find(sought, HEAD_BYTES, end)
    while at >= 0:
        row, rest = divmod(at - HEAD_BYTES, SERVER_BYTES)
        if not rest:
            yield row
        at = beginning.find(sought, at + 1, end)


def bytes_of(server_id: int) -> bytes:
    """Give a server as it stands in a blob."""
    return server_id.to_bytes(SERVER_BYTES, "little", signed=True)


def places(
    index: bytes, lengths: NDArray[np.int64], server_id: int | None = None
) -> Iterator[Place]:
    """Give where the readings of a blob stand, from its head and its index; as `decode`."""
    if server_id is not None:
        yield from _places_of(index, lengths, server_id)
        return
    servers, times, shapes = _columns(index)
    sizes = lengths[shapes] * 4
    starts = np.cumsum(sizes) - sizes + HEAD_BYTES + INDEX_BYTES * len(servers)
    rows = [row.tolist() for row in (servers, times, shapes, starts, sizes)]
    yield from map(Place, *rows)


def _places_of(index: bytes, lengths: NDArray[np.int64], server_id: int) -> Iterator[Place]:
    """Give where one server's readings stand: mostly one, so only that is looked at closely."""
    count = count_of(index)
    begin, times = HEAD_BYTES + INDEX_BYTES * count, HEAD_BYTES + SERVER_BYTES * count
    for at in _rows_of(index, server_id):
        shapes = np.frombuffer(index, "<u4", at + 1, times + 8 * count)
        figures = lengths[shapes]
        size = 4 * int(figures[at])
        start = begin + 4 * int(figures.sum()) - size
        (at_ms,) = _TIME.unpack_from(index, times + 8 * at)
        yield Place(server_id, at_ms, int(shapes[at]), start, size)


def figures_of(
    body: bytes, lengths: NDArray[np.int64], places: Mapping[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Give the server ids, times and figures of one metric in a blob, as arrays.

    `lengths` are the shapes' lengths, by their ids; `places` tells where the metric stands in
    those shapes that hold it.

    Raises:
        ValueError: as `decode`.
    """
    servers, times, shapes = _columns(body)
    figures = np.frombuffer(body, "<f4", offset=HEAD_BYTES + INDEX_BYTES * len(servers))
    known, which = np.unique(shapes, return_inverse=True)
    sizes = lengths[shapes]
    place = np.array([places.get(int(shape), -1) for shape in known], dtype=np.int64)[which]
    at = np.cumsum(sizes) - sizes + place
    held = place >= 0
    return servers[held], times[held], figures[at[held]]


def _columns(
    body: bytes,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
    """Give the servers, times and shapes of a blob's readings."""
    count = count_of(body)
    return (
        np.frombuffer(body, "<i8", count, HEAD_BYTES),
        np.frombuffer(body, "<i8", count, HEAD_BYTES + 8 * count),
        np.frombuffer(body, "<u4", count, HEAD_BYTES + 16 * count),
    )
