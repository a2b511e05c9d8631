"""What the dialogs with one answer have in common: their buttons and the room around them."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout


def answer_buttons(
    dialog: QDialog, button: QPushButton, answer: Callable[[], object]
) -> QDialogButtonBox:
    """Give a button for the answer, beside Cancel: Enter presses the answer, or what has the focus.

    Both are in the dialog from the start: Qt forgets a default button made outside of it as soon
    as the focus has been on another button, and it would not have the window's style.
    """
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, dialog)
    buttons.addButton(button, QDialogButtonBox.ButtonRole.AcceptRole)
    button.setDefault(True)
    buttons.accepted.connect(answer)
    buttons.rejected.connect(dialog.reject)
    return buttons


def roomy_column(dialog: QDialog) -> QVBoxLayout:
    """Give the layout of a dialog, one thing below the other with room around them."""
    box = QVBoxLayout(dialog)
    box.setContentsMargins(16, 14, 16, 12)
    box.setSpacing(10)
    return box
