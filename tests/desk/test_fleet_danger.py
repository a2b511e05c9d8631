"""Time to danger in the fleet: in words on the row, sorted by who falls first, and as a filter."""

from dataclasses import replace
from datetime import timedelta

import pytest

from noc_console.desk.fleet.filter_match import FleetMatch
from noc_console.desk.fleet.filter_terms import parse_filter
from noc_console.desk.fleet.fleet_cells import TEXTS, Column, falls_soon, sort_keys, tip_text
from noc_console.desk.fleet.fleet_severity import severity_of
from noc_console.health.verdict import Danger, Reason, Verdict
from tests.desk.fleet_bench import NOW, columns_of, sample, server, state


def falling(number, earliest_s, latest_s, key="load1"):
    told = state(number, Verdict.EARLY, "Load high")
    danger = Danger(key, earliest_s, latest_s, NOW)
    return replace(told, judgement=replace(told.judgement, danger=danger))


@pytest.fixture
def columns():
    return columns_of(
        [server(1), server(2), server(3), server(4)],
        [
            state(1),
            state(2, Verdict.CUT_OFF, "Load high"),
            falling(3, 370.0, 530.0),
            falling(4, 7 * 86_400.0, 9 * 86_400.0, "mount_used_percent:/home"),
        ],
        [sample(number) for number in (1, 2, 3, 4)],
    )


def text(columns, number, later_s=0.0):
    now = NOW + timedelta(seconds=later_s)
    return TEXTS[Column.DANGER](columns, columns.row_of[number], now)


def test_the_row_says_in_words_when_a_server_falls(columns):
    assert [text(columns, number) for number in (1, 2, 3, 4)] == ["–", "now", "6-9 min", "7-9 d"]


def test_the_time_left_shrinks_with_the_clock_and_never_below_nothing(columns):
    assert text(columns, 3, 120.0) == "4-7 min"
    assert text(columns, 3, 520.0) == "under 1 min"
    assert text(columns, 3, 9000.0) == "under 1 min"


def test_who_falls_first_is_sorted_first(columns):
    keys = sort_keys(columns, Column.DANGER)
    order = sorted((2, 3, 4), key=lambda number: keys[columns.row_of[number]])

    assert order == [2, 3, 4]
    assert keys[columns.row_of[1]] != keys[columns.row_of[1]]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("danger<15m", ["web2", "web3"]),
        ("danger<5m", ["web2"]),
        ("danger<15", ["web2", "web3"]),
        ("danger<8d", ["web2", "web3", "web4"]),
        ("danger>1h", ["web4"]),
        ("-danger<15m", ["web1", "web4"]),
    ],
)
def test_a_filter_keeps_who_falls_soon(columns, words, names):
    mask = FleetMatch(parse_filter(words))(columns, NOW)

    assert [columns.servers[row].name for row in sorted(columns.there()) if mask[row]] == names


def test_a_span_of_time_is_no_load(columns):
    assert "write load>4" in parse_filter("load>4m").hints[0]


def test_without_an_engine_nothing_has_a_date(columns):
    columns.is_watched = False

    assert text(columns, 3) == "–"
    assert severity_of(columns, columns.row_of[3], Column.DANGER) is Verdict.OK
    assert not FleetMatch(parse_filter("danger<15m"))(columns, NOW).any()


def test_who_falls_within_minutes_is_coloured_and_who_falls_in_days_is_not(columns):
    verdicts = [
        severity_of(columns, columns.row_of[number], Column.DANGER) for number in (1, 2, 3, 4)
    ]

    assert verdicts == [Verdict.OK, Verdict.CUT_OFF, Verdict.EARLY, Verdict.OK]
    assert [falls_soon(columns, columns.row_of[one], NOW) for one in (1, 2, 3, 4)] == [
        False,
        False,
        True,
        False,
    ]


def test_a_figure_is_coloured_by_what_the_engine_said_of_it_and_not_by_lines_of_our_own():
    told = state(2, Verdict.CUT_OFF, "Load high")
    reasons = (
        Reason("mount_used_percent:/home", Verdict.CUT_OFF, "full"),
        Reason("load5", Verdict.EARLY, "high"),
    )
    told = replace(told, judgement=replace(told.judgement, reasons=reasons))
    columns = columns_of([server(1), server(2)], [state(1), told], [sample(1, load1=90.0)])

    def verdicts(number):
        shown = (Column.LOAD, Column.CPU, Column.MEMORY, Column.DISK)
        return [severity_of(columns, columns.row_of[number], column) for column in shown]

    assert verdicts(1) == [Verdict.OK] * 4
    assert verdicts(2) == [Verdict.EARLY, Verdict.OK, Verdict.OK, Verdict.CUT_OFF]


def test_the_tip_says_what_will_fall(columns):
    assert "Cut-off in 7-9 d: Disk space used" in tip_text(columns, columns.row_of[4], NOW)


def test_a_server_that_is_still_ok_says_what_falls_within_minutes():
    told = [state(1), state(2)]
    soon, later = Danger("load1", 0.0, 40.0, NOW), Danger("load1", 7200.0, 9000.0, NOW)
    columns = columns_of(
        [server(1), server(2)],
        [
            replace(one, judgement=replace(one.judgement, danger=danger))
            for one, danger in zip(told, (soon, later), strict=True)
        ],
        [sample(1), sample(2)],
    )

    whys = [TEXTS[Column.WHY](columns, columns.row_of[number], NOW) for number in (1, 2)]

    assert whys == ["Cut-off in under 1 min: Load, 1 min", ""]
