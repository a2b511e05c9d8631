import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from noc_console.store import blocks
from noc_console.store.blocks import Block

NAMES = {1: "load1", 2: "cpu_percent", 3: "net_rx_bytes_per_s:eth0", 4: "uptime_s"}
FIGURES = st.floats(0, 1e12) | st.just(float("nan"))


def block_of(times_ms, **columns):
    return Block(
        np.array(times_ms, dtype=np.int64),
        {int(name[1:]): np.array([figures], dtype=float) for name, figures in columns.items()},
    )


@given(
    st.lists(st.integers(0, 2**41), min_size=1, max_size=40, unique=True).map(sorted),
    st.data(),
)
def test_every_block_comes_back_to_within_its_quantum(times_ms, data):
    figures = arrays(np.float64, (1, len(times_ms)), elements=FIGURES)
    block = Block(np.array(times_ms), {one: data.draw(figures) for one in NAMES})

    back = blocks.decode(blocks.encode(block, NAMES), NAMES)

    assert back.times_ms.tolist() == times_ms
    for metric_id, lines in block.columns.items():
        step = blocks.quantum(NAMES[metric_id])
        # on the curved scale codes are 1/1000 of a natural logarithm apart
        allowed = step / 2 if step else 0.04 + lines * 0.0006
        error = np.abs(back.columns[metric_id] - lines)
        assert (np.isnan(error) == np.isnan(lines)).all()
        assert (error <= allowed + 1e-6 * np.abs(lines)).all() or np.isnan(error).any()
        assert not (error > allowed + 1e-6 * np.abs(lines)).any()


def test_zero_stays_zero_on_the_curved_scale():
    back = blocks.decode(blocks.encode(block_of([0, 5000], m3=[0.0, 0.0]), NAMES), NAMES)

    assert back.columns[3].tolist() == [[0.0, 0.0]]


def test_only_the_wanted_metrics_are_unpacked():
    block = block_of([0, 5000, 9000], m1=[1, float("nan"), 3], m2=[5, 6, 7], m4=[1, 2, 3])

    back = blocks.decode(blocks.encode(block, NAMES), NAMES, frozenset({4}))

    assert list(back.columns) == [4]
    assert back.columns[4].tolist() == [[1.0, 2.0, 3.0]]


def test_the_metrics_of_a_block_are_known_without_unpacking_it():
    body = blocks.encode(block_of([0], m2=[1], m4=[2]), NAMES)

    assert blocks.metric_ids(body) == [2, 4]


def test_of_equal_times_the_newer_figure_is_kept_and_others_stay():
    older = block_of([0, 1, 2], m1=[1, 2, 3], m2=[7, 7, 7])
    newer = block_of([2, 3], m1=[30, 40])

    merged = blocks.merge(older, newer)

    assert merged.times_ms.tolist() == [0, 1, 2, 3]
    assert merged.columns[1].tolist() == [[1, 2, 30, 40]]
    assert merged.columns[2][0, :3].tolist() == [7, 7, 7]
    assert np.isnan(merged.columns[2][0, 3])


def test_summing_up_gives_least_average_and_most_and_no_step_without_sample():
    raw = block_of([0, 20_000, 40_000, 200_000], m1=[1, 2, 6, 9], m2=[float("nan")] * 3 + [4])

    summed = blocks.sum_up(raw, 60_000)

    assert summed.times_ms.tolist() == [0, 180_000]
    assert summed.columns[1].tolist() == [[1, 9], [3, 9], [6, 9]]
    assert np.isnan(summed.columns[2][:, 0]).all()
    assert summed.columns[2][:, 1].tolist() == [4, 4, 4]


def test_a_block_of_an_unknown_version_is_refused():
    body = bytearray(blocks.encode(block_of([0], m1=[1]), NAMES))
    body[0] = 99

    with pytest.raises(ValueError, match="version 99"):
        blocks.decode(bytes(body), NAMES)


def test_a_figure_beyond_all_reason_leaves_its_neighbours_as_they_are():
    block = block_of([0, 5000], m1=[3.0e38, 1.0], m2=[5, float("inf")], m3=[-3.0e38, 4.0])

    back = blocks.decode(blocks.encode(block, NAMES), NAMES)

    assert back.columns[1][0, 1] == 1.0
    assert back.columns[2][0, 0] == 5.0
    assert np.isnan(back.columns[2][0, 1])
    assert abs(back.columns[3][0, 1] - 4.0) < 0.1
