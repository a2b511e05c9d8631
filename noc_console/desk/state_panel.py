"""What stands where a page cannot be yet: that something is being read, or why it cannot be."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_WIDEST = 640


class StatePanel(QWidget):
    """A title, a sentence, and buttons that do what the sentence says."""

    def __init__(
        self, title: str, sentence: str, buttons: Mapping[str, Callable[[], object]] | None = None
    ) -> None:
        """Show them in the middle; the first button has the focus."""
        super().__init__()
        self.setAccessibleName(f"{title}. {sentence}")
        self.title, self.sentence = QLabel(title), QLabel(sentence)
        self.title.setObjectName("pageTitle")
        for label in (self.title, self.sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            label.setMaximumWidth(_WIDEST)
        row = QHBoxLayout()
        row.addStretch(1)
        for words, act in (buttons or {}).items():
            button = QPushButton(words)
            button.setAutoDefault(True)  # Enter presses it too, where the focus is on it
            button.clicked.connect(lambda _=False, act=act: act())
            if self.focusProxy() is None:
                self.setFocusProxy(button)
            row.addWidget(button)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.addStretch(2)
        box.addLayout(_in_the_middle(self.title))
        box.addLayout(_in_the_middle(self.sentence))
        box.addLayout(row)
        box.addStretch(3)


def _in_the_middle(label: QLabel) -> QHBoxLayout:
    """Give a row with a label in it; an alignment instead would cut off all but two lines."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(label, _WIDEST)
    row.addStretch(1)
    return row
