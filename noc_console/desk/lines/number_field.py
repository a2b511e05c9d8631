"""A field for a number that may be left empty: what is no number is said, never guessed."""

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

_LONGEST = 18
_WIDTH = 110


class NumberField(QWidget):
    """A number with its unit behind it. GUI thread only."""

    def __init__(self, name: str, unit: str) -> None:
        """Begin empty."""
        super().__init__()
        self.line = QLineEdit()
        self.line.setMaxLength(_LONGEST)
        self.line.setFixedWidth(_WIDTH)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.setAccessibleName(name)
        unit_label = QLabel(unit)
        unit_label.setTextFormat(Qt.TextFormat.PlainText)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.line)
        box.addWidget(unit_label, 1)
        self.setFocusProxy(self.line)

    def show_number(self, number: float | None) -> None:
        """Put a number; None empties the field."""
        self.line.setText("" if number is None else f"{number:g}")

    @property
    def number(self) -> float | None:
        """The number; None where the field is empty.

        Raises:
            ValueError: it holds no number.
        """
        text = self.line.text().strip().replace(",", ".")
        if not text:
            return None
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(text)
        return number
