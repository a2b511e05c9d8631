"""Gives a dialog the size it would like, or the screen's where that is smaller."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog

_FRAME = QSize(24, 48)
"""What the window manager puts around it."""


def fit_to_screen(dialog: QDialog) -> None:
    """Size a dialog that is not shown yet; Qt alone would stop at two thirds of the screen."""
    dialog.resize(dialog.sizeHint().boundedTo(dialog.screen().availableSize() - _FRAME))
