"""What stands in place of a page is read whole."""

import pytest
from PySide6.QtWidgets import QApplication

from noc_console.desk.state_panel import StatePanel
from tests.desk.qt_life import end


@pytest.mark.parametrize("width", [420, 800, 1900])
def test_a_long_sentence_is_shown_to_its_end(application: QApplication, width: int) -> None:
    panel = StatePanel("The store cannot be read", "It is damaged, and so on. " * 12)
    panel.resize(width, 600)
    panel.show()
    application.processEvents()

    label = panel.sentence
    assert label.height() >= label.heightForWidth(label.width())
    assert label.width() <= 640
    assert abs(label.geometry().center().x() - width // 2) < 8
    end(panel)
