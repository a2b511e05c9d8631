"""The turn of tests: none is lost, and the slow ones are with those who begin with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.turns import may_hold, shared_out

SLOW = "slow"


def cost(module):
    """Give how many slow ones a module has."""
    return sum(name.startswith(SLOW) for name in module)


def is_whole(module):
    """Tell of the modules that share a server by the first of their names."""
    return module[0].startswith("served")


@given(
    modules=st.lists(
        st.lists(st.sampled_from([SLOW, "quick", "served"]), min_size=1, max_size=8), max_size=30
    ),
    workers=st.integers(1, 9),
)
def test_each_test_has_one_turn(modules, workers):
    numbers = iter(range(1000))
    named = [[f"{name}-{next(numbers)}" for name in module] for module in modules]

    parts = shared_out(named, workers, cost, is_whole)

    assert sorted(one for part in parts for one in part) == sorted(
        one for module in named for one in module
    )


def test_three_of_five_begin_with_the_slowest_and_all_have_as_many():
    modules = [[f"quick-{one}"] * 10 for one in range(17)]
    modules += [[f"slow-{one}"] * one for one in range(1, 5)]

    parts = shared_out(modules, 5, cost, is_whole)

    assert [part[0] for part in parts[:3]] == ["slow-4", "slow-3", "slow-2"]
    assert parts[0][4] == "slow-1"
    assert not any(cost(part) for part in parts[3:])
    assert [len(part) for part in parts] == [36] * 5


def test_modules_that_share_a_server_come_before_what_may_be_stolen():
    modules = [["quick"] * 9, ["served-1"] * 3, ["quick"] * 9, ["served-2"] * 3]

    parts = shared_out(modules, 2, cost, is_whole)

    assert [part[:3] for part in parts] == [["served-2"] * 3, ["served-1"] * 3]


def test_all_begin_with_a_slow_one_where_there_are_no_others():
    parts = shared_out([["slow-1"], ["slow-2"] * 2, ["slow-3"] * 3], 3, cost, is_whole)

    assert [part[0] for part in parts] == ["slow-3", "slow-2", "slow-1"]


@pytest.mark.parametrize(
    ("expression", "is_held"),
    [
        *(("alone", True), ("paced or alone", True), ("not by_keys", True), ("", True)),
        *(("by_keys", False), ("by_keys or paced", False)),
    ],
)
def test_only_a_module_without_the_mark_asked_for_is_left_out(expression, is_held):
    assert may_hold("@pytest.mark.alone\ndef test_it(): ...", expression) is is_held
