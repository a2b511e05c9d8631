"""The rail at the window's side: the pages that are always there, and the servers now open."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from noc_console.desk.look import Look
from noc_console.desk.page import PageKind
from noc_console.desk.widgets.rows_table import short_tip
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.verdict import Verdict

WIDTH = 152
NARROW_WIDTH = 124
_ROOM = 14
_KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenServer:
    """A server whose page is open, and its verdict; no colour where there is nothing to see to."""

    id: int
    name: str
    shape: str
    word: str
    colour: QColor | None


def as_open(server: Server, verdict: Verdict, look: Look) -> OpenServer:
    """Give a server as the rail shows it."""
    return OpenServer(
        id=server.id,
        name=server.name,
        shape=look.shapes[verdict],
        word=verdict.value,
        colour=None if verdict is Verdict.OK else look.colours[verdict],
    )


class PageRail(QListWidget):
    """The pages first, then the servers in the order in which they were opened."""

    page_chosen = Signal(str)
    """The key of a page."""
    server_chosen = Signal(int)
    """The id of a server."""

    def __init__(self, kinds: Sequence[PageKind]) -> None:
        """Show the pages."""
        super().__init__()
        self.setObjectName("pageRail")
        self.setAccessibleName("Pages")
        self.setFixedWidth(WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._pages = len(kinds)
        self._titles = {kind.key: kind.title for kind in kinds}
        for kind in kinds:
            item = QListWidgetItem(kind.title)
            item.setData(_KEY, kind.key)
            item.setToolTip(f"{kind.title} ({kind.keys})")
            self._add(item)
        self.currentItemChanged.connect(self._tell)

    def show_servers(self, servers: Sequence[OpenServer]) -> None:
        """Show these as open, as they are now; tells nothing."""
        self.blockSignals(True)
        while self.count() > self._pages + len(servers):
            self.takeItem(self.count() - 1)
        while self.count() < self._pages + len(servers):
            self._add(QListWidgetItem())
        for place, server in enumerate(servers, self._pages):
            item, name = self.item(place), inert(server.name)
            item.setData(_KEY, server.id)
            item.setText(f"{server.shape}  {name}")
            item.setToolTip(short_tip(f"{name}: {server.word}"))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}: {server.word}")
            item.setForeground(QBrush() if server.colour is None else QBrush(server.colour))
        self.blockSignals(False)

    def show_waiting(self, key: str, count: int, worst: Verdict | None, look: Look) -> None:
        """Show beside a page how many of its things wait for a person, and how bad the worst is."""
        for row in range(self._pages):
            item = self.item(row)
            if item.data(_KEY) != key:
                continue
            title = self._titles[key]
            mark = f"   {look.shapes[worst]} {count:,}" if worst is not None else ""
            told = (
                f"{title}: {count:,} wait for a person, the worst {worst.value}" if worst else title
            )
            self.blockSignals(True)
            item.setText(f"{title}{mark}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
            item.setForeground(QBrush() if worst is None else QBrush(look.colours[worst]))
            self.blockSignals(False)

    def mark(self, key: str | int) -> None:
        """Mark the page of this key, or the server of this id, as shown; tells nothing."""
        rows = (row for row in range(self.count()) if self.item(row).data(_KEY) == key)
        self.blockSignals(True)
        self.setCurrentRow(next(rows, -1))
        self.blockSignals(False)

    def _add(self, item: QListWidgetItem) -> None:
        """Say how high it is: a list laid out before its style sheet holds knows no padding."""
        item.setSizeHint(QSize(0, self.fontMetrics().height() + _ROOM))
        self.addItem(item)

    def _tell(self, item: QListWidgetItem | None) -> None:
        key = None if item is None else item.data(_KEY)
        if isinstance(key, int):
            self.server_chosen.emit(key)
        elif key is not None:
            self.page_chosen.emit(key)
