"""Hysteresis and minutes: whatever the values and times, a line is crossed only as it says."""

from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.crossing import Crossing

LINE, LEAVES, PAST_S, BACK_S = 10.0, 9.0, 60.0, 30.0
STEPS = st.lists(
    st.tuples(st.floats(0, 20, allow_nan=False), st.floats(0, 40, allow_nan=False)), max_size=60
)


def step(crossing, value, at_s, **changes):
    usual = {"line": LINE, "leaves_at": LEAVES, "past_s": PAST_S, "back_s": BACK_S}
    return crossing.step(value, at_s, **(usual | changes))


def test_a_value_past_the_line_for_its_minutes_crosses_it():
    crossing = Crossing()

    assert [step(crossing, 11.0, at_s) for at_s in (0.0, 30.0, 59.0, 60.0)] == [
        False,
        False,
        False,
        True,
    ]


def test_a_dip_within_the_hysteresis_is_no_return_and_one_below_it_is():
    crossing = Crossing()
    for value, at_s in ((11.0, 0.0), (9.5, 30.0)):
        step(crossing, value, at_s)
    assert step(crossing, 11.0, 60.0)

    crossing = Crossing()
    for value, at_s in ((11.0, 0.0), (8.9, 30.0)):
        step(crossing, value, at_s)
    assert not step(crossing, 11.0, 60.0)


def test_a_crossed_line_is_left_only_well_below_and_after_its_time():
    crossing = Crossing(is_past=True)

    assert step(crossing, 9.1, 0.0)
    assert step(crossing, 8.0, 10.0)
    assert step(crossing, 9.5, 20.0)
    assert step(crossing, 8.0, 30.0)
    assert not step(crossing, 8.0, 60.0)


def test_what_was_before_a_gap_does_not_count():
    crossing = Crossing()
    step(crossing, 11.0, 0.0)

    assert not step(crossing, 11.0, 600.0, after_gap=True)
    assert step(crossing, 11.0, 660.0)


@given(STEPS)
def test_a_line_is_never_crossed_without_its_whole_time_past_it(steps):
    crossing, at_s, held_since = Crossing(), 0.0, None
    for value, passed_s in steps:
        at_s += passed_s
        was_past = crossing.is_past
        if value < LEAVES:
            held_since = None
        elif value >= LINE and held_since is None:
            held_since = at_s
        is_past = step(crossing, value, at_s)
        if is_past and not was_past:
            assert value >= LINE
            assert held_since is not None
            assert at_s - held_since >= PAST_S


@given(STEPS)
def test_the_state_is_the_same_whatever_the_clock_began_at(steps):
    one, other, at_s = Crossing(), Crossing(), 0.0
    for value, passed_s in steps:
        at_s += int(passed_s)
        assert step(one, value, at_s) == step(other, value, at_s + 4096.0)


@given(STEPS)
def test_values_that_never_reach_the_line_cross_nothing(steps):
    crossing, at_s = Crossing(), 0.0
    for value, passed_s in steps:
        at_s += passed_s
        assert not step(crossing, min(value, 9.99), at_s)


@given(STEPS)
def test_a_clock_that_goes_back_never_makes_a_crossing(steps):
    crossing, at_s = Crossing(), 1e6
    for _, passed_s in steps:
        at_s -= passed_s
        assert not step(crossing, 11.0, at_s, past_s=0.5)


def test_a_value_that_stands_where_the_line_is_left_has_not_left_it():
    crossing = Crossing()
    for at_s in (0.0, 60.0):
        step(crossing, 11.0, at_s)

    assert all(step(crossing, LEAVES, at_s) for at_s in (70.0, 100.0, 200.0))
