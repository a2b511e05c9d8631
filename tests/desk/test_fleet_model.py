"""The fleet model sorts and filters itself; Qt's own tester watches each step."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from noc_console.desk.fleet.filter_match import FleetMatch
from noc_console.desk.fleet.filter_terms import parse_filter
from noc_console.desk.fleet.fleet_cells import COLUMNS, NUMERIC, Column
from noc_console.desk.fleet.fleet_change import fleet_change
from noc_console.desk.fleet.fleet_columns import FleetColumns
from noc_console.desk.fleet.fleet_model import ROW_ROLE, FleetModel
from noc_console.health.verdict import Verdict
from noc_console.telemetry.summaries import ServicesWell
from tests.desk.fleet_bench import LOOK, NOW, columns_of, names_shown, sample, server, state

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
SERVERS = [server(number) for number in (1, 2, 3, 10)]


class Watched(FleetModel):
    """A model whose tester lives as long as it does."""

    def __init__(self, columns):
        super().__init__(columns, LOOK, lambda: NOW)
        self.tester = QAbstractItemModelTester(
            self, QAbstractItemModelTester.FailureReportingMode.Fatal, self
        )


@pytest.fixture
def model(application):
    states = [
        state(1),
        state(2, Verdict.EARLY, "Load high"),
        state(3, Verdict.DOWN, "refused"),
        state(10),
    ]
    samples = [
        sample(1, load1=3.0, cores=8.0, cpu_percent=5.0),
        sample(2, load1=5.0, cores=2.0, cpu_percent=90.0),
        sample(10, load1=1.0, cores=1.0, cpu_percent=50.0),
    ]
    found = Watched(columns_of(SERVERS, states, samples))
    yield found
    found.deleteLater()


def cell(model, place, column, role=Qt.ItemDataRole.DisplayRole):
    return model.index(place, COLUMNS.index(column)).data(role)


def sort(model, column, order=ASCENDING):
    model.sort(COLUMNS.index(column), order)


def test_the_worst_stand_first_and_equals_by_name(model):
    assert names_shown(model) == ["web3", "web2", "web1", "web10"]


@pytest.mark.parametrize(
    ("column", "order", "names"),
    [
        (Column.NAME, DESCENDING, ["web10", "web3", "web2", "web1"]),
        (Column.VERDICT, DESCENDING, ["web1", "web10", "web2", "web3"]),
        (Column.LOAD, DESCENDING, ["web2", "web10", "web1", "web3"]),
        (Column.CPU, ASCENDING, ["web1", "web10", "web2", "web3"]),
        (Column.CPU, DESCENDING, ["web2", "web10", "web1", "web3"]),
        (Column.WHY, DESCENDING, ["web3", "web2", "web1", "web10"]),
    ],
)
def test_any_column_sorts_and_what_is_not_known_comes_last(model, column, order, names):
    sort(model, column, order)
    assert names_shown(model) == names


@pytest.mark.parametrize("column", list(Column))
def test_every_column_sorts_both_ways_and_back(model, column):
    before = names_shown(model)
    for order in (ASCENDING, DESCENDING):
        sort(model, column, order)
        assert sorted(names_shown(model)) == sorted(before)
    sort(model, Column.VERDICT)
    assert names_shown(model) == before


def test_a_filter_takes_rows_out_and_brings_them_back_in_order(model):
    model.keep(FleetMatch(parse_filter("-ok")))
    assert names_shown(model) == ["web3", "web2"]
    model.keep(FleetMatch(parse_filter("ok")))
    assert names_shown(model) == ["web1", "web10"]
    model.keep(None)
    assert names_shown(model) == ["web3", "web2", "web1", "web10"]


def test_a_row_follows_its_figures_at_the_next_arrangement(model):
    model.columns.take_state(state(10, Verdict.DOWN))
    assert names_shown(model)[-1] == "web10"
    model.arrange()
    assert names_shown(model) == ["web3", "web10", "web2", "web1"]


def test_a_remembered_index_stays_on_its_server(model):
    remembered = QPersistentModelIndex(model.index(2, 4))
    sort(model, Column.NAME, DESCENDING)
    assert (remembered.row(), remembered.column()) == (3, 4)
    model.keep(FleetMatch(parse_filter("name=web1")))
    assert remembered.row() == 0
    model.keep(FleetMatch(parse_filter("name=web2")))
    assert not remembered.isValid()


def test_the_selection_stays_on_its_servers_through_updates_and_sorts(model):
    chosen = QItemSelectionModel(model)
    flags = QItemSelectionModel.SelectionFlag
    for place in (0, 3):
        chosen.select(model.index(place, 0), flags.Select | flags.Rows)
    model.columns.take_state(state(1, Verdict.DOWN))
    model.arrange()
    sort(model, Column.NAME, DESCENDING)
    model.take_change(fleet_change(model.columns.by_id(), [*SERVERS, server(4)]))
    names = names_shown(model)
    assert [names[index.row()] for index in chosen.selectedRows()] == ["web10", "web3"]
    chosen.deleteLater()


def test_rows_hold_still_while_they_are_held_and_go_then(model):
    told = []
    model.released.connect(lambda: told.append(names_shown(model)))
    model.hold()
    model.hold()
    model.columns.take_state(state(1, Verdict.DOWN))
    model.arrange()
    sort(model, Column.NAME)
    model.release()
    assert names_shown(model) == ["web3", "web2", "web1", "web10"]
    model.release()
    assert told == [["web1", "web2", "web3", "web10"]]
    model.release()
    assert not model.is_held


def test_servers_that_come_and_go_leave_the_others_in_order(model):
    change = fleet_change(model.columns.by_id(), [SERVERS[0], server(3), server(7)])
    model.take_change(change)
    assert names_shown(model) == ["web3", "web7", "web1"]
    model.take_change(fleet_change(model.columns.by_id(), []))
    assert model.rowCount() == 0


def test_only_changes_of_rows_that_are_seen_are_told(model):
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.touch([0, 1, 2, 3])
    assert told == []
    model.look_at(1, 2)
    row_of = model.columns.row_of
    model.touch([row_of[3], row_of[10]])
    assert told == []
    model.touch([row_of[1], row_of[10]])
    model.touch(model.seen)
    assert told == [(2, 2), (1, 2)]


def test_rows_apart_are_told_apart(model):
    told = []
    model.look_at(0, 3)
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.touch([model.seen[0], model.seen[2], model.seen[3]])
    assert told == [(0, 0), (2, 3)]


def test_severity_is_shape_and_word_and_colour(model):
    assert cell(model, 0, Column.VERDICT) == "■  down"
    assert cell(model, 0, Column.VERDICT, Qt.ItemDataRole.ForegroundRole) is not None
    assert cell(model, 1, Column.LOAD) == "▲  5.00 / 2"
    assert cell(model, 2, Column.LOAD, Qt.ItemDataRole.ForegroundRole) is None
    assert cell(model, 2, Column.LOAD) == "3.00 / 8"


def test_a_service_amiss_is_marked(model):
    model.columns.take_services(1, ServicesWell(ok=1, expected=2, amiss=("nginx",)))
    assert cell(model, 2, Column.SERVICES) == "◆  1 / 2"


def test_figures_that_are_not_live_any_more_are_faint(model):
    model.now = lambda: NOW + timedelta(minutes=2)
    faint = LOOK.faint
    assert cell(model, 2, Column.CPU, Qt.ItemDataRole.ForegroundRole) == faint
    assert cell(model, 2, Column.AGE) == "2 min"
    assert cell(model, 2, Column.AGE, Qt.ItemDataRole.ForegroundRole) != faint


def test_numbers_stand_at_the_right(model):
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for place, column in enumerate(COLUMNS):
        head = model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        assert (head == int(right)) == (column in NUMERIC)
        assert cell(model, 0, column, Qt.ItemDataRole.TextAlignmentRole) == head


def test_a_name_like_html_is_shown_as_it_was_typed(application):
    columns = columns_of([server(1, "<b>a</b>")])
    found = Watched(columns)
    assert cell(found, 0, Column.NAME) == "<b>a</b>"
    assert "&lt;b&gt;" in cell(found, 0, Column.NAME, Qt.ItemDataRole.ToolTipRole)
    assert cell(found, 0, Column.NAME, ROW_ROLE) == columns.row_of[1]
    found.deleteLater()


def test_an_empty_fleet_has_columns_and_no_row(application):
    found = Watched(FleetColumns())
    assert (found.rowCount(), found.columnCount()) == (0, len(COLUMNS))
    found.deleteLater()


def take(model, step, place):
    match step:
        case ("fleet", ids):
            wanted = [server(number) for number in sorted(ids)]
            model.take_change(fleet_change(model.columns.by_id(), wanted))
        case ("sort", column, order):
            sort(model, column, order)
        case ("filter", text):
            wanted = parse_filter(text)
            model.keep(FleetMatch(wanted) if wanted.terms else None)
        case ("state", number, verdict):
            model.touch([model.columns.take_state(state(number, verdict))])
            model.arrange()
        case ("sample", number, load):
            model.columns.take_sample(sample(number, -place, load1=load))
            model.arrange()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("fleet"), st.sets(st.integers(1, 9))),
        st.tuples(st.just("sort"), st.sampled_from(Column), st.sampled_from(Qt.SortOrder)),
        st.tuples(st.just("filter"), st.sampled_from(["", "-ok", "load>1", "name:1", "zzz"])),
        st.tuples(st.just("state"), st.integers(1, 9), st.sampled_from(Verdict)),
        st.tuples(st.just("sample"), st.integers(1, 9), st.floats(0, 9)),
    ),
    max_size=14,
)


@given(STEPS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
def test_whatever_happens_the_rows_are_the_fleet_and_remembered_indexes_true(application, steps):
    found = Watched(columns_of([server(number) for number in range(1, 6)]))
    found.look_at(0, 3)
    remembered = {
        int(found.shown[place]): QPersistentModelIndex(found.index(place, 1))
        for place in range(found.rowCount())
    }
    for place, step in enumerate(steps):
        take(found, step, place)
    assert len(set(found.shown.tolist())) == found.rowCount()
    assert np.isin(found.shown, found.columns.there()).all()
    for row, index in remembered.items():
        if index.isValid():
            assert found.shown[index.row()] == row
    found.deleteLater()
