"""A row of buttons goes on in the next line where the window is too narrow, and loses none."""

from PySide6.QtWidgets import QPushButton, QWidget

from noc_console.desk.widgets.flow_row import FlowRow
from tests.desk.qt_life import end, wait_until


def test_parts_stand_side_by_side_and_wrap_where_it_is_narrow(application):
    window = QWidget()
    buttons = [QPushButton(f"Button {place}") for place in range(6)]
    row = FlowRow(buttons)
    window.setLayout(row)
    window.resize(1200, 40)
    window.show()
    wait_until(lambda: buttons[-1].x() > 0)
    assert {button.y() for button in buttons} == {0}

    width = buttons[0].sizeHint().width()
    window.resize(2 * width + 30, 400)
    wait_until(lambda: buttons[-1].y() > 0)
    assert len({button.y() for button in buttons}) == 3
    assert all(button.geometry().right() <= window.width() for button in buttons)
    assert row.minimumSize().width() < window.width()
    assert application is not None
    end(window)


def test_a_hidden_part_takes_no_room(application):
    window = QWidget()
    buttons = [QPushButton("One"), QPushButton("Two")]
    window.setLayout(FlowRow(buttons))
    buttons[0].hide()
    window.resize(600, 40)
    window.show()
    wait_until(buttons[1].isVisible)

    assert buttons[1].x() == 0
    assert application is not None
    end(window)
