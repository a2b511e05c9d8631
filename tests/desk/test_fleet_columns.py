"""The fleet as columns: changes of servers, states and samples by row, curves in time slots."""

import math
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.desk.fleet.fleet_cells import (
    TEXTS,
    Column,
    age_s,
    judgement_of,
    short_age,
    tip_text,
    verdict_of,
)
from noc_console.desk.fleet.fleet_change import fleet_change, natural, ranks
from noc_console.desk.fleet.fleet_columns import SLOT_S, SLOTS
from noc_console.desk.fleet.past_load import past_load
from noc_console.desk.standing import Known
from noc_console.health.verdict import Verdict
from noc_console.store.recent import RecentFigures
from noc_console.telemetry.summaries import FullestMount, ServicesWell
from tests.desk.fleet_bench import NOW, columns_of, sample, server, state


def text(columns, number, column, now=NOW):
    return TEXTS[column](columns, columns.row_of[number], now)


def test_a_row_stays_in_its_place_while_its_server_is_there():
    columns = columns_of([server(1), server(2), server(3)])
    rows = dict(columns.row_of)
    columns.take_change(fleet_change(columns.by_id(), [server(1), server(3)]))
    assert columns.row_of == {1: rows[1], 3: rows[3]}
    columns.take_change(fleet_change(columns.by_id(), [server(1), server(3), server(9)]))
    assert columns.row_of[1] == rows[1]
    assert sorted(columns.ids_of(columns.there())) == [1, 3, 9]


def test_a_row_given_again_knows_nothing_of_the_server_before():
    columns = columns_of([server(1)], [state(1, Verdict.DOWN)], [sample(1, load1=9.0)])
    columns.take_mount(1, FullestMount(mount="/", used_percent=99.0))
    columns.take_change(fleet_change(columns.by_id(), [server(2)]))
    row = columns.row_of[2]
    assert verdict_of(columns, row) is Verdict.UNKNOWN
    assert np.isnan(columns.curve(row)).all()
    assert text(columns, 2, Column.DISK) == "–"


@given(st.lists(st.sets(st.integers(1, 12)), max_size=6))
def test_after_any_changes_the_rows_hold_the_last_fleet(fleets):
    columns = columns_of([])
    for fleet in fleets:
        wanted = [server(number) for number in sorted(fleet)]
        for part in fleet_change(columns.by_id(), wanted).parts(2):
            columns.take_change(part)
        by_name = sorted(wanted, key=lambda one: natural(one.name))
        assert columns.ids_of(columns.there()) == [one.id for one in by_name]
        assert set(columns.row_of) == fleet


def test_a_change_in_parts_is_the_same_change():
    servers = [server(number) for number in range(1, 8)]
    columns = columns_of([server(99)])
    for part in fleet_change(columns.by_id(), servers).parts(3):
        columns.take_change(part)
    assert columns.by_id() == {one.id: one for one in servers}
    assert columns.figures["name_rank"][columns.rows_of(range(1, 8))].tolist() == [*range(7)]


def test_names_sort_as_people_count():
    keys = [natural(name) for name in ("web10", "Web2", "web2", "db1", "2web", "")]
    assert ranks(keys).tolist() == [4, 3, 3, 2, 1, 0]


def test_any_name_has_a_place():
    names = ["a²", "a2", "a٣", "9" * 500, "x" * 500, "\x00"]
    assert sorted(ranks([natural(name) for name in names]).tolist()) == [*range(6)]
    assert ranks([]).tolist() == []


def test_an_older_sample_changes_nothing():
    columns = columns_of([server(1)], samples=[sample(1, 5, load1=2.0)])
    assert columns.take_sample(sample(1, 9, load1=7.0)) == -1
    assert text(columns, 1, Column.LOAD) == "2.00 / 2"


def test_a_state_told_again_touches_nothing():
    columns = columns_of([server(1)], [state(1)])
    assert columns.take_state(state(1)) == -1
    assert columns.take_state(state(1, Verdict.DOWN)) == columns.row_of[1]
    assert columns.take_state(state(99)) == -1


def test_a_state_newer_than_the_sample_does_not_keep_its_figures_out():
    columns = columns_of([server(1)], [state(1, age_s=0)], [sample(1, 2, load1=4.0)])
    assert text(columns, 1, Column.LOAD) == "4.00 / 2"
    assert age_s(columns, columns.row_of[1], NOW) == 0


@pytest.mark.parametrize("is_watched", [True, False])
@pytest.mark.parametrize("verdict", [None, *Verdict])
def test_the_verdict_is_the_one_every_other_page_shows(verdict, is_watched):
    one = server(1)
    states = [] if verdict is None else [state(1, verdict)]
    columns = columns_of([one], states)
    columns.is_watched = is_watched
    known = Known(
        states={found.server_id: found for found in states},
        latest={},
        is_watched=is_watched,
        now=NOW,
    )
    row = columns.row_of[1]
    assert verdict_of(columns, row) is known.verdict(one)
    assert judgement_of(columns, row, NOW).verdict is known.verdict(one)


def test_the_curve_keeps_gaps_and_forgets_what_is_old():
    columns = columns_of([server(1)], samples=[sample(1, 2 * SLOT_S, load1=1.5)])
    columns.take_sample(sample(1, 0, load1=2.5))
    curve = columns.curve(columns.row_of[1])
    assert curve[-3:].tolist()[::2] == [1.5, 2.5]
    assert math.isnan(curve[-2])
    columns.advance(NOW + timedelta(seconds=SLOT_S * (SLOTS - 1)))
    assert columns.curve(columns.row_of[1])[0] == 2.5
    columns.advance(NOW + timedelta(hours=9))
    assert np.isnan(columns.curve(columns.row_of[1])).all()


def test_a_sample_from_a_clock_ahead_of_ours_is_the_newest():
    columns = columns_of([server(1)], samples=[sample(1, -3600, load1=3.5)])
    assert columns.curve(columns.row_of[1])[-1] == 3.5
    assert text(columns, 1, Column.AGE) == "0 s"


def test_the_past_is_laid_under_what_is_known_already():
    columns = columns_of([server(1), server(2)], samples=[sample(1, 0, load1=9.0)])
    now_ms = int(NOW.timestamp() * 1000)
    recent = RecentFigures(
        server_ids=np.array([1, 1, 2, 77, 2]),
        times_ms=np.array([now_ms - 5000, now_ms, now_ms, now_ms, now_ms - 3_600_000]),
        figures=np.array([1.0, 2.0, 3.0, 4.0, 5.0], dtype=np.float32),
    )
    past = past_load(recent, NOW.timestamp())
    assert past.ids.tolist() == [1, 2, 77]
    rows = np.array(columns.rows_of([1, 2]))
    for place, load in enumerate(past.load):
        columns.take_past(past.first_slot + place, rows, load[:2])
    assert columns.curve(columns.row_of[1])[-2:].tolist() == [1.0, 9.0]
    assert columns.curve(columns.row_of[2])[-1] == 3.0
    assert np.isnan(columns.curve(columns.row_of[2])[:-1]).all()


def test_a_figure_not_known_is_a_dash_and_never_zero():
    columns = columns_of([server(1, expected_services=("nginx",))])
    columns.take_mount(1, FullestMount())
    shown = {column: text(columns, 1, column) for column in Column}
    dashes = {Column.LOAD, Column.CPU, Column.MEMORY, Column.DISK, Column.AGE, Column.SINCE}
    assert {shown[column] for column in dashes} == {"–"}
    assert shown[Column.SERVICES] == "? / 1"
    assert shown[Column.VERDICT] == "unknown"


def test_cells_tell_figures_with_their_units():
    columns = columns_of(
        [server(1, groups=("web", "berlin"))],
        [state(1, Verdict.EARLY, "Load high")],
        [sample(1, load1=12.34, cores=8.0, cpu_percent=41.6, mem_used_percent=72.4)],
    )
    columns.take_services(1, ServicesWell(ok=3, expected=4, amiss=("mysql",)))
    shown = {column: text(columns, 1, column) for column in Column}
    assert shown[Column.LOAD] == "12.3 / 8"
    assert (shown[Column.CPU], shown[Column.MEMORY]) == ("42 %", "72 %")
    assert shown[Column.SERVICES] == "3 / 4"
    assert shown[Column.SINCE] == "12 min"
    assert shown[Column.GROUPS] == "web, berlin"
    assert shown[Column.WHY] == "Load high"


def test_the_tip_tells_all_reasons_and_what_the_figures_are_of():
    columns = columns_of([server(1)], [state(1, Verdict.EARLY, "Load\x1b[31m high")])
    columns.take_mount(1, FullestMount(mount="/srv", used_percent=91.0))
    columns.take_services(1, ServicesWell(ok=3, expected=4, amiss=("mysql",)))
    tip = tip_text(columns, columns.row_of[1], NOW)
    assert tip.startswith("web1: early, since ")
    assert "\x1b" not in tip
    assert "/srv" in tip
    assert "mysql" in tip


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-4, "0 s"), (99, "99 s"), (100, "1 min"), (5999, "99 min"), (6000, "1 h"), (172_800, "2 d")],
)
def test_a_span_of_time_is_told_in_one_unit(seconds, words):
    assert short_age(seconds) == words
