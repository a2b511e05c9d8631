"""The model of alarms moves rows itself; Qt's own tester watches each step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from noc_console.desk.alarms.alarm_model import AlarmModel
from noc_console.desk.alarms.alarm_rows import COLUMNS, Column, keeps, row_of, rows_of, tip_text
from noc_console.health.alarm import Acknowledgement, Alarm, Claim, Shelf
from noc_console.health.verdict import Danger, Verdict
from tests.desk.fleet_bench import LOOK, NOW, server, state

HOUR = timedelta(hours=1)
SERVERS = {number: server(number) for number in range(1, 30)}


class Watched(AlarmModel):
    """A model whose tester lives as long as it does."""

    def __init__(self):
        super().__init__(LOOK, lambda: NOW)
        self.tester = QAbstractItemModelTester(
            self, QAbstractItemModelTester.FailureReportingMode.Fatal, self
        )


@pytest.fixture
def model(application):
    found = Watched()
    yield found
    found.deleteLater()


def alarm(number, verdict=Verdict.EARLY, **fields):
    values = {"server_id": number, "key": "load5", "words": f"load of {number}"} | fields
    return Alarm(id=number, verdict=verdict, raised_at=NOW - number * HOUR, **values)


def show(model, *alarms):
    by_id = {one.id: one for one in alarms}
    model.show_rows(rows_of(alarms, SERVERS, {}, by_id))


def ids(model):
    return [row.alarm.id for row in model.rows]


def text(model, place, column):
    return model.index(place, COLUMNS.index(column)).data()


def test_the_most_pressing_stand_first(model):
    claimed = alarm(3, Verdict.CUT_OFF, claimed=Claim(by="Anna", at=NOW))
    known = alarm(
        2, Verdict.DOWN, acknowledged=Acknowledgement(by="Ben", at=NOW, reason="disk", until=None)
    )
    show(model, alarm(1), known, claimed)
    assert ids(model) == [3, 1, 2]
    assert text(model, 0, Column.WHO) == "Anna is on it"
    assert text(model, 2, Column.STATE) == "acknowledged"
    assert text(model, 0, Column.SEVERITY) == "◆  cut-off"


def test_what_is_chosen_stays_chosen_while_rows_come_go_and_move(model):
    show(model, alarm(1), alarm(2), alarm(3))
    kept = QPersistentModelIndex(model.index(1, 0))
    assert model.alarm(kept.row()).id == 2
    show(model, alarm(2), alarm(3, Verdict.DOWN), alarm(4, Verdict.CUT_OFF), alarm(5))
    assert ids(model)[:2] == [3, 4]
    assert model.alarm(kept.row()).id == 2


def test_a_person_may_sort_by_who_falls_first(model):
    soon = Danger("load5", 60.0, 120.0, NOW)
    later = Danger("load5", 3600.0, None, NOW)
    states = {
        number: replace(one, judgement=replace(one.judgement, danger=danger))
        for number, danger in ((1, later), (2, soon))
        for one in (state(number),)
    }
    model.show_rows(rows_of([alarm(1), alarm(2), alarm(3)], SERVERS, states, {}))
    model.sort(COLUMNS.index(Column.DANGER), Qt.SortOrder.AscendingOrder)
    assert ids(model) == [2, 1, 3]
    assert text(model, 0, Column.DANGER) == "1-2 min"
    assert text(model, 2, Column.DANGER) == "–"


def test_a_filter_finds_words_of_any_column(model):
    row = row_of(alarm(7, claimed=Claim(by="Anna", at=NOW)), SERVERS, {}, {})
    assert keeps(row, "WEB7 anna")
    assert keeps(row, "early raised")
    assert not keeps(row, "web7 ben")


def test_the_tip_tells_who_said_what_until_when():
    shelved = Shelf(by="Anna", at=NOW, until=NOW + HOUR, reason="disk comes <b>tomorrow</b>")
    told = tip_text(row_of(alarm(1, shelved=shelved), SERVERS, {}, {}), NOW)
    assert "Shelved by Anna until" in told
    assert "(in 60 min): disk comes" in told


def test_what_a_server_told_is_inert(model):
    show(model, alarm(1, words="load\x1b[31m \u202eevil"))
    assert "\x1b" not in text(model, 0, Column.WHAT)
    assert "\u202e" not in text(model, 0, Column.WHAT)


numbers = st.sets(st.integers(1, 29))
verdicts = st.sampled_from([Verdict.DOWN, Verdict.CUT_OFF, Verdict.EARLY])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.integers(1, 29), verdicts), min_size=1, max_size=6))
def test_whatever_comes_and_goes_the_rows_are_those_told_in_order(application, rounds):
    model = Watched()
    for told in rounds:
        alarms = [alarm(number, verdict) for number, verdict in told.items()]
        show(model, *alarms)
        assert sorted(ids(model)) == sorted(told)
        keys = [(row.alarm.verdict.urgency, -row.alarm.raised_at.timestamp()) for row in model.rows]
        assert keys == sorted(keys)
    model.deleteLater()
