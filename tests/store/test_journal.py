"""A tick's readings as one blob: all of it, or what one server told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.store.journal import (
    HEAD_BYTES,
    SERVER_BYTES,
    Reading,
    decode,
    encode,
    figures_of,
    places,
    tells_of,
)

LENGTHS = np.array([0, 1, 2, 0], dtype=np.int64)
SHAPES = {1: ("load1",), 2: ("load1", "cores"), 3: ()}
IDS = st.integers(0, 3) | st.sampled_from((256, 512, 65_536, 2**40, 2**63 - 1))
FIGURES = st.floats(allow_nan=False, allow_infinity=False, width=32)
TOLD = st.lists(st.tuples(IDS, st.integers(0, 2**41), st.sampled_from(sorted(SHAPES))), max_size=12)


def blob_of(told, figures):
    readings = [
        Reading(server, at_ms, {name: next(figures) for name in SHAPES[shape]})
        for server, at_ms, shape in told
    ]
    return readings, encode(readings, [shape for _, _, shape in told])


@given(TOLD, st.data(), IDS)
def test_every_reading_comes_back_and_one_servers_without_the_others(told, data, sought):
    figures = iter(data.draw(st.lists(FIGURES, min_size=24, max_size=24)))
    readings, body = blob_of(told, figures)

    back = [
        Reading(
            one.server_id,
            one.at_ms,
            dict(zip(SHAPES[one.shape_id], one.figures.tolist(), strict=True)),
        )
        for one in decode(body, LENGTHS)
    ]
    of_one = [(one.at_ms, one.figures.tolist()) for one in decode(body, LENGTHS, sought)]

    assert back == readings
    assert of_one == [
        (one.at_ms, list(one.values.values())) for one in readings if one.server_id == sought
    ]
    assert tells_of(body[: HEAD_BYTES + SERVER_BYTES * len(told)], sought) == bool(of_one)
    for place in places(body, LENGTHS, sought):
        part = body[place.start : place.start + place.size]
        assert (place.at_ms, place.entry(part).figures.tolist()) in of_one
    servers, times, found = figures_of(body, LENGTHS, {1: 0, 2: 0})
    assert list(zip(servers.tolist(), times.tolist(), found.tolist(), strict=True)) == [
        (one.server_id, one.at_ms, one.values["load1"]) for one in readings if one.values
    ]


def test_a_figure_that_fits_no_float32_is_written_as_the_largest():
    body = encode([Reading(1, 0, {"load1": 1e300, "cores": float("-inf")})], [2])

    (entry,) = decode(body, LENGTHS)

    assert entry.figures.tolist() == [np.finfo(np.float32).max, np.finfo(np.float32).min]


def test_a_blob_of_an_unknown_version_is_refused():
    _, body = blob_of([(1, 0, 3)], iter(()))

    with pytest.raises(ValueError, match="version 9"):
        list(decode(b"\x09" + body[1:], LENGTHS))
