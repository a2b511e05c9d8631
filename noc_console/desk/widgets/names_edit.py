"""A line for several names with commas between them, completed as typed. GUI thread only."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
)
from PySide6.QtWidgets import QCompleter, QLineEdit


class NamesEdit(QLineEdit):
    """`names` gives what was typed, without doubles, in order."""

    def __init__(self, accessible_name: str, placeholder: str = "") -> None:
        """Begin without names to offer."""
        super().__init__()
        self.setAccessibleName(accessible_name)
        self.setPlaceholderText(placeholder)
        self._known = QStringListModel(self)
        completer = _LastName(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)

    def offer(self, names: Sequence[str]) -> None:
        """Offer these names."""
        self._known.setStringList(list(names))

    @property
    def names(self) -> tuple[str, ...]:
        """What was typed."""
        words = (word.strip() for word in self.text().split(","))
        return tuple(dict.fromkeys(word for word in words if word))

    def show_names(self, names: Sequence[str]) -> None:
        """Put names into the line."""
        self.setText(", ".join(names))


class _LastName(QCompleter):
    """Completes what stands after the last comma."""

    def __init__(self, known: QAbstractItemModel, line: NamesEdit) -> None:
        super().__init__(known, line)
        self._line = line

    def splitPath(self, path: str) -> list[str]:
        """Look for the last name only."""
        return [path.rpartition(",")[2].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Keep the names before it."""
        before = self._line.text().rpartition(",")[0]
        name = str(index.data())
        return f"{before.strip()}, {name}" if before.strip() else name
