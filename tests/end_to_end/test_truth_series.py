"""The comparison itself would notice a figure that is not true."""

import pytest

from bench.truth_series import Reading, Within, compare, mean_between


def readings(step_s, values, metric="load1"):
    return [
        Reading(at_s=place * step_s, values={metric: value}) for place, value in enumerate(values)
    ]


def test_a_mean_weighs_each_figure_by_the_time_it_stands_for():
    series = [
        Reading(at_s=at_s, values={"load1": value}) for at_s, value in ((0, 9), (1, 2), (4, 6))
    ]

    assert mean_between(series, "load1", 0, 4) == 5.0
    assert mean_between(series, "load1", 3, 4) == 6.0
    assert mean_between(series, "load1", 0, 60) is None


@pytest.mark.parametrize(("their_share", "holds"), [(50.0, True), (50.9, True), (51.2, False)])
def test_a_point_of_cpu_is_the_limit(their_share, holds):
    ours = readings(5, [50.0] * 14, "cpu_percent")
    theirs = readings(1, [their_share] * 70, "cpu_percent")

    found = compare("cpu_percent", Within.ONE_POINT, ("we", ours), ("they", theirs))

    assert (found.count, found.holds) == (1, holds)


def test_one_load_that_differs_is_enough_to_fail():
    theirs = readings(1, [0.5] * 70)
    wrong = [*[0.5] * 9, 0.51, *[0.5] * 4]

    found = compare("load1", Within.EQUAL, ("we", readings(5, wrong)), ("they", theirs))

    assert (found.worst, found.holds) == (1.0, False)


def test_what_was_not_compared_does_not_hold():
    found = compare("load1", Within.EQUAL, ("we", []), ("they", readings(1, [0.5] * 9)))

    assert not found.holds
