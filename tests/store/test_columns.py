import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from noc_console.store.columns import LARGEST, Heads, pack, unpack

WHOLE = st.integers(-LARGEST, LARGEST) | st.integers(-300, 300)
SHAPES = st.tuples(st.integers(1, 9), st.sampled_from((1, 3)), st.integers(1, 30))


def unpacked(heads, packed, shape):
    out = np.empty(shape)
    unpack(heads, packed, out)
    return out.astype(np.int64).tolist()


@given(SHAPES.flatmap(lambda shape: arrays(np.int64, shape, elements=WHOLE)))
def test_lines_come_back_to_the_number(lines):
    assert unpacked(*pack(lines), lines.shape) == lines.tolist()


@given(SHAPES.flatmap(lambda shape: arrays(np.int64, shape, elements=WHOLE)))
def test_heads_come_back_from_bytes_and_the_place_after_them_is_told(lines):
    heads, packed = pack(lines)
    content = heads.to_bytes()

    read, place = Heads.read(b"xx" + content, 2, *lines.shape[:2])

    assert place == len(content) + 2
    assert unpacked(read, packed, lines.shape) == lines.tolist()


@given(arrays(np.int64, (6, 3, 20), elements=WHOLE), st.sets(st.integers(0, 5)))
def test_the_metrics_asked_for_are_unpacked_without_the_others(lines, wanted):
    heads, packed = pack(lines)
    places = np.array(sorted(wanted), dtype=np.int64)

    found = unpacked(heads.of(places), [packed[one] for one in places], (len(places), 3, 20))

    assert found == lines[places].tolist()


def test_even_steps_take_a_byte_a_number_and_none_where_nothing_changes():
    rows = np.array([np.arange(0, 5_000_000, 5000), np.full(1000, 7)])

    _, packed = pack(rows[:, None])

    assert [len(one) for one in packed] == [1000, 0]


def test_what_wanders_little_about_a_level_takes_a_byte_wherever_the_level_is():
    chance = np.random.default_rng(1)
    level = 1_000_000_000 + chance.integers(0, 200, 500)
    counter = np.cumsum(chance.integers(50, 120, 500)) + 10**12

    _, packed = pack(np.stack([level, counter])[:, None])

    assert [len(one) for one in packed] == [500, 500]
