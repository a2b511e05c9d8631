"""The page of what goes out: outbox, contacts, channels, templates, promises. GUI thread only."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from noc_console.desk.channels.channels_panel import ChannelsPanel
from noc_console.desk.contacts.contacts_panel import ContactsPanel
from noc_console.desk.context import DeskContext
from noc_console.desk.notice_ledger.ledger_window import LedgerWindow
from noc_console.desk.notice_ledger.opening import open_ledger
from noc_console.desk.notice_templates.templates_panel import TemplatesPanel
from noc_console.desk.outbox.outbox_panel import OutboxPanel
from noc_console.desk.promises.promises_panel import PromisesPanel
from noc_console.desk.widgets.in_slices import InSlices

_OUTBOX = "Outbox"


class SendingPage(QWidget):
    """Tabs; Ctrl+Page Up and Ctrl+Page Down lead through them."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show the outbox."""
        super().__init__()
        self._context = context
        self.setAccessibleName("Sending")
        self.outbox = OutboxPanel(context, now)
        self.contacts = ContactsPanel(context, now)
        self.channels = ChannelsPanel(context, now)
        self.templates = TemplatesPanel(context)
        self.promises = PromisesPanel(context, now)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.outbox, _OUTBOX)
        self.outbox.needs_told.connect(self._show_needs)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 6, 12, 4)
        box.addWidget(self.tabs)
        for keys, words, by in (
            ("Ctrl+PgDown", "Go to the next tab", 1),
            ("Ctrl+PgUp", "Go to the tab before", -1),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, lambda by=by: self._step(by))
            shortcut.setWhatsThis(words)
        self.setFocusProxy(self.outbox)
        self.tabs.currentChanged.connect(lambda _: self._follow_tab())
        self._other_tabs = InSlices(
            self,
            (
                partial(self.tabs.addTab, self.contacts, "Contacts"),
                partial(self.tabs.addTab, self.channels, "Channels"),
                partial(self.tabs.addTab, self.templates, "Templates"),
                partial(self.tabs.addTab, self.promises, "Promises"),
            ),
        )

    @property
    def is_settled(self) -> bool:
        """Whether every tab is there."""
        return self._other_tabs.are_done

    def show_tab(self, name: str) -> None:
        """Show the tab of a name, such as `channels`."""
        self._other_tabs.finish()
        for place in range(self.tabs.count()):
            if self.tabs.tabText(place).casefold().startswith(name.casefold()):
                self.tabs.setCurrentIndex(place)

    def show_ledger(self, notice_id: int) -> LedgerWindow:
        """Show all that befell a notice."""
        return open_ledger(self._context, notice_id, self)

    def _show_needs(self, count: int) -> None:
        words = f"{_OUTBOX} ({count:,} need you)" if count else _OUTBOX
        self.tabs.setTabText(self.tabs.indexOf(self.outbox), words)

    def _follow_tab(self) -> None:
        """Let the shown tab hear the keys, unless arrow keys lead through the tabs themselves."""
        shown = self.tabs.currentWidget()
        self.setFocusProxy(shown)
        if self.isVisible() and not self.tabs.tabBar().hasFocus():
            shown.setFocus()

    def _step(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())
