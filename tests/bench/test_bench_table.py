import pytest

from bench import table
from bench.measure import Baseline, Measure, Reached

USUAL = Baseline(name="(the usual way)", value=40.0)


@pytest.mark.parametrize(
    ("ours", "goal", "reached"),
    [
        (1.0, {"times_less": 40.0}, Reached.YES),
        (1.1, {"times_less": 40.0}, Reached.NO),
        (5.0, {"at_most": 5.0}, Reached.YES),
        (5.1, {"at_most": 5.0}, Reached.NO),
        (4.0, {"times_less": 40.0, "at_most": 5.0}, Reached.NO),
        (0.0, {"at_most": 0.0}, Reached.YES),
        (9.0, {}, Reached.NO_GOAL),
    ],
)
def test_a_goal_is_reached_when_all_of_it_holds(ours, goal, reached):
    measure = Measure(name="a tick", unit="ms", ours=ours, baseline=USUAL, **goal)

    assert measure.reached is reached


def test_a_goal_against_a_baseline_that_was_not_measured_is_missed():
    measure = Measure(name="a tick", unit="ms", ours=1.0, times_less=2.0)

    assert measure.ratio is None
    assert measure.reached is Reached.NO


def test_the_table_says_plainly_what_is_missed():
    missed = Measure(name="a tick", unit="ms", ours=9.0, baseline=USUAL, at_most=5.0)
    reached = Measure(name="a read", unit="ms", ours=1.0, baseline=USUAL, times_less=2.0)

    printed = table.printed("history", [missed, reached])

    line = next(line for line in printed.splitlines() if line.startswith("a tick"))
    assert line.split("  ")[-1] == "MISSED"
    assert "40 ms (the usual way)" in line
    assert table.summed_up([missed, reached]) == "1 of 2 goals are reached; missed: a tick."
