import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from noc_console.store.columns import LARGEST, pack, unpack

WHOLE = st.integers(-LARGEST, LARGEST) | st.integers(-300, 300)


@given(arrays(np.int64, array_shapes(min_dims=2, max_dims=2, max_side=30), elements=WHOLE))
def test_rows_come_back_to_the_number_and_the_place_is_told(rows):
    packed = pack(rows)

    back, place = unpack(b"xx" + packed, 2, *rows.shape, np.arange(len(rows)))

    assert back.tolist() == rows.tolist()
    assert place == len(packed) + 2


@given(arrays(np.int64, (6, 20), elements=WHOLE), st.sets(st.integers(0, 5)))
def test_the_rows_asked_for_are_unpacked_without_the_others(rows, wanted):
    places = np.array(sorted(wanted), dtype=np.int64)

    back, _ = unpack(pack(rows), 0, 6, 20, places)

    assert back.tolist() == rows[places].tolist()


def test_even_steps_take_a_byte_a_number_and_none_where_nothing_changes():
    rows = np.array([np.arange(0, 5_000_000, 5000), np.full(1000, 7)])

    assert len(pack(rows)) == 2 * 17 + 999
