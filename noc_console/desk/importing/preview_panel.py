"""What would come of an import: a row a server, and a row for each line not understood."""

from collections import Counter
from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.fleet.importing.preview import Action
from noc_console.fleet.inert import inert


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLine:
    """One server of the file. `action` is what the import would do with it."""

    action: str
    name: str
    place: str
    groups: str
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangeLine:
    """One line, or part of one, that the import does not understand and leaves out."""

    file: str
    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLines:
    """All of a preview, as it is shown: what changes comes first. Make it off the GUI thread."""

    servers: tuple[ServerLine, ...]
    strange: tuple[StrangeLine, ...]

    def __post_init__(self) -> None:
        """Put the servers in order."""
        object.__setattr__(self, "servers", tuple(sorted(self.servers, key=_place)))

    def summary(self) -> str:
        """Give in one sentence what the import would do."""
        counts = self._counts()
        parts = [f"{count} to {action}" for action, count in counts.items() if action in _CHANGING]
        parts += [
            f"{count} {_RESTING.get(action, action)}"
            for action, count in counts.items()
            if action not in _CHANGING
        ]
        found = f"Servers: {', '.join(parts)}." if parts else "No server was found in this file."
        if not self.strange:
            return found
        count = len(self.strange)
        left = (
            "1 line was not understood and is"
            if count == 1
            else f"{count} lines were not understood and are"
        )
        return f"{found} {left} left out."

    @property
    def changes(self) -> int:
        """How many servers would be added or updated."""
        counts = self._counts()
        return sum(counts[action] for action in _CHANGING)

    def _counts(self) -> Counter[str]:
        return Counter(line.action for line in self.servers)


_WIDEST = 300
_CHANGING = ("add", "update")
_ORDER = {action: place for place, action in enumerate(("add", "update", "skip", "same"))}
_RESTING = {"same": "already as in the file", "skip": "left out"}

_SERVER_COLUMNS: tuple[Column[ServerLine], ...] = (
    Column(title="Action", text=lambda line: Action(line.action).word),
    Column(title="Name", text=lambda line: inert(line.name)),
    Column(title="Where", text=lambda line: inert(line.place)),
    Column(title="Groups", text=lambda line: inert(line.groups)),
    Column(title="Notes", text=lambda line: inert(line.notes), stretch=True),
)
_STRANGE_COLUMNS: tuple[Column[StrangeLine], ...] = (
    Column(title="File", text=lambda line: inert(line.file)),
    Column(title="Line", text=lambda line: str(line.number) if line.number else "–", numeric=True),
    Column(title="Text", text=lambda line: inert(line.text)),
    Column(title="Why", text=lambda line: inert(line.why), stretch=True),
)


class PreviewPanel(QWidget):
    """The summary and the two tables; more tabs may be added before them."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.servers = RowsModel(_SERVER_COLUMNS, self)
        self.strange = RowsModel(_STRANGE_COLUMNS, self)
        self._server_view = table_of(self.servers, "Servers in the file")
        self._strange_view = table_of(self.strange, "Lines not understood")
        self.tabs.addTab(self._server_view, "&Servers")
        self.tabs.addTab(self._strange_view, "&Not understood")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.summary)
        box.addWidget(self.tabs, 1)

    def show_preview(self, preview: PreviewLines) -> None:
        """Show what would come of the import."""
        self.summary.setText(preview.summary())
        self.servers.show_rows(preview.servers)
        self.strange.show_rows(preview.strange)
        for view in (self._server_view, self._strange_view):
            fit_columns(view, widest=_WIDEST)
        self.tabs.setTabText(
            self.tabs.indexOf(self._strange_view), f"&Not understood ({len(preview.strange)})"
        )


def _place(line: ServerLine) -> int:
    return _ORDER.get(line.action, len(_ORDER))
