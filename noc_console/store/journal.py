"""One tick's readings as one blob, until they are sealed into blocks. Pure: no I/O, no clock.

Little-endian: version, count; then server ids (int64), times (int64), shape ids (uint32); then
every figure as float32, reading after reading. A shape is the row of metrics a reading holds.
"""

import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_VERSION = 1
_HEAD = struct.Struct("<BI")
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
    count = len(readings)
    figures = array("f")
    for reading in readings:
        figures.fromlist(list(reading.values.values()))
    return b"".join(
        (
            _HEAD.pack(_VERSION, count),
            np.fromiter((one.server_id for one in readings), "<i8", count).tobytes(),
            np.fromiter((one.at_ms for one in readings), "<i8", count).tobytes(),
            np.fromiter(shape_ids, "<u4", count).tobytes(),
            np.clip(np.frombuffer(figures, "f4"), -_LARGEST, _LARGEST).astype("<f4").tobytes(),
        )
    )


def decode(
    body: bytes, lengths: Mapping[int, int], server_id: int | None = None
) -> Iterator[Entry]:
    """Give the readings of a blob, of one server when given; `lengths` are the shapes' lengths.

    Raises:
        ValueError: the bytes are no blob of a version this program knows.
    """
    servers, times, shapes, figures = _columns(body)
    sizes = np.array([lengths[int(shape)] for shape in shapes], dtype=np.int64)
    ends = np.cumsum(sizes)
    wanted = range(len(servers)) if server_id is None else np.flatnonzero(servers == server_id)
    for index in wanted:
        yield Entry(
            int(servers[index]),
            int(times[index]),
            int(shapes[index]),
            figures[ends[index] - sizes[index] : ends[index]],
        )


def figures_of(
    body: bytes, lengths: Mapping[int, int], places: Mapping[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Give the server ids, times and figures of one metric in a blob, as arrays.

    `lengths` are the shapes' lengths, `places` where the metric stands in those that hold it.

    Raises:
        ValueError: as `decode`.
    """
    servers, times, shapes, figures = _columns(body)
    known, which = np.unique(shapes, return_inverse=True)
    sizes = np.array([lengths[int(shape)] for shape in known], dtype=np.int64)[which]
    place = np.array([places.get(int(shape), -1) for shape in known], dtype=np.int64)[which]
    at = np.cumsum(sizes) - sizes + place
    held = place >= 0
    return servers[held], times[held], figures[at[held]]


def _columns(
    body: bytes,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32], NDArray[np.float32]]:
    version, count = _HEAD.unpack_from(body)
    if version != _VERSION:
        raise ValueError(f"a journal blob of unknown version {version}")
    place = _HEAD.size
    return (
        np.frombuffer(body, "<i8", count, place),
        np.frombuffer(body, "<i8", count, place + 8 * count),
        np.frombuffer(body, "<u4", count, place + 16 * count),
        np.frombuffer(body, "<f4", offset=place + 20 * count),
    )
