"""The pages of the window: which are open, which is shown, and the way back.

GUI thread only. A page is made when it is first shown; the pages of the rail then stay, and of the
servers the last `KEPT_SERVERS` that were looked at.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.page import PageKind
from noc_console.fleet.server import Server

KEPT_SERVERS = 8
_KEPT_STEPS = 50

Key = str | int
"""A page's key, or a server's id."""


class PageStack(QObject):
    """Shows pages in a stacked widget of its own."""

    shown = Signal(object)
    """The `Key` of the page now shown."""
    servers_changed = Signal()
    """Other servers have their page open."""

    def __init__(
        self,
        context: DeskContext,
        kinds: Sequence[PageKind],
        make_server_page: Callable[[DeskContext, int], QWidget],
        widget: QStackedWidget,
    ) -> None:
        """Show nothing yet."""
        super().__init__(widget)
        self._context = context
        self._kinds = {kind.key: kind for kind in kinds}
        self._make_server_page = make_server_page
        self._widget = widget
        self._pages: dict[Key, QWidget] = {}
        self._rooms: dict[Key, QScrollArea] = {}
        self._looked_at: list[int] = []
        self._steps: list[Key] = []
        self._place = -1
        self.open_servers: list[int] = []
        """In the order in which they were opened."""
        context.live.fleet_changed.connect(self._drop_deleted)

    @property
    def current(self) -> Key | None:
        """The key of the page now shown; None before the first."""
        return self._steps[self._place] if self._place >= 0 else None

    def page(self, key: Key) -> QWidget | None:
        """Give a page that was made."""
        return self._pages.get(key)

    def open(self, key: Key) -> None:
        """Show a page; a key that leads nowhere, such as a deleted server's, does nothing."""
        if not self._show(key) or key == self.current:
            return
        self._steps = [*self._steps[: self._place + 1], key][-_KEPT_STEPS:]
        self._place = len(self._steps) - 1
        self.shown.emit(key)

    def step(self, by: int) -> None:
        """Go back (-1) or forward (1) among the pages shown before, past those that are gone."""
        place = self._place + by
        while 0 <= place < len(self._steps):
            if self._show(self._steps[place]):
                self._place = place
                self.shown.emit(self._steps[place])
                return
            place += by

    def close_server(self, server_id: int) -> None:
        """Close a server's page; if it was shown, the first page of the rail is."""
        if server_id not in self.open_servers:
            return
        self.open_servers.remove(server_id)
        self._looked_at.remove(server_id)
        if self.current == server_id:
            self.open(next(iter(self._kinds)))
        del self._pages[server_id]
        room = self._rooms.pop(server_id)
        self._widget.removeWidget(room)
        room.deleteLater()
        self.servers_changed.emit()

    def _show(self, key: Key) -> bool:
        page = self._pages.get(key) or self._make(key)
        if page is None:
            return False
        self._widget.setCurrentWidget(self._rooms[key])
        page.setFocus()
        if isinstance(key, int):
            self._look_at(key)
        return True

    def _make(self, key: Key) -> QWidget | None:
        if isinstance(key, int):
            if key not in self._context.live.by_id:
                return None
            page = self._make_server_page(self._context, key)
        elif key in self._kinds:
            page = self._kinds[key].make(self._context)
        else:
            return None
        self._pages[key] = page
        self._rooms[key] = _room_for(page, self._widget)
        return page

    def _look_at(self, server_id: int) -> None:
        is_new = server_id not in self.open_servers
        if is_new:
            self.open_servers.append(server_id)
        else:
            self._looked_at.remove(server_id)
        self._looked_at.append(server_id)
        if len(self._looked_at) > KEPT_SERVERS:
            self.close_server(self._looked_at[0])
        elif is_new:
            self.servers_changed.emit()

    def _drop_deleted(self, servers: Sequence[Server]) -> None:
        living = {server.id for server in servers}
        for server_id in [one for one in self.open_servers if one not in living]:
            self.close_server(server_id)


def _room_for(page: QWidget, stack: QStackedWidget) -> QScrollArea:
    """Let a page scroll that needs more room than a small or enlarged screen has.

    The page comes last: whatever gets another parent is laid out and styled anew.
    """
    room = QScrollArea()
    room.setWidgetResizable(True)
    room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    stack.addWidget(room)
    holder = _Holder(page)
    room.setWidget(holder)
    page.setParent(holder)
    page.setGeometry(holder.rect())
    page.show()
    return room


class _Holder(QWidget):
    """Fills itself with a page, and asks for no more than the page must have.

    Left alone, a scroll area gives a page whose lines wrap the height it would like, not needs.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        self.setFocusProxy(page)

    def minimumSizeHint(self) -> QSize:
        return self._page.minimumSizeHint().expandedTo(self._page.minimumSize())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._page.setGeometry(self.rect())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # the page needs another size
            self.updateGeometry()
        return super().event(event)
