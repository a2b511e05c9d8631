"""The evidence of a finding: what the server printed, made inert, the lines that show it marked.

GUI thread only. `/` searches, Enter goes on to the next place, Shift+Enter to the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.evidence.evidence_words import shown_text
from noc_console.desk.evidence.exhibit_view import ExhibitView
from noc_console.desk.widgets.plain_label import plain_label

MARKED, PLAIN = "▶ ", "  "
_MOST_MARKED = 400
_MOST_FOUND = 2000
_NONE = "There is no evidence: nothing was asked of a server, or it has aged out."


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """An inert text, a sign before each line, and which lines are marked, from 0."""

    text: str
    marked: tuple[int, ...]


def marked_text(evidence: bytes | None, marks: Sequence[int]) -> MarkedText | None:
    """Give evidence for the screen; None where there is none. On any thread."""
    if not evidence:
        return None
    wanted = {mark - 1 for mark in marks}
    lines = shown_text(evidence.decode("utf-8", "replace").rstrip("\n")).text.split("\n")
    shown = [f"{MARKED if place in wanted else PLAIN}{one}" for place, one in enumerate(lines)]
    marked = sorted(place for place in wanted if 0 <= place < len(lines))
    return MarkedText(text="\n".join(shown), marked=tuple(marked))


class _SearchLine(QLineEdit):
    """Takes words; Enter and Shift+Enter go through what is found, Esc leaves."""

    stepped = Signal(int)
    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Keep Esc for the search: elsewhere it leaves the findings."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on, back, or leave."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.stepped.emit(-1 if is_back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class EvidencePanel(QWidget):
    """One evidence at a time."""

    left = Signal()
    """The search was left by Esc."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.setAccessibleName("Evidence")
        self.view = ExhibitView("What the server printed")
        self.search = _SearchLine()
        self.search.setPlaceholderText("Search the evidence ( / )")
        self.search.setAccessibleName("Search the evidence")
        self.search.setClearButtonEnabled(True)
        self.found_words = plain_label(name="faint", wraps=False)
        self._marked: tuple[int, ...] = ()
        self._found: list[QTextCursor] = []
        self._at = -1
        self._colour = QColor()
        line = QHBoxLayout()
        line.addWidget(self.search, 1)
        line.addWidget(self.found_words)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.view, 1)
        box.addLayout(line)
        self.search.textChanged.connect(lambda _: self._find())
        self.search.stepped.connect(self.step)
        self.search.left.connect(self.left)

    def show_evidence(self, shown: MarkedText | None, colour: QColor) -> None:
        """Show an evidence from its first marked line; words that were searched stay searched."""
        self._colour = colour
        self._marked = shown.marked if shown is not None else ()
        first = self._marked[0] + 1 if self._marked else 1
        self.view.show_text(shown.text if shown is not None else _NONE, 1)
        self._go_to_line(first)
        self._find(goes_there=bool(self.search.text()))

    def begin_search(self) -> None:
        """Take words."""
        self.search.setFocus()
        self.search.selectAll()

    def step(self, by: int) -> None:
        """Go to the next place that was found, or the one before; after the last, the first."""
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._show_found()

    def _find(self, *, goes_there: bool = True) -> None:
        words, self._found, self._at = self.search.text(), [], -1
        document = self.view.document()
        cursor = document.find(words) if words else QTextCursor()
        while not cursor.isNull() and len(self._found) < _MOST_FOUND:
            self._found.append(cursor)
            cursor = document.find(words, cursor)
        if self._found and goes_there:
            self._at = 0
        self._show_found()

    def _show_found(self) -> None:
        many = len(self._found)
        if not self.search.text():
            self.found_words.setText("")
        elif not many:
            self.found_words.setText("nowhere")
        else:
            self.found_words.setText(f"{self._at + 1:,} of {many:,}")
        if 0 <= self._at < many:
            self.view.setTextCursor(self._found[self._at])
            self.view.centerCursor()
        self._paint()

    def _paint(self) -> None:
        ground = QColor(self._colour)
        ground.setAlpha(48)
        selections = []
        for place in self._marked[:_MOST_MARKED]:
            block = self.view.document().findBlockByNumber(place)
            if block.isValid():
                selections.append(_painted(QTextCursor(block), ground, is_line=True))
        ground.setAlpha(120)
        selections += [_painted(one, ground) for one in self._found[:_MOST_MARKED]]
        self.view.setExtraSelections(selections)

    def _go_to_line(self, line: int) -> None:
        block = self.view.document().findBlockByNumber(line - 1)
        if block.isValid():
            self.view.setTextCursor(QTextCursor(block))
            self.view.centerCursor()
            self.view.horizontalScrollBar().setValue(0)


def _painted(
    cursor: QTextCursor, ground: QColor, *, is_line: bool = False
) -> QTextEdit.ExtraSelection:
    one = QTextEdit.ExtraSelection()
    form = QTextCharFormat()
    form.setBackground(ground)
    if is_line:
        form.setProperty(QTextFormat.Property.FullWidthSelection, True)
    one.cursor, one.format = cursor, form
    return one
