"""The steps of a connection test as they arrive: a shape, the step's name and a sentence each."""

import re
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

STEPS = ("name", "port", "banner", "host key", "authentication", "shell", "probe")

_WAITING, _PASSED, _FAILED, _SKIPPED = "○", "✔", "✖", "–"
_SPOKEN = {_WAITING: "waiting", _PASSED: "passed", _FAILED: "failed", _SKIPPED: "not tried"}


_NARROWEST = 220
_STOPPED = "It stopped at the step “{step}”, which says how to go on."
_LONG_WORD = re.compile(r"(SHA256:)?(\S{25,})")
_BREAK = "\u200b"
"""Zero width space (Unicode, UAX 14): a line may end there."""


def breakable(words: str) -> str:
    """Let a word such as a fingerprint go on in the next line: a label would cut it off."""
    return _LONG_WORD.sub(lambda found: (found[1] or "") + _BREAK + _BREAK.join(found[2]), words)


class StepsPanel(QScrollArea):
    """All steps, in their order; those not reached yet are shown as waiting."""

    def __init__(self, colours: dict[bool, str]) -> None:
        """Start empty; `colours` are those of a passed (True) and of a failed (False) step."""
        super().__init__()
        self._colours = colours
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_NARROWEST)
        self.setAccessibleName("Connection test")
        inside = QWidget()
        box = QVBoxLayout(inside)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.addWidget(self._words)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        box.addLayout(grid)
        box.addStretch(1)
        self._shapes: dict[str, QLabel] = {}
        self._sentences: dict[str, QLabel] = {}
        for place, step in enumerate(STEPS):
            self._add_step(grid, place, step)
        self.setWidget(inside)
        self.clear()

    def _add_step(self, grid: QGridLayout, place: int, step: str) -> None:
        shape, name, sentence = QLabel(_WAITING), QLabel(step.capitalize()), QLabel()
        name.setStyleSheet("font-weight: 600;")
        sentence.setWordWrap(True)
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(shape, 2 * place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(name, 2 * place, 1)
        grid.addWidget(sentence, 2 * place + 1, 1)
        self._shapes[step] = shape
        self._sentences[step] = sentence

    def clear(self) -> None:
        """Show that nothing was tested yet."""
        self._words.setText("Press Test connection to see, step by step, what works.")
        for step in STEPS:
            self._show(step, _WAITING, "")

    def start(self) -> None:
        """Show that a test is under way."""
        self.clear()
        self._words.setText("Testing…")

    def show_step(self, progress: dict[str, Any]) -> None:
        """Show one step's result: `{"name", "ok", "sentence"}`; ok None means not tried."""
        step = str(progress.get("name", ""))
        if step not in self._shapes:
            return
        outcome = progress.get("ok")
        shape = _SKIPPED if outcome is None else _PASSED if outcome else _FAILED
        self._show(step, shape, str(progress.get("sentence", "")))

    def end(self, words: str) -> None:
        """Show the last word on the test; steps never reached are told as not tried."""
        failed = next((step for step in STEPS if self.sentence_of(step) == words), None)
        self._words.setText(breakable(words if failed is None else _STOPPED.format(step=failed)))
        for step, shape in self._shapes.items():
            if shape.text() == _WAITING:
                self._show(step, _SKIPPED, self.sentence_of(step))

    @property
    def words(self) -> str:
        """The sentence above the steps."""
        return self._words.text().replace(_BREAK, "")

    def outcome_of(self, step: str) -> str:
        """Give what the panel says of a step: waiting, passed, failed or not tried."""
        return _SPOKEN[self._shapes[step].text()]

    def sentence_of(self, step: str) -> str:
        """Give the sentence of a step."""
        return self._sentences[step].text().replace(_BREAK, "")

    def _show(self, step: str, shape: str, sentence: str) -> None:
        label = self._shapes[step]
        label.setText(shape)
        label.setAccessibleName(f"{step}: {_SPOKEN[shape]}")
        colour = {_PASSED: self._colours[True], _FAILED: self._colours[False]}.get(shape)
        label.setStyleSheet(f"color: {colour}; font-weight: 700;" if colour else "")
        self._sentences[step].setText(breakable(sentence))
        self._sentences[step].setVisible(bool(sentence))
