"""Whatever a person opens, and whatever befalls the fleet, the window's thread works in slices.

Each is measured by the calls of that thread between two turns of its loop, which are the same on
every machine. How many milliseconds they are is told by `make bench`, group `slices`.
"""

import pytest

from bench.slice_watch import SliceWatch
from bench.window_rows import MeasuredTable
from noc_console.desk.fleet.fleet_cells import Column
from tests.desk.call_count import CallCount
from tests.desk.qt_life import end
from tests.desk.window_deeds import (
    SERVERS,
    change_theme,
    go_to_moments,
    open_dialogs,
    open_pages,
    open_servers,
    running_program,
    tell_storm,
)

MOST_CALLS = 100_000
"""In one slice; what is told a server at a time, all in one go, takes several times that."""
MOST_CALLS_TO_OPEN = 60_000
"""In one slice of what a person opens."""


@pytest.fixture
def program(application, tmp_path):
    with running_program(application, tmp_path) as program:
        yield program


@pytest.fixture
def most_calls():
    count = CallCount()
    watch = SliceWatch(count)
    with count.counting():
        yield watch.longest
    end(watch)


@pytest.mark.parametrize("at_a_time", [SERVERS // 10, SERVERS])
@pytest.mark.parametrize("page", ["alarms", "fleet"])
def test_a_storm_of_a_thousand_alarms_is_told_in_slices(program, most_calls, page, at_a_time):
    calls = tell_storm(program, most_calls, page, at_a_time)
    assert calls < MOST_CALLS


@pytest.mark.parametrize("deeds", [open_pages, open_servers, open_dialogs, go_to_moments])
def test_what_a_person_opens_comes_in_slices(program, most_calls, deeds):
    found = deeds(program, most_calls)
    assert {words: calls for words, calls in found.items() if calls >= MOST_CALLS_TO_OPEN} == {}


def test_another_theme_is_shown_without_going_through_every_widget_again_and_again(
    program, most_calls
):
    calls = change_theme(program, most_calls)
    assert calls < MOST_CALLS_TO_OPEN


def test_fifty_thousand_rows_are_not_gone_through_one_by_one(application, tmp_path):
    table = MeasuredTable(application, tmp_path)
    count = CallCount()
    found = {}

    with count.counting():
        for words, deed in {
            "sort": lambda: table.sort_ms(Column.LOAD, 1),
            "filter": lambda: table.filter_ms(1),
            "change": lambda: table.change_ms(1),
        }.items():
            before = count()
            deed()
            found[words] = count() - before

    assert {words: calls for words, calls in found.items() if calls >= MOST_CALLS} == {}
