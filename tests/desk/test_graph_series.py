"""What the graphs are made of: gaps, stacks, scales, figures in words, CSV."""

import csv
import io
import math
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.desk.widgets.graph_series import (
    GraphSeries,
    LiveTail,
    csv_cell,
    round_top,
    series_csv,
    stack,
    value_text,
)
from noc_console.telemetry.metrics import Unit


def series(times: list[float], **lines: list[float]) -> GraphSeries:
    return GraphSeries(
        times_s=np.array(times, dtype=np.float64),
        average={name: np.array(values, dtype=np.float64) for name, values in lines.items()},
        longest_gap_s=15.0,
    )


def test_a_hole_longer_than_the_longest_gap_is_never_joined() -> None:
    opened = series([0, 5, 100, 105], load1=[1, 2, 3, 4]).with_gaps()

    assert opened.times_s.tolist() == [0, 5, 52.5, 100, 105]
    assert [math.isnan(value) for value in opened.average["load1"]] == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_samples_a_tick_apart_stay_joined() -> None:
    whole = series([0, 5, 10, 20], load1=[1, 2, 3, 4])

    assert whole.with_gaps() is whole


def test_a_moment_in_a_gap_has_no_value() -> None:
    holed = series([0, 5, 100], load1=[1, 2, 3])

    assert holed.at(50.0) is None
    assert holed.at(7.0) == (5.0, {"load1": 2.0})
    assert holed.at(98.0) == (100.0, {"load1": 3.0})


def test_an_empty_series_has_no_value_anywhere() -> None:
    assert GraphSeries.empty().at(1.0) is None
    assert GraphSeries.empty().with_gaps().times_s.size == 0


def test_a_stack_adds_up_and_a_wholly_missing_moment_stays_missing() -> None:
    nan = math.nan
    lower, upper = stack([np.array([10.0, nan, nan]), np.array([5.0, 7.0, nan])])

    assert lower[0] == 10.0
    assert upper[0] == 15.0
    assert lower[1] == 0.0
    assert upper[1] == 7.0
    assert math.isnan(lower[2])
    assert math.isnan(upper[2])


@given(st.floats(min_value=1e-6, max_value=1e15), st.booleans())
def test_the_scale_always_holds_the_highest_value_and_at_most_twice_it(
    highest: float, binary: bool
) -> None:
    top = round_top(highest, 1e-9, binary=binary)

    assert highest <= top * (1 + 1e-9)
    assert top <= highest * 2.0000001


def test_a_quiet_server_keeps_the_least_scale() -> None:
    assert round_top(0.01, 1.0, binary=False) == 1.0
    assert round_top(math.nan, 1.0, binary=False) == 1.0


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.5, Unit.NONE, "0.50"),
        (12.34, Unit.PERCENT, "12.3 %"),
        (0.0, Unit.BYTES_PER_S, "0 B/s"),
        (1536.0, Unit.BYTES_PER_S, "1.5 KiB/s"),
        (3 * 1024.0**3, Unit.BYTES, "3.0 GiB"),
        (math.nan, Unit.PERCENT, "–"),
    ],
)
def test_a_value_is_written_with_its_unit_and_a_missing_one_as_a_dash(
    value: float, unit: Unit, words: str
) -> None:
    assert value_text(value, unit) == words


def test_the_live_tail_forgets_what_is_older_than_its_span() -> None:
    tail = LiveTail(10.0)
    for at in range(30):
        tail.append(float(at), {"load1": float(at)})

    assert tail.series(["load1"], 5.0).times_s.tolist() == [float(at) for at in range(19, 30)]


def test_the_live_tail_takes_no_sample_twice() -> None:
    tail = LiveTail(10.0)

    assert tail.append(5.0, {"load1": 1.0})
    assert not tail.append(5.0, {"load1": 2.0})
    assert not tail.append(4.0, {"load1": 2.0})
    assert len(tail) == 1


def test_history_goes_before_live_samples_without_doubling_them() -> None:
    tail = LiveTail(100.0)
    tail.append(10.0, {"load1": 10.0})

    tail.fill_before(series([0, 5, 10, 15], load1=[0, math.nan, 99, 99]))

    joined = tail.series(["load1"], 15.0)
    assert joined.times_s.tolist() == [0.0, 5.0, 10.0]
    assert joined.average["load1"][0] == 0.0
    assert math.isnan(joined.average["load1"][1])
    assert joined.average["load1"][2] == 10.0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_reaches_a_spreadsheet_as_a_formula(text: str) -> None:
    assert csv_cell(text) == "'" + text


def test_csv_gives_both_times_and_leaves_missing_values_empty() -> None:
    text = series_csv(
        series([1_700_000_000.5], load1=[1.25], load5=[math.nan]), ZoneInfo("Europe/Berlin"), "=web"
    )

    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [
        ["server", "time UTC", "time local", "load1", "load5"],
        [
            "'=web",
            "2023-11-14T22:13:20.500+00:00",
            "2023-11-14T23:13:20.500+01:00",
            "1.25",
            "",
        ],
    ]


def test_csv_puts_minimum_and_maximum_beside_a_rolled_up_average() -> None:
    rolled = GraphSeries(
        times_s=np.array([60.0]),
        average={"load1": np.array([2.0])},
        minimum={"load1": np.array([1.0])},
        maximum={"load1": np.array([3.0])},
    )

    assert (
        series_csv(rolled, ZoneInfo("UTC"), "a")
        .splitlines()[0]
        .endswith("load1,load1 min,load1 max")
    )
