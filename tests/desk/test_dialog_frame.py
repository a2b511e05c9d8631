"""What Enter does in a dialog with one answer."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLineEdit, QPushButton

from noc_console.desk.widgets.dialog_frame import answer_buttons, roomy_column
from tests.desk.qt_life import end, wait_until


class Asking(QDialog):
    """A field, and Save beside Cancel."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[str] = []
        self.field = QLineEdit()
        self.save = QPushButton("Save")
        box = roomy_column(self)
        box.addWidget(self.field)
        self.buttons = answer_buttons(self, self.save, lambda: self.answers.append("save"))
        box.addWidget(self.buttons)
        self.rejected.connect(lambda: self.answers.append("cancel"))


@pytest.fixture
def asking(application: QApplication) -> Iterator[Asking]:
    dialog = Asking()
    dialog.open()
    yield dialog
    end(dialog)


def test_enter_in_a_field_answers_wherever_the_focus_has_been(asking: Asking) -> None:
    asking.save.setFocus()
    asking.field.setFocus()

    QTest.keyClick(asking.field, Qt.Key.Key_Return)

    assert asking.answers == ["save"]


def test_the_first_field_has_the_focus(asking: Asking) -> None:
    wait_until(lambda: asking.focusWidget() is asking.field)


def test_enter_on_cancel_cancels(asking: Asking) -> None:
    cancel = asking.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    cancel.setFocus()

    QTest.keyClick(cancel, Qt.Key.Key_Return)

    assert asking.answers == ["cancel"]
