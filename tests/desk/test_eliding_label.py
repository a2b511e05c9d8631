"""A long text keeps no window wide, and is told whole in its tip."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from noc_console.desk.widgets.eliding_label import ElidingLabel
from tests.desk.qt_life import end

LONG = "Store: " + "a long path/" * 40


@pytest.fixture
def window(application):
    window = QWidget()
    window.label = ElidingLabel(LONG)
    QHBoxLayout(window).addWidget(window.label)
    yield window
    end(window)


def ink(window):
    picture = window.label.grab().toImage()
    ground = picture.pixelColor(0, 0)
    columns = range(picture.width())
    return [
        x
        for x in columns
        if any(picture.pixelColor(x, y) != ground for y in range(picture.height()))
    ]


def test_a_long_text_lets_the_window_be_narrow(window):
    window.resize(150, 40)

    assert window.width() == 150
    assert window.label.toolTip() == LONG


def test_both_ends_of_what_does_not_fit_are_drawn(window):
    window.resize(150, 40)
    window.show()
    drawn = ink(window)

    assert drawn[0] < 10
    assert drawn[-1] > window.label.width() - 20
    assert drawn[-1] < window.label.width()


def test_a_short_text_is_drawn_whole(window):
    window.label.setText("Watching")
    window.resize(400, 40)
    window.show()

    assert ink(window)[-1] < 100


def test_a_text_like_html_is_shown_in_the_tip_as_it_is(window):
    window.label.setText("<img src=x> & more")

    assert window.label.toolTip() == "<qt>&lt;img src=x&gt; &amp; more</qt>"
