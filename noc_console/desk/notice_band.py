"""A band over the window's foot for a sentence that must be read, however long it is."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy

SAY_FOR_MS = 8000
OFFER_FOR_MS = 20_000
"""Long enough to read what was done, think, and want it undone."""


class NoticeBand(QFrame):
    """Hidden while there is nothing to say. A sentence said to stay gives way only to a person."""

    def __init__(self) -> None:
        """Say nothing."""
        super().__init__()
        self.setObjectName("noticeBand")
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.act_button = QPushButton()
        self.act_button.clicked.connect(self._act)
        self.act_button.hide()
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.clear)
        box = QHBoxLayout(self)
        box.addWidget(self.words, 1)
        box.addWidget(self.act_button)
        box.addWidget(self.close_button)
        self._stays = False
        self._offered: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence for some seconds, or below one that stays."""
        if self._stays:
            kept = self.words.text().split("\n")[0]
            self.words.setText(f"{kept}\n{sentence}")
            return
        self._show(sentence)
        self._timer.start(SAY_FOR_MS)

    def offer(self, sentence: str, words: str, act: Callable[[], object]) -> None:
        """Show a sentence and a button that does something about it, for some more seconds."""
        self._stays = False
        self._show(sentence)
        self._offered = act
        self.act_button.setText(words)
        self.act_button.show()
        self._timer.start(OFFER_FOR_MS)

    def say_and_stay(self, sentence: str) -> None:
        """Show a sentence until a person closes it."""
        self._timer.stop()
        self._stays = True
        self._show(sentence)

    def clear(self) -> None:
        """Say nothing more."""
        self._stays = False
        self._timer.stop()
        self._offered = None
        self.act_button.hide()
        self.hide()

    def _act(self) -> None:
        offered = self._offered
        self.clear()
        if offered is not None:
            offered()

    def _show(self, sentence: str) -> None:
        self._offered = None
        self.act_button.hide()
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
