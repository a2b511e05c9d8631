"""A column is as wide as Qt would make it, and Qt is asked of one cell of it, not of a hundred."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QTableView

from noc_console.desk.widgets.rows_table import (
    Column,
    RowsModel,
    fit_columns,
    share_room,
    table_of,
    too_much,
)
from tests.desk.qt_life import end, wait_until


def test_a_column_is_as_wide_as_its_longest_text_wants(application):
    columns = [Column(title="", text=lambda row, by=by: str(row * by)) for by in (1, 977, 99991)]
    model = RowsModel(columns)
    view = table_of(model, "numbers")
    model.show_rows([*range(40), 10**9, *range(40)])
    with patch.object(QTableView, "sizeHintForColumn", side_effect=AssertionError):
        fit_columns(view)
    wanted = [view.sizeHintForColumn(place) for place in range(3)]
    widths = [view.columnWidth(place) for place in range(3)]
    assert all(0 <= width - want <= 5 for width, want in zip(widths, wanted, strict=True))
    end(view)


def test_a_table_without_a_row_is_as_wide_as_its_titles(application):
    view = table_of(RowsModel([Column(title="A long title", text=str)]), "nothing")
    fit_columns(view)
    assert view.columnWidth(0) >= view.horizontalHeader().sectionSizeHint(0)
    end(view)


def test_in_little_room_the_longest_words_give_way_and_numbers_do_not():
    wishes = {0: 100, 1: 400, 2: 90, 3: 300}

    assert share_room(wishes, {2}, 1000) == wishes
    assert share_room(wishes, {2}, 600) == {0: 100, 1: 205, 2: 90, 3: 205}


def test_no_column_is_made_too_narrow_to_read():
    assert min(share_room({0: 200, 1: 300}, set(), 10).values()) >= 132


@given(
    wishes=st.dictionaries(st.integers(0, 9), st.integers(1, 400), max_size=10),
    whole=st.sets(st.integers(0, 9)),
    room=st.integers(-50, 3000),
)
def test_shared_widths_fit_wherever_they_can_and_never_pass_the_wish(wishes, whole, room):
    shared = share_room(wishes, whole, room)

    assert set(shared) == set(wishes)
    assert all(shared[place] <= wish for place, wish in wishes.items())
    assert all(shared[place] == wishes[place] for place in whole & set(wishes))
    least = sum(w if place in whole else min(w, 132) for place, w in wishes.items())
    assert sum(shared.values()) <= max(room, least)


def test_columns_share_another_width_but_not_one_that_a_person_set(application):
    columns = [Column(title=title, text=str) for title in "ab"]
    view = table_of(RowsModel(columns), "words")
    view.model().show_rows(["a rather long text that needs much room in a column"])
    view.resize(1000, 200)
    view.show()
    fit_columns(view)
    wide = view.columnWidth(0)

    view.resize(300, 200)
    wait_until(lambda: view.columnWidth(0) < wide)
    view.leave_alone(0)
    view.setColumnWidth(0, 222)
    view.resize(1000, 200)

    wait_until(lambda: view.columnWidth(1) == wide)
    assert view.columnWidth(0) == 222
    end(view)


def test_spare_columns_are_left_out_last_first_until_the_rest_has_room():
    wishes = {0: 100, 1: 120, 2: 90, 3: 300}

    assert too_much(wishes, {2}, [0, 1], 700) == frozenset()
    assert too_much(wishes, {2}, [0, 1], 400) == {1}
    assert too_much(wishes, {2}, [0, 1], 200) == {0, 1}


def test_in_a_narrow_table_the_words_that_matter_stay_readable(application):
    columns = [
        Column(title="State", text=lambda _: "promised update overdue"),
        Column(title="Kind", text=lambda _: "planned work that repeats", spare=True),
        Column(title="Notice", text=str, stretch=True),
        Column(title="Begins", text=lambda _: "Sat 2026-11-28 21:26 UTC"),
        Column(title="For", text=lambda _: "group shared-web-servers"),
    ]
    view = table_of(RowsModel(columns), "words")
    view.model().show_rows(["3: Web sites on web9 do not answer"])
    view.resize(1400, 200)
    view.show()
    fit_columns(view)
    assert not view.isColumnHidden(1)

    view.resize(560, 200)
    wait_until(lambda: view.isColumnHidden(1))
    assert view.columnViewportPosition(2) == view.columnWidth(0), "no gap is left"
    assert view.columnWidth(2) >= 135
    view.resize(300, 200)
    assert view.columnViewportPosition(3) == view.columnViewportPosition(2) + view.columnWidth(2)
    wait_until(lambda: view.horizontalScrollBar().maximum() > 0)
    assert view.columnWidth(2) >= 135
    view.resize(1400, 200)

    wait_until(lambda: not view.isColumnHidden(1) and view.columnWidth(2) > 400)
    end(view)
