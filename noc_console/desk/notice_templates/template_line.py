"""The text of a template in a field that marks the line in which it is broken."""

import re

from PySide6.QtGui import QColor, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

_LINE = re.compile(r"\(line (\d+)(?: of ([^()]+)\.md)?\)")
_MARK = QColor(213, 94, 0, 60)


class TemplateText(QPlainTextEdit):
    """Plain text; Tab leads on, as in every form."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)

    def mark_line_told(self, sentence: str, name: str) -> None:
        """Mark the line that a sentence tells, if it is one of the template of this name."""
        told = _LINE.search(sentence)
        is_part = name.startswith("_")
        is_own = told is not None and (told[2] == name if is_part else told[2] is None)
        self.mark_line(int(told[1]) if told is not None and is_own else None)

    def mark_line(self, number: int | None) -> None:
        """Mark a line, the first is 1; None marks none."""
        block = self.document().findBlockByNumber(number - 1) if number else None
        if block is None or not block.isValid():
            self.setExtraSelections([])
            return
        mark = QTextEdit.ExtraSelection()
        mark.format.setBackground(_MARK)
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        mark.cursor = QTextCursor(block)
        self.setExtraSelections([mark])

    @property
    def marked(self) -> int | None:
        """The number of the line that is marked."""
        found = self.extraSelections()
        return found[0].cursor.blockNumber() + 1 if found else None
