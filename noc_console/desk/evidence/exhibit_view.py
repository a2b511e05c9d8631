"""The text of an exhibit, or of what changed between two: read only, no wrapping, by keyboard.

GUI thread only; what it is given is inert already.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit


class ExhibitView(QPlainTextEdit):
    """A text of fixed width."""

    def __init__(self, accessible_name: str) -> None:
        """Show nothing yet."""
        super().__init__()
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setAccessibleName(accessible_name)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def show_text(self, text: str, line: int = 1) -> None:
        """Show a text and choose one of its lines."""
        self.setPlainText(text)
        block = self.document().findBlockByNumber(max(0, line - 1))
        if line > 1 and block.isValid():
            cursor = QTextCursor(block)
            cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            cursor.setPosition(block.position(), QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)
            self.centerCursor()
            cursor.setPosition(block.position())
            cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            self.setTextCursor(cursor)
            self.horizontalScrollBar().setValue(0)


class SignColours(QSyntaxHighlighter):
    """Colours the lines of a difference by their sign; the sign itself says the same."""

    def __init__(self, document: QTextDocument, gone: QColor, new: QColor) -> None:
        """Take the colours of what is gone and of what is new."""
        super().__init__(document)
        self._formats = {}
        for sign, colour in (("-", gone), ("+", new)):
            self._formats[sign] = QTextCharFormat()
            self._formats[sign].setForeground(colour)

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        found = self._formats.get(text[:1])
        if found is not None:
            self.setFormat(0, len(text), found)
