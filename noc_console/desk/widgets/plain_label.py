"""A label that shows what it is given as it is, whatever stands in it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def plain_label(words: str = "", *, name: str = "", wraps: bool = True) -> QLabel:
    """Give such a label, whose words can be marked and copied; `name` is what its look goes by."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if name:
        label.setObjectName(name)
    return label
