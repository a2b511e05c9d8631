"""A column is as wide as Qt would make it, and Qt is asked of one cell of it, not of a hundred."""

from unittest.mock import patch

from PySide6.QtWidgets import QTableView

from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from tests.desk.qt_life import end


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
