"""The wall: tiles by keys and mouse, one selection with the table, curves on one scale."""

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest

from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.desk.fleet.load_curve import (
    CUT_OFF,
    TOP,
    height_of,
    paint_curve,
    stretches,
    thinned,
)
from noc_console.desk.fleet.row_curve import row_curve
from noc_console.desk.fleet.tile import paint_wrapped
from noc_console.desk.fleet.wall import Wall
from noc_console.health.verdict import Verdict
from tests.desk.fleet_bench import LOOK, NOW, columns_of, names_shown, sample, server, state
from tests.desk.qt_life import end

Key = Qt.Key


@pytest.fixture
def wall(application):
    servers = [server(number) for number in range(1, 31)]
    columns = columns_of(servers, [state(4, Verdict.DOWN, "refused")], [sample(1, load1=3.0)])
    model = FleetModel(columns, LOOK, lambda: NOW)
    chosen = QItemSelectionModel(model)
    shown = Wall(model, chosen)
    shown.resize(700, 400)
    shown.show()
    shown.viewport().repaint()
    yield shown
    end(shown, chosen, model)


def chosen(wall):
    names = names_shown(wall._model)
    return [names[index.row()] for index in wall._chosen.selectedRows()]


def centre(wall, place):
    return wall.tile(place).center()


def test_as_many_tiles_stand_side_by_side_as_there_is_room_for(wall):
    assert wall.across == 3
    assert wall.tile(1).left() > wall.tile(0).right()
    assert wall.tile(3).top() > wall.tile(0).bottom()
    wall.resize(1400, 400)
    assert wall.across == 6


def test_the_worst_is_the_first_tile_and_a_click_chooses_it(wall):
    QTest.mouseClick(wall.viewport(), Qt.MouseButton.LeftButton, pos=centre(wall, 0))
    assert chosen(wall) == ["web4"]
    QTest.mouseClick(wall.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert chosen(wall) == []


def test_ctrl_adds_a_tile_and_a_right_click_keeps_the_chosen_ones(wall):
    view, control = wall.viewport(), Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=centre(wall, 0))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, control, centre(wall, 2))
    assert chosen(wall) == ["web4", "web2"]
    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=centre(wall, 0))
    assert chosen(wall) == ["web4", "web2"]


def test_shift_chooses_all_tiles_between(wall):
    QTest.mouseClick(wall.viewport(), Qt.MouseButton.LeftButton, pos=centre(wall, 1))
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(wall.viewport(), Qt.MouseButton.LeftButton, shift, centre(wall, 3))
    QTest.keyClick(wall, Key.Key_Right, shift)
    assert sorted(chosen(wall)) == ["web1", "web2", "web3", "web5"]


def test_arrow_keys_go_from_tile_to_tile_and_bring_them_into_sight(wall):
    opened = []
    wall.activated.connect(lambda index: opened.append(names_shown(wall._model)[index.row()]))
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Down):
        QTest.keyClick(wall, key)
    assert wall._chosen.currentIndex().row() == 4
    QTest.keyClick(wall, Key.Key_End)
    assert wall.tile(29).bottom() <= wall.viewport().height()
    QTest.keyClick(wall, Key.Key_Return)
    QTest.keyClick(wall, Key.Key_Home)
    assert wall.verticalScrollBar().value() == 0
    assert opened == ["web30"]


def test_the_current_tile_is_told_to_a_screen_reader(wall):
    QTest.keyClick(wall, Key.Key_Right)
    assert wall.accessibleDescription() == "web4, ■  down, 12 min, refused"


def test_no_tile_moves_while_the_button_is_down(wall):
    QTest.mousePress(wall.viewport(), Qt.MouseButton.LeftButton, pos=centre(wall, 1))
    wall._model.columns.take_state(state(9, Verdict.DOWN))
    wall._model.arrange()
    assert names_shown(wall._model)[:2] == ["web4", "web1"]
    QTest.mouseRelease(wall.viewport(), Qt.MouseButton.LeftButton, pos=centre(wall, 1))
    assert names_shown(wall._model)[:2] == ["web4", "web9"]
    assert chosen(wall) == ["web1"]


def test_a_double_click_opens(wall):
    opened = []
    wall.activated.connect(lambda index: opened.append(index.row()))
    QTest.mouseDClick(wall.viewport(), Qt.MouseButton.LeftButton, pos=centre(wall, 2))
    assert opened == [2]


def test_words_that_do_not_fit_a_tile_end_with_dots_and_never_within_a_line(application):
    drawn = []

    class Pen(QPainter):
        def drawText(self, room, _flags, words):  # noqa: N802
            drawn.append((room.bottom(), words))

    canvas = QImage(200, 60, QImage.Format.Format_RGB32)
    pen = Pen(canvas)
    paint_wrapped(pen, QRectF(0, 0, 200, 2.5 * pen.fontMetrics().lineSpacing()), "SHA256 " * 30)
    pen.end()

    assert [words.endswith("…") for _, words in drawn] == [False, True]
    assert drawn[-1][0] <= 60


def test_only_tiles_that_are_seen_are_painted(wall):
    wall.viewport().repaint()
    first, last = wall._model._looked_at
    assert first == 0
    assert last < 20


def test_the_scale_is_one_for_all_and_never_leaves_the_tile():
    assert height_of(0.0) == 0.0
    assert height_of(-1.0) == 0.0
    assert 0.9 < height_of(CUT_OFF) < 1.0
    assert height_of(TOP * 50) == 1.0


def test_a_curve_of_many_figures_keeps_its_peaks():
    line = np.full(3600, 0.5, dtype=np.float32)
    line[1801] = 9.0
    thin = thinned(line, 180)
    assert len(thin) == 180
    assert thin.max() == 9.0
    assert thinned(line, 5000) is line


def test_a_gap_longer_than_three_ticks_stays_a_gap():
    nan = float("nan")
    line = np.array([1, 1, nan, 1, nan, nan, nan, 1], dtype=np.float32)
    assert [part.tolist() for part in stretches(line, 2)] == [[0, 1, 3], [7]]
    assert list(stretches(np.full(3, nan, dtype=np.float32), 2)) == []


def test_a_slow_server_has_its_samples_joined_and_load_is_counted_per_core():
    columns = columns_of([server(1, tick_s=60)], samples=[sample(1, load1=6.0, cores=4.0)])
    curve = row_curve(columns, columns.row_of[1])
    assert curve.longest_gap == 36
    assert curve.per_core[-1] == 1.5


def test_a_curve_paints_where_its_figures_are_and_nowhere_else(application):
    picture = QImage(100, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    line = np.full(100, np.nan, dtype=np.float32)
    line[50:] = TOP
    painter = QPainter(picture)
    paint_curve(painter, QRectF(0, 2, 100, 38), line, QColor("black"))
    painter.end()
    dark = [x for x in range(100) if any(picture.pixelColor(x, y).value() < 128 for y in range(5))]
    assert dark[0] >= 49
    assert dark[-1] >= 98
