"""Asks what availability is promised to something. GUI thread only."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.widgets.dialog_frame import answer_buttons
from noc_console.desk.widgets.number_room import with_room
from noc_console.fleet.inert import inert
from noc_console.incidents.times import exact_text

_YEAR_MS = 365 * 24 * 3_600_000


class TargetDialog(QDialog):
    """A share and what it leaves in a year. `decided` tells it; None takes the target back."""

    decided = Signal(object)

    def __init__(self, name: str, percent: float, parent: QWidget | None = None) -> None:
        """Ask about what has this name; `percent` holds now."""
        super().__init__(parent)
        self.setWindowTitle("Set the target")
        about = QLabel(f"Promised to {inert(name)}, for everybody on this store:")
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        self.percent = with_room(QDoubleSpinBox())
        self.percent.setRange(0.0, 100.0)
        self.percent.setDecimals(4)
        self.percent.setSingleStep(0.05)
        self.percent.setSuffix(" %")
        self.percent.setValue(percent)
        self.percent.setAccessibleName("Target in per cent")
        self.left = QLabel()
        self.left.setObjectName("faint")
        form = QFormLayout()
        form.addRow("&Target", self.percent)
        form.addRow("", self.left)
        self.ok_button = QPushButton("Set")
        buttons = answer_buttons(self, self.ok_button, lambda: self._decide(self.percent.value()))
        back = QPushButton("&As for all")
        back.setToolTip("Take this target back, so that the next wider one holds")
        buttons.addButton(back, QDialogButtonBox.ButtonRole.ResetRole)
        back.clicked.connect(lambda: self._decide(None))
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.addWidget(about)
        box.addLayout(form)
        box.addWidget(buttons)
        self.percent.valueChanged.connect(self._tell_left)
        self._tell_left(percent)
        self.percent.setFocus()
        self.percent.selectAll()

    def _tell_left(self, percent: float) -> None:
        self.left.setText(f"leaves {exact_text(_YEAR_MS * (100 - percent) / 100)} in a year")

    def _decide(self, percent: float | None) -> None:
        self.decided.emit(percent)
        self.accept()
