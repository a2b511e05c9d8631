"""Figures of a moment that is over: the nearest before it, with their own time, no later one."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.store import block_format
from noc_console.store.blocks import Block
from noc_console.store.history import History, Reading
from noc_console.store.metric_names import MetricNames
from noc_console.store.past import OLDEST_MS, glance, read_past
from noc_console.store.read_only import NothingWritten, ReadOnlyStore
from noc_console.store.retention import Retention
from noc_console.store.schema.metadata import to_ms
from noc_console.store.settings import get_setting, put_setting
from tests.conftest import NOW

METRICS = ("load1", "cores")
NAMES = {1: "load1", 2: "net_rx_bytes_per_s", 3: "uptime_s"}
FIGURES = st.one_of(st.just(float("nan")), st.floats(0, 1e9, width=32))
LINE = st.lists(FIGURES, min_size=1, max_size=40)


@given(
    gaps=st.lists(st.integers(1, 60_000), min_size=1, max_size=40),
    lines=st.tuples(LINE, LINE, LINE),
    at=st.integers(0, 2_500_000),
    kinds=st.sampled_from((1, 3)),
)
def test_a_glance_into_a_block_gives_what_unpacking_it_whole_gives(gaps, lines, at, kinds):
    times_ms = np.cumsum(np.array(gaps, dtype=np.int64))
    columns = {
        number: np.tile(np.resize(np.array(line), len(times_ms)), (kinds, 1))
        for number, line in enumerate(lines, 1)
    }
    body = block_format.encode(Block(times_ms, columns), NAMES)
    whole = block_format.decode([body], NAMES)
    oldest = at - 300_000

    seen = block_format.figures_at(body, NAMES, frozenset({1, 3}), at, oldest)

    before = np.flatnonzero((whole.times_ms <= at) & (whole.times_ms >= oldest))
    if not len(before):
        assert seen is None
        return
    assert seen[0] == whole.times_ms[before[-1]]
    for number in (1, 3):
        told = [
            float(whole.columns[number][kinds // 2, place])
            for place in before
            if not np.isnan(whole.columns[number][kinds // 2, place])
        ]
        assert seen[1].get(number) == (told[-1] if told else None)


def write(store, minutes, every_s=10, servers=(1, 2)):
    """Write so many minutes of readings up to NOW."""
    history = History(store)
    for seconds in range(-minutes * 60, 1, every_s):
        at = NOW + timedelta(seconds=seconds)
        readings = [
            Reading(one, to_ms(at), {"load1": float(one), "cores": 4.0, "uptime_s": 9.0})
            for one in servers
        ]
        history.append(readings, at)
    return history


@pytest.mark.parametrize("is_sealed", [True, False])
def test_the_figures_of_a_moment_are_the_newest_before_it(any_store, is_sealed):
    history = write(any_store, 40)
    if is_sealed:
        history.seal(NOW + timedelta(hours=2))
    at = NOW - timedelta(minutes=20, seconds=3)

    seen = {one.server_id: one for one in glance(any_store, MetricNames(), METRICS, at).readings}
    figures = read_past(any_store, MetricNames(), METRICS, at)
    held = {one.server_id: one for one in figures.nearest(to_ms(at))}

    assert seen.keys() == held.keys() == {1, 2}
    for found in (seen[2], held[2]):
        assert found.values == {"load1": 2.0, "cores": 4.0}
        assert to_ms(at) - found.at_ms == 7000, "its age is its real one"


def test_a_server_that_told_nothing_for_long_has_no_figures(store):
    write(store, 40).seal(NOW + timedelta(hours=2))
    late = NOW + timedelta(milliseconds=OLDEST_MS + 1000)

    assert glance(store, MetricNames(), METRICS, late).readings == []
    assert read_past(store, MetricNames(), METRICS, late).nearest(to_ms(late)) == []


def test_where_raw_samples_are_gone_averages_stand_in_and_say_so(store):
    history = write(store, 40)
    history.seal(NOW + timedelta(hours=2))
    history.prune(NOW + timedelta(days=8), Retention(raw_days=1))
    at = NOW - timedelta(minutes=20)

    seen = glance(store, MetricNames(), METRICS, at)

    assert seen.step_s == 60
    assert {one.server_id: one.values["load1"] for one in seen.readings} == {1: 1.0, 2: 2.0}
    figures = read_past(store, MetricNames(), METRICS, at)
    assert figures.step_s == 60
    for found in (seen.readings[0], figures.nearest(to_ms(at))[0]):
        assert to_ms(at) - found.at_ms >= 60_000, "a minute's average is known when it is over"


def test_what_was_told_between_two_moments_is_thinned_and_ends_with_the_last(store):
    write(store, 40).seal(NOW + timedelta(hours=2))
    at = NOW - timedelta(minutes=10)
    figures = read_past(store, MetricNames(), METRICS, at)

    told = figures.told_between(to_ms(at - timedelta(minutes=5)), to_ms(at), 6)

    assert len(told) <= 12
    assert {one.at_ms for one in told[-2:]} == {to_ms(at)}
    assert [one.at_ms for one in told] == sorted(one.at_ms for one in told)


def test_a_store_that_is_looked_at_reads_and_refuses_to_be_written(any_store):
    put_setting(any_store, "colour", "green")
    looked_at = ReadOnlyStore(any_store, "You are looking at the past.")

    assert get_setting(looked_at, "colour", "") == "green"
    with pytest.raises(NothingWritten, match="looking at the past"):
        put_setting(looked_at, "colour", "red")
    with pytest.raises(NothingWritten):
        History(looked_at).append([Reading(1, 1, {"load1": 1.0})], NOW)
    looked_at.close()
    assert get_setting(any_store, "colour", "") == "green"


def test_an_hour_without_samples_does_not_stand_for_the_other_hours_of_its_day(store):
    write(store, 40).seal(NOW + timedelta(hours=2))
    at = NOW - timedelta(minutes=20)

    nothing = read_past(store, MetricNames(), METRICS, NOW - timedelta(hours=4))

    assert not nothing.holds(to_ms(at))
