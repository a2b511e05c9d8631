"""A line for several names with commas between them, completed as typed. GUI thread only."""

from collections.abc import Sequence
from itertools import islice

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
)
from PySide6.QtWidgets import QCompleter, QLineEdit

_MOST_SHOWN = 200


def folded_names(names: Sequence[str]) -> Sequence[str]:
    """Give names as they are compared; a tenth of a second for hundreds of thousands."""
    return "\n".join(names).casefold().split("\n") if names else ()


class NamesEdit(QLineEdit):
    """`names` gives what was typed, without doubles, in order."""

    def __init__(self, accessible_name: str, placeholder: str = "") -> None:
        """Begin without names to offer."""
        super().__init__()
        self.setAccessibleName(accessible_name)
        self.setPlaceholderText(placeholder)
        self._known = QStringListModel(self)
        self._names: Sequence[str] = ()
        self._folded: Sequence[str] = ()
        completer = _LastName(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        self.textEdited.connect(self._find)

    def offer(self, names: Sequence[str], folded: Sequence[str] = ()) -> None:
        """Offer these names; of many give what `folded_names` makes of them too."""
        self._names, self._folded = names, folded or folded_names(names)
        self._known.setStringList(list(names[:_MOST_SHOWN]))

    def _find(self, text: str) -> None:
        """Give the completer no more than a person looks at: it goes through all it has by each
        key, which holds the window up where a fleet has hundreds of thousands of names.
        """
        if len(self._names) > _MOST_SHOWN:
            word = text.rpartition(",")[2].strip().casefold()
            pairs = zip(self._names, self._folded, strict=True)
            fitting = (name for name, folded in pairs if word in folded)
            self._known.setStringList(list(islice(fitting, _MOST_SHOWN)))

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
