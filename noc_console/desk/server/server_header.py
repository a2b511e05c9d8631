"""The head of the server page: what, how bad, since when, why, and how old the figures are."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.widgets.eliding_label import ElidingLabel

_GAP = 12
_BETWEEN = "   ·   "
_NO_BREAK = "\N{NO-BREAK SPACE}"
"""Where a line of facts must break, it breaks between two of them."""


class ServerHeader(QWidget):
    """Verdict, name, since when and the reasons; under it one line of facts."""

    def __init__(self) -> None:
        """Make the empty header."""
        super().__init__()
        self._verdict = _label("verdict")
        self._name = _label("serverName", label=ElidingLabel())
        self._since = _label("since")
        self._reasons = _label("reasons", wraps=True)
        self._facts = _label("facts", wraps=True)
        self._name.setStyleSheet("font-size: 20px; font-weight: 700;")
        self._actions = QHBoxLayout()
        self._actions.setSpacing(6)
        self._told = QHBoxLayout()
        self._told.setSpacing(12)
        self._told.addWidget(self._name)
        self._told.addWidget(self._verdict)
        self._told.addWidget(self._since)
        self._told.addStretch(1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(_GAP)
        self._top.addLayout(self._told, 1)
        self._top.addLayout(self._actions)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(self._top)
        box.addWidget(self._reasons)
        box.addWidget(self._facts)

    def minimumSizeHint(self) -> QSize:
        """Ask for room for what is told or for the buttons: they may stand under each other."""
        width = max(part.minimumSize().width() for part in (self._told, self._actions))
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons under what is told where both have no room side by side."""
        super().resizeEvent(event)
        wanted = sum(part.minimumSize().width() for part in (self._told, self._actions)) + _GAP
        ways = QBoxLayout.Direction
        self._top.setDirection(ways.TopToBottom if wanted > self.width() else ways.LeftToRight)

    def add_action(self, button: QWidget) -> None:
        """Put a button at the right."""
        self._actions.addWidget(button)

    def show_name(self, name: str) -> None:
        """Show the server's name."""
        self._name.setText(name)

    def show_verdict(self, shape: str, word: str, colour: QColor, ink: QColor) -> None:
        """Show the verdict as shape, word and colour."""
        self._verdict.setText(f"{shape}  {word}")
        self._verdict.setStyleSheet(
            f"background: {colour.name()}; color: {ink.name()}; border-radius: 4px;"
            " padding: 3px 10px; font-weight: 700;"
        )

    def show_since(self, words: str) -> None:
        """Show since when the verdict holds."""
        self._since.setText(words)

    def show_reasons(self, reasons: Sequence[str]) -> None:
        """Show why, worst first, one after another: a line each would push the graphs away."""
        self._reasons.setText(_BETWEEN.join(reasons))
        self._reasons.setVisible(bool(reasons))

    def show_facts(self, facts: Sequence[str]) -> None:
        """Show the line of facts."""
        whole = (fact.replace(" ", _NO_BREAK) for fact in facts if fact)
        self._facts.setText(_BETWEEN.join(whole))

    def words(self) -> str:
        """Give all that the header says, for a screen reader."""
        labels = (self._name, self._verdict, self._since, self._reasons, self._facts)
        told = ", ".join(label.text() for label in labels if label.text())
        return told.replace(_NO_BREAK, " ")


def _label(name: str, *, wraps: bool = False, label: QLabel | None = None) -> QLabel:
    label = label or QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(wraps)
    if wraps:
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return label
