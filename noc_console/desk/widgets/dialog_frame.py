"""What the dialogs with one answer have in common: their buttons and the room around them."""

from collections.abc import Callable

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout


def answer_buttons(
    dialog: QDialog, button: QPushButton, answer: Callable[[], object]
) -> QDialogButtonBox:
    """Give a button for the answer, beside Cancel: Enter presses the answer, or what has the focus.

    The box makes the answer the default button when it is shown: one made so while it is not in
    its dialog yet, Qt forgets as soon as the focus has been on another button.
    """
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
    buttons.addButton(button, QDialogButtonBox.ButtonRole.AcceptRole)
    buttons.accepted.connect(answer)
    buttons.rejected.connect(dialog.reject)
    return buttons


def roomy_column(dialog: QDialog) -> QVBoxLayout:
    """Give the layout of a dialog, one thing below the other with room around them."""
    box = QVBoxLayout(dialog)
    box.setContentsMargins(16, 14, 16, 12)
    box.setSpacing(10)
    return box
