import base64
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from noc_console.store import blocks
from noc_console.store.block_format import (
    DamagedBlock,
    UnknownFormat,
    decode,
    encode,
    figures_at,
    metric_ids,
)
from noc_console.store.blocks import Block
from noc_console.store.scale import quantum

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

    back = decode([encode(block, NAMES)], NAMES)

    assert back.times_ms.tolist() == times_ms
    for metric_id, lines in block.columns.items():
        step = quantum(NAMES[metric_id])
        # on the curved scale codes are 1/1000 of a natural logarithm apart
        allowed = step / 2 if step else 0.04 + lines * 0.0006
        error = np.abs(back.columns[metric_id] - lines)
        assert (np.isnan(error) == np.isnan(lines)).all()
        assert (error <= allowed + 1e-6 * np.abs(lines)).all() or np.isnan(error).any()
        assert not (error > allowed + 1e-6 * np.abs(lines)).any()


def test_zero_stays_zero_on_the_curved_scale():
    back = decode([encode(block_of([0, 5000], m3=[0.0, 0.0]), NAMES)], NAMES)

    assert back.columns[3].tolist() == [[0.0, 0.0]]


def test_only_the_wanted_metrics_are_unpacked():
    block = block_of([0, 5000, 9000], m1=[1, float("nan"), 3], m2=[5, 6, 7], m4=[1, 2, 3])

    back = decode([encode(block, NAMES)], NAMES, frozenset({4}))

    assert list(back.columns) == [4]
    assert back.columns[4].tolist() == [[1.0, 2.0, 3.0]]


def test_the_metrics_of_a_block_are_known_without_unpacking_it():
    body = encode(block_of([0], m2=[1], m4=[2]), NAMES)

    assert metric_ids(body) == [2, 4]


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
    body = bytearray(encode(block_of([0], m1=[1]), NAMES))
    body[0] = 99
    body[-4:] = struct.pack("<I", zlib.crc32(body[:-4]))

    with pytest.raises(UnknownFormat, match="version 99"):
        decode([bytes(body)], NAMES)


def test_a_figure_beyond_all_reason_leaves_its_neighbours_as_they_are():
    block = block_of([0, 5000], m1=[3.0e38, 1.0], m2=[5, float("inf")], m3=[-3.0e38, 4.0])

    back = decode([encode(block, NAMES)], NAMES)

    assert back.columns[1][0, 1] == 1.0
    assert back.columns[2][0, 0] == 5.0
    assert np.isnan(back.columns[2][0, 1])
    assert abs(back.columns[3][0, 1] - 4.0) < 0.1


def test_what_is_always_too_large_for_its_steps_is_kept_to_a_thousandth():
    back = decode([encode(block_of([0, 5000], m1=[9.2e18, 9.2e18]), NAMES)], NAMES)

    assert np.allclose(back.columns[1], 9.2e18, rtol=0.001)


def test_a_block_of_no_metrics_keeps_its_times():
    back = decode([encode(block_of([5, 5000]), NAMES)], NAMES)

    assert back.times_ms.tolist() == [5, 5000]
    assert not back.columns


@given(
    st.lists(st.lists(st.sampled_from([1, 2, 3, 4]), unique=True), min_size=1, max_size=4),
    st.sampled_from((1, 3)),
    st.sampled_from((None, frozenset({1, 3}))),
    st.data(),
)
def test_blocks_that_follow_one_another_come_back_as_one(metrics, kinds, wanted, data):
    parts = []
    for number, ids in enumerate(metrics):
        times = data.draw(st.integers(1, 5))
        figures = arrays(np.float64, (kinds, times), elements=FIGURES)
        at_ms = np.arange(times) * 5000 + number * 1_000_000
        parts.append(Block(at_ms, {one: data.draw(figures) for one in ids}))
    alone = [decode([encode(part, NAMES)], NAMES, wanted) for part in parts]

    for first_not_sealed in (len(parts), len(parts) - 1):
        bodies = [encode(part, NAMES) for part in parts[:first_not_sealed]]
        then = alone[-1] if first_not_sealed < len(parts) else None
        whole = decode(bodies, NAMES, wanted, then=then)

        assert whole.times_ms.tolist() == [at for part in parts for at in part.times_ms]
        assert whole.columns.keys() == {one for part in alone for one in part.columns}
        for one, lines in whole.columns.items():
            nothing = [np.full((kinds, len(part.times_ms)), np.nan) for part in alone]
            expected = [
                part.columns.get(one, empty) for part, empty in zip(alone, nothing, strict=True)
            ]
            assert np.array_equal(lines, np.concatenate(expected, axis=1), equal_nan=True)


def test_blocks_of_the_first_format_are_still_read():
    kept = json.loads((Path(__file__).parent / "first_format.json").read_text(encoding="utf-8"))
    names = {int(number): name for number, name in kept["names"].items()}

    for one in kept["blocks"]:
        body = base64.b64decode(one["body"])
        expected = {
            int(number): np.array(lines, dtype=float) for number, lines in one["columns"].items()
        }
        newer = encode(Block(np.array(one["times_ms"]) + 10**9, expected), names)
        back, both = decode([body], names), decode([body, newer], names, frozenset({2}))

        assert back.times_ms.tolist() == one["times_ms"]
        assert metric_ids(body) == sorted(expected) == sorted(back.columns)
        for number, lines in expected.items():
            assert np.allclose(back.columns[number], lines, rtol=1e-12, equal_nan=True)
        if 2 in expected:
            twice = np.tile(expected[2], 2)
            assert np.allclose(both.columns[2], twice, rtol=1e-12, equal_nan=True)
        last = one["times_ms"][-1]
        at, figures = figures_at(body, names, frozenset({1}), last, last - 1000)
        assert at == last
        assert figures == {1: pytest.approx(expected[1][expected[1].shape[0] // 2, -1])}


def test_a_sealed_figure_does_not_change_when_it_is_sealed_again():
    chance = np.random.default_rng(3)
    times = np.arange(200) * 5000
    figures = {1: chance.normal(3, 2, 200), 2: chance.uniform(0, 100, 200), 4: times / 1000}
    block = Block(times, {one: line[None] for one, line in figures.items()})
    block.columns[3] = chance.lognormal(10, 3, (1, 200))
    once = decode([encode(block, NAMES)], NAMES)

    again = decode([encode(once, NAMES)], NAMES)

    for one, lines in once.columns.items():
        assert np.array_equal(lines, again.columns[one])


def test_what_two_metrics_tell_alike_is_written_once():
    noise = np.random.default_rng(4).lognormal(10, 3, (1, 500))
    names = {3: "net_rx_bytes_per_s", 5: "net_rx_bytes_per_s:eth0"}
    times = np.arange(500) * 5000
    one = encode(Block(times, {3: noise}), names)

    both = encode(Block(times, {3: noise, 5: noise.copy()}), names)

    assert len(both) < len(one) + 50
    back = decode([both], names)
    assert back.columns[3].tolist() == back.columns[5].tolist()


@given(st.data())
def test_bytes_that_are_not_as_they_were_written_give_no_figure(data):
    figures = {1: [1.0, float("nan"), 3.0], 2: [5.0, 6.0, 70.0], 3: [1e3, 1e6, 1e2]}
    columns = {one: np.tile(np.array(line), (3, 1)) for one, line in figures.items()}
    body = encode(Block(np.array([0, 60_000, 120_000]), columns), NAMES)
    changed = bytearray(body)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(1, len(body) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(body)))

    for damaged in (bytes(changed), bytes(changed[:cut])):
        if damaged != body:
            with pytest.raises(DamagedBlock):
                decode([damaged], NAMES)
