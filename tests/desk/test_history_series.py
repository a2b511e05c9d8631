"""The history's figures reach the graphs as they are, with their gaps."""

import numpy as np

from noc_console.desk.server.history_series import series_of
from noc_console.store.history import HistorySlice

NAN = float("nan")


def found(step_s: int) -> HistorySlice:
    load = np.array([1.0, NAN, 3.0])
    nothing = np.full(3, NAN)
    return HistorySlice(
        times_ms=np.array([60_000, 120_000, 180_000]),
        average={"load1": load, "steal_percent": nothing},
        minimum={"load1": load - 1, "steal_percent": nothing},
        maximum={"load1": load + 1, "steal_percent": nothing},
        step_s=step_s,
        not_watched=[(200_000, 300_500)],
    )


def test_times_and_spans_are_in_seconds() -> None:
    series = series_of(found(60), 15.0)

    assert series.times_s.tolist() == [60.0, 120.0, 180.0]
    assert series.not_watched == ((200.0, 300.5),)


def test_a_missing_figure_stays_missing_and_a_metric_without_any_is_left_out() -> None:
    series = series_of(found(60), 15.0)

    assert set(series.average) == set(series.minimum) == set(series.maximum) == {"load1"}
    assert np.isnan(series.average["load1"][1])
    assert series.maximum["load1"][2] == 4.0


def test_raw_samples_have_no_band_and_are_joined_as_long_as_the_tick_says() -> None:
    series = series_of(found(0), 15.0)

    assert not series.minimum
    assert not series.maximum
    assert series.longest_gap_s == 15.0


def test_a_rolled_up_hole_of_three_steps_is_a_gap() -> None:
    assert 120.0 < series_of(found(60), 15.0).longest_gap_s < 180.0
